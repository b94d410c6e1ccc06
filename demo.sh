#!/usr/bin/env bash
# Sets up, builds and starts the demo. All arguments go to it; ./demo.sh --help lists them. With --studio as the first, the demo is
# on a page of the browser's: what follows goes to rtcnn studio.
set -euo pipefail
root="$(cd "$(dirname "$0")" && pwd)"
. "$root/eng/dotnet-home.sh"

"$root/setup.sh"
project="$root/demo/RealtimeCnn.Demo" program="$root/artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll"
if [ "${1:-}" = --studio ]; then
  project="$root/src/RealtimeCnn.Cli" program="$root/artifacts/bin/RealtimeCnn.Cli/release/rtcnn.dll"
  set -- studio "${@:2}"
fi
verbosity=quiet
if [ ! -f "$program" ]; then
  echo "demo: building, which takes a minute or two the first time" >&2
  verbosity=minimal # A line for each project that is done.
fi
dotnet build "$project" -c Release -v $verbosity --nologo -clp:NoSummary >&2
exec dotnet "$program" "$@"
