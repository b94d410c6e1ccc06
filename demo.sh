#!/usr/bin/env bash
# Sets up, builds and starts the demo. All arguments go to it; ./demo.sh --help lists them.
set -euo pipefail
root="$(cd "$(dirname "$0")" && pwd)"

"$root/setup.sh"
echo "Building the demo; the first time this takes a minute or two." >&2
dotnet build "$root/demo/RealtimeCnn.Demo" -c Release -v quiet --nologo -clp:NoSummary >&2
exec dotnet "$root/artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll" "$@"
