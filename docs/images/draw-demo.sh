#!/usr/bin/env bash
# Draws the pictures of docs/demo.md with the demo itself, on the test pattern. Two of them need keys pressed in a window:
# xvfb-run and xdotool.
set -euo pipefail
cd "$(dirname "$0")"
demo() { dotnet ../../artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll --source pattern:640x360 --pace every --backend gpu "$@"; }

# in_window NAME VIEW KEY…: presses the keys once the window is there.
in_window() {
  local name=$1 view=$2 run window
  shift 2
  demo --frames 60 --window glfw --view "$view" --screenshot "demo-$name.png" &
  run=$!
  window=$(timeout 30 xdotool search --sync --onlyvisible --name '^RealtimeCnn$' | head -1)
  xdotool windowfocus "$window"
  for key in "$@"; do xdotool key "$key" sleep 0.5; done
  wait $run
}

if [ "${1:-}" = --keys ]; then
  in_window help overview h
  in_window solo maps Right Return
  exit
fi

dotnet build ../../demo/RealtimeCnn.Demo -c Release -v quiet --nologo -clp:NoSummary
for view in overview filters kernel maps live; do
  demo --frames 40 --window none --view "$view" --screenshot "demo-$view.png"
done
dotnet ../../artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll --source digits --pace every --backend gpu --frames 200 --window none --screenshot demo-recognition.png
xvfb-run -a -s '-screen 0 1400x900x24' "$PWD/draw-demo.sh" --keys
