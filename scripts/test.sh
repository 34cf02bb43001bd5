#!/usr/bin/env bash
# Runs the tests on a machine where nothing was installed by hand. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/machine.sh

bring_uv
bring_libraries
bring_test_programs
if [ "$#" -gt 0 ]; then
  exec uv run pytest "$@"
fi
# Tests that start kernels have all cores to themselves; the others share them.
status=0
uv run pytest -m "not kernel" --numprocesses logical --dist loadfile || status=$?
uv run pytest -m kernel || status=$?
exit "$status"
