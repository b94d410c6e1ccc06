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
script '9 key b' '300f shot demo-times.png' '10.2 quit'
demo --source numbers --mode find --pace realtime --script "$steps"
script '10 shot demo-signs.png' '10 quit'
demo --source digits --mode signs --script "$steps"
script '10 shot demo-model.png' '10 quit'
demo --source digits --mode model --script "$steps"
script '1 scene dilation' '4 shot demo-dilation.png' '4.1 scene pooling' '4.2 key z' '7 shot demo-pooling.png' \
    '7.1 scene shift' '7.2 key s' '8.5 shot demo-shift.png' '8.6 scene count' '11 shot demo-count.png' '11.1 scene loupe' '15.1 move 150 250' '15.2 shot demo-loupe.png' '15.2 quit'
demo --source pattern:640x360 --mode explore --script "$steps"
script '1 key e' '2 key e' '12 move 700 190' '13 shot demo-doctor.png' '13 quit'
backend=gpu demo --source numbers --mode doctor --model digit-finder --script "$steps"
# The board of the scene writes 0 to 9, each for 60 pictures.
script '0f hold n 40f' '62f hold 1 40f' '122f hold 2 40f' '182f hold 3 40f' '242f hold 4 40f' '800f shot demo-teach.png' '800f quit'
demo --source digits --mode teach --script "$steps"
script '2 click 290 200' '2.1 move 640 710' '300f shot demo-wall.png' '10.1 key z' '11 shot demo-wall-map.png' '11 quit'
demo --source digits --mode wall --script "$steps"
script '404f key space' '450f shot demo-why.png' '451f key n' '500f shot demo-why-occlusion.png' '500f quit'
demo --source digits --mode why --script "$steps"
# The animated picture of README.md.
script '0 mode draw' '0.2 drag 190 190 260 130 0.3' '0.55 drag 260 130 350 170 0.3' '0.9 drag 350 170 340 260 0.3' '1.25 drag 340 260 160 430 0.3' '1.6 drag 160 430 400 425 0.3' \
    '2.6 mode find' '3.6 key t' '4.8 mode wall' '5.2 wheel 420 250 3' '6 wheel 420 250 3' '7 move 640 712' '7.2 mode filters' '8.4 mode why' '9.9 clip demo.gif' '10.6 quit'
demo --source numbers --script "$steps"
