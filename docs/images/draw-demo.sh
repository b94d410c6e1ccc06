#!/usr/bin/env bash
# Draws the pictures of docs/demo.md with the demo itself, from scripts and without a window.
set -euo pipefail
cd "$(dirname "$0")"
demo() { dotnet ../../artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll --window none --backend "${backend:-cpu}" "$@"; }
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
script '1 scene dilation' '4 shot demo-dilation.png' '4.1 scene pooling' '4.2 key z' '7 shot demo-pooling.png' \
    '7.1 scene shift' '7.2 key s' '8.5 shot demo-shift.png' '8.6 scene count' '11 shot demo-count.png' '11.1 scene loupe' '15.1 move 150 250' '15.2 shot demo-loupe.png' '15.2 quit'
demo --source pattern:640x360 --mode explore --script "$steps"
script '1 key e' '2 key e' '12 move 700 190' '13 shot demo-doctor.png' '13 quit'
backend=gpu demo --source numbers --mode doctor --model digit-finder --script "$steps"
