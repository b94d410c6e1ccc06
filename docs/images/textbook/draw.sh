#!/usr/bin/env bash
# Draws the pictures of docs/textbook.md: every claim on the CPU, in 256 colours to keep the files small. Needs ffmpeg.
set -euo pipefail
cd "$(dirname "$0")"
project=../../../src/RealtimeCnn.Cli
dotnet build "$project" -c Release -v quiet --nologo -clp:NoSummary
rtcnn() { dotnet ../../../artifacts/bin/RealtimeCnn.Cli/release/rtcnn.dll "$@"; }

rtcnn explain | while read -r name _; do
  full=$(mktemp --suffix .png)
  rtcnn explain "$name" --output "$full" >/dev/null </dev/null
  ffmpeg -v error -nostdin -y -i "$full" -vf "split[a][b];[a]palettegen=max_colors=128:stats_mode=full[p];[b][p]paletteuse=dither=none" -compression_level 9 "$name.png"
  rm "$full"
done
