#!/usr/bin/env bash
# From a fresh machine to output/report.pdf: brings what is missing, says how long it takes, builds.
# DATA=embedded takes the small data sets that come with the packages, QUICK=1 trains briefly on few images.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/machine.sh

options=() # below, ${options[@]+...}: the bash of macOS calls an empty array unbound
case "${DATA:-}" in
  "") ;;
  embedded) options+=(--data embedded) ;;
  *) say "DATA=$DATA is unknown; the only value is DATA=embedded"; exit 2 ;;
esac
case "${QUICK:-}" in "" | 0) ;; *) options+=(--quick) ;; esac

if [ -d .venv ]; then
  packages="they are there" quiet=--quiet
else
  packages="the first time: a download of a few minutes, 2.6 GB on the disk" quiet=""
fi
say "make report will
  1  look for uv and for Pango, the library that draws the PDF, and install what is missing
  2  bring the Python packages of this project into .venv ($packages)
  3  say which runs are to do and how long they should take
  4  train the networks that are not in the store yet, one notebook each
  5  write the report to output/ (output/quick/ with QUICK=1)
It can be stopped at any time; finished runs are kept, and the next start goes on from there.
"
bring_uv
bring_libraries
uv sync --no-dev --inexact ${quiet:+"$quiet"}
# The program itself and not `uv run`, so that a signal to this script reaches it directly.
reportgen="${UV_PROJECT_ENVIRONMENT:-.venv}/bin/reportgen"
"$reportgen" plan ${options[@]+"${options[@]}"} experiments.toml
exec "$reportgen" build ${options[@]+"${options[@]}"} "$@" experiments.toml
