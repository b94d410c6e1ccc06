#!/usr/bin/env bash
# Our trainer beside PyTorch on this machine: builds the benchmarks, runs steps of both in turns, and writes a table as Markdown.
# How to read it: docs/benchmarks.md.
#
#   bench/training.sh [--rounds N] [--seconds S] [--threads 1,2] [--output FILE.md] [NETWORK ...]
#
# PyTorch 1.13 is Debian's python3-torch, which is installed where apt-get is there and may, with OpenBLAS, because its linear layers are
# several times slower with the reference BLAS; another PyTorch with RTCNN_PYTHON=python.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$here/eng/dotnet-home.sh"

say() { printf 'training: %s\n' "$*" >&2; }

if ! command -v dotnet >/dev/null; then
  say "the .NET SDK 10 is missing: run ./setup.sh, which says how to get it."
  exit 1
fi
python=${RTCNN_PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  if [ -z "${RTCNN_PYTHON:-}" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "installing python3-torch and libopenblas0-openmp"
    apt-get update -q >&2 && apt-get install -y -q --no-install-recommends python3-torch libopenblas0-openmp >&2
  fi
  if ! "$python" -c 'import torch' 2>/dev/null; then
    say "$python has no PyTorch: install it ('sudo apt-get install python3-torch libopenblas0-openmp' on Debian 12) or name a Python that has it, RTCNN_PYTHON=python3, and run this again."
    exit 1
  fi
fi
dotnet build "$here/bench/RealtimeCnn.Benchmarks" -c Release -v quiet --nologo -clp:ErrorsOnly >&2

exec "$python" "$here/bench/training/compare.py" --benchmarks "$here/artifacts/bin/RealtimeCnn.Benchmarks/release/RealtimeCnn.Benchmarks" --python "$python" "$@"
