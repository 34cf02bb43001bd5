#!/usr/bin/env bash
# Runs the tests on a machine where nothing was installed by hand. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/machine.sh

bring_uv
bring_libraries
bring_test_programs
exec uv run pytest "$@"
