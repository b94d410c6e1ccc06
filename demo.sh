#!/usr/bin/env bash
# Sets up, builds and starts the demo; where nothing has changed since it was built here, it starts at once. All arguments go to it;
# ./demo.sh --help lists them. With --studio as the first, the demo is on a page of the browser's: what follows goes to rtcnn studio.
set -euo pipefail
root="$(cd "$(dirname "$0")" && pwd)"
. "$root/eng/dotnet-home.sh"
project="$root/demo/RealtimeCnn.Demo" program="$root/artifacts/bin/RealtimeCnn.Demo/release/RealtimeCnn.Demo.dll" stamp="$root/artifacts/demo.built"
if [ "${1:-}" = --studio ]; then
  project="$root/src/RealtimeCnn.Cli" program="$root/artifacts/bin/RealtimeCnn.Cli/release/rtcnn.dll" stamp="$root/artifacts/studio.built"
  set -- studio "${@:2}"
fi

# The stamp is as old as the beginning of the last build that succeeded.
# Whether no file that the build reads, and no folder of such files, was changed, added, renamed or deleted since: the time of the last
# change counts, which no program sets back. Where find cannot tell, it is built.
is_built() {
  [ -f "$program" ] && [ -f "$stamp" ] && [ -f "$root/Feed.props" ] && command -v dotnet >/dev/null || return 1
  local newer
  newer=$(cd "$root" && find src demo shaders eng tests/stubs setup.sh global.json .editorconfig ./*.props ./*.targets -newercm "$stamp" -print 2>/dev/null) || return 1
  [ -z "$newer" ]
}

if ! is_built; then
  "$root/setup.sh"
  verbosity=quiet
  if [ ! -f "$program" ]; then
    echo "demo: building, which takes a minute or two the first time" >&2
    verbosity=minimal # A line for each project that is done.
  fi
  mkdir -p "$root/artifacts"
  touch "$stamp.began"
  dotnet build "$project" -c Release -v $verbosity --nologo -clp:NoSummary >&2
  mv "$stamp.began" "$stamp"
fi
exec dotnet "$program" "$@"
