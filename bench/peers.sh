#!/usr/bin/env bash
# RealtimeCnn beside ONNX Runtime on this machine: installs the peer (npm's onnxruntime-node) under artifacts/, builds rtcnn, runs
# both in turns, and writes a table of ratios as Markdown. How to read it: docs/benchmarks.md.
#
#   bench/peers.sh [--rounds N] [--seconds S] [--threads 1,2] [--output FILE.md] [MODEL ...]
#
# A MODEL is a name of `rtcnn bench --help` or an .onnx file; the classic networks when none is given.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$here/eng/dotnet-home.sh"
peer=$here/artifacts/peers version=1.30.0

say() { printf 'peers: %s\n' "$*" >&2; }

for tool in node npm; do
  if ! command -v "$tool" >/dev/null; then
    say "$tool is missing: install Node.js 20 or newer with npm (https://nodejs.org, or 'apt-get install nodejs npm' on Debian and Ubuntu) and run this again."
    exit 1
  fi
done
if ! command -v dotnet >/dev/null; then
  say "the .NET SDK 10 is missing: run ./setup.sh, which says how to get it."
  exit 1
fi

if ! grep -qs "\"version\": \"$version\"" "$peer/node_modules/onnxruntime-node/package.json"; then
  say "installing onnxruntime-node $version"
  mkdir -p "$peer"
  # Its install script fetches what only other execution providers need.
  npm install --prefix "$peer" "onnxruntime-node@$version" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
fi
dotnet build "$here/src/RealtimeCnn.Cli" -c Release -v quiet --nologo -clp:ErrorsOnly >&2

rtcnn=$here/artifacts/bin/RealtimeCnn.Cli/release/rtcnn
exec node "$here/bench/peers/compare.mjs" --rtcnn "$rtcnn" --peer "$peer" "$@"
