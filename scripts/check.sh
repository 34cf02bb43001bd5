#!/usr/bin/env bash
# Everything that must hold before a commit: style, types, tests. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/machine.sh

bring_uv
uv sync --quiet
uv run --no-sync ruff check .
uv run --no-sync ruff format --check .
uv run --no-sync mypy
exec scripts/test.sh "$@"
