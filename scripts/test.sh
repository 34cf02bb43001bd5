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
# The tests of a file share what they make, so they stay together; tests/conftest.py says which files begin.
exec uv run pytest --numprocesses logical --dist loadfile --no-loadscope-reorder
