#!/usr/bin/env bash
# Draws the pictures of docs/studio.md: what the test of the page sees in headless Chromium.
set -euo pipefail
cd "$(dirname "$0")"
pictures=$(mktemp -d)
trap 'rm -r "$pictures"' EXIT
RTCNN_STUDIO_PICTURES="$pictures" dotnet test ../../tests/RealtimeCnn.Tests -c Release --nologo --filter "FullyQualifiedName~StudioPage"
mv "$pictures/studio-find.png" "$pictures/studio-inside.png" .
