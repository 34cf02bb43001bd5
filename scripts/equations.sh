#!/usr/bin/env bash
# Draws templates/equations/*.svg from their TeX sources; brings MathJax into a private folder first.
set -euo pipefail
cd "$(dirname "$0")/.."

mathjax=.reportgen/mathjax
version=3.2.2
for program in node npm; do
  command -v "$program" >/dev/null || { echo "equations: needs $program (Node.js 18 or newer)" >&2; exit 5; }
done
if ! grep -qs "\"version\": \"$version\"" "$mathjax/node_modules/mathjax-full/package.json"; then
  mkdir -p "$mathjax"
  npm install --prefix "$mathjax" --no-save --no-audit --no-fund "mathjax-full@$version"
fi
NODE_PATH="$mathjax/node_modules" exec node templates/equations/render.mjs
