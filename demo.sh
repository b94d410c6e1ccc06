#!/usr/bin/env bash
# Sets up, builds and starts the demo. All arguments go to it; ./demo.sh --help lists them.
set -euo pipefail
root="$(cd "$(dirname "$0")" && pwd)"
. "$root/eng/dotnet-home.sh"

"$root/setup.sh"
program="$root/artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll"
verbosity=quiet
if [ ! -f "$program" ]; then
  echo "demo: building, which takes a minute or two the first time" >&2
  verbosity=minimal # A line for each project that is done.
fi
dotnet build "$root/demo/RealtimeCnn.Demo" -c Release -v $verbosity --nologo -clp:NoSummary >&2
exec dotnet "$program" "$@"
