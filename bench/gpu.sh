#!/usr/bin/env bash
# Networks in OpenGL beside our CPU engine on this machine: builds rtcnn, runs both in turns, and writes a table as Markdown.
# How to read it: docs/benchmarks.md.
#
#   bench/gpu.sh [--rounds N] [--runs N] [--output FILE.md] [MODEL ...]
#
# A MODEL is a name of `rtcnn bench --help` or an .onnx file; the classic small networks when none is given. Needs Python 3.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$here/eng/dotnet-home.sh"

say() { printf 'gpu: %s\n' "$*" >&2; }

for tool in dotnet python3; do
  if ! command -v "$tool" >/dev/null; then
    say "$tool is missing: ./setup.sh says how to get it. Run this again then."
    exit 1
  fi
done
for project in src/RealtimeCnn.Cli bench/RealtimeCnn.Benchmarks; do
  dotnet build "$here/$project" -c Release -v quiet --nologo -clp:ErrorsOnly >&2
done

bin="$here/artifacts/bin"
exec python3 "$here/bench/gpu/compare.py" --rtcnn "$bin/RealtimeCnn.Cli/release/rtcnn" --benchmarks "$bin/RealtimeCnn.Benchmarks/release/RealtimeCnn.Benchmarks" "$@"
