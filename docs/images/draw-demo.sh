#!/usr/bin/env bash
# Draws the pictures of docs/demo.md with the demo itself, from scripts and without a window.
set -euo pipefail
cd "$(dirname "$0")"
demo() { dotnet ../../artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll --window none --backend cpu "$@"; }
script() { printf '%s\n' "$@" > "$steps"; }
steps=$(mktemp)
trap 'rm -f "$steps"' EXIT

dotnet build ../../demo/RealtimeCnn.Demo -c Release -v quiet --nologo -clp:NoSummary
demo --source pattern:640x360 --mode draw --script demo.script
script '9 key t' '300f shot demo-find.png' '10 quit'
demo --source numbers --mode find --script "$steps"
script '10 shot demo-signs.png' '10 quit'
demo --source digits --mode signs --script "$steps"
script '10 shot demo-model.png' '10 quit'
demo --source digits --mode model --script "$steps"
script '2 click 290 200' '2.1 move 640 710' '300f shot demo-wall.png' '10.1 key z' '11 shot demo-wall-map.png' '11 quit'
demo --source digits --mode wall --script "$steps"
script '404f key space' '450f shot demo-why.png' '451f key g' '500f shot demo-why-occlusion.png' '500f quit'
demo --source digits --mode why --script "$steps"
