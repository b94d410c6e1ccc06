#!/usr/bin/env bash
# Asks the configured NuGet feed whether it has the optional packages of the adapters, Emgu.CV and Silk.NET, and keeps
# the answer in Feed.props, which the build reads. Asks again when Directory.Packages.props is newer, or with --again.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != --again ] && [ Feed.props -nt Directory.Packages.props ] && [ Feed.props -nt eng/probe-feed.sh ]; then exit 0; fi

# Restores a project that has the packages, in the versions of Directory.Packages.props: has PACKAGE...
# Any other failure than "no such package" is no answer, and none is kept.
has() {
  local folder=artifacts/feed-probe package
  rm -rf "$folder" && mkdir -p "$folder"
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>'
    for package in "$@"; do echo "  <PackageReference Include=\"$package\" />"; done
    echo '</ItemGroup></Project>'
  } >"$folder/FeedProbe.csproj"
  if dotnet restore "$folder/FeedProbe.csproj" -v quiet >"$folder/restore.log" 2>&1; then return 0; fi
  if grep -qE 'NU110[0-3]' "$folder/restore.log"; then return 1; fi
  echo "setup: the NuGet feed did not answer, so the optional packages are not known; the build goes on without them:"
  grep -m1 -E 'error' "$folder/restore.log" || tail -1 "$folder/restore.log"
  exit 0
}

emgu_runtime() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo Emgu.CV.runtime.ubuntu-x64 ;;
    Darwin-*) echo Emgu.CV.runtime.macos ;;
    MINGW*-* | MSYS*-*) echo Emgu.CV.runtime.windows ;;
  esac
}

emgu=false silk=false
runtime=$(emgu_runtime)
if [ -n "$runtime" ] && has Emgu.CV "$runtime"; then emgu=true; fi
if has Silk.NET.OpenGL Silk.NET.Windowing Silk.NET.Input; then silk=true; fi
rm -rf artifacts/feed-probe

cat >Feed.props <<END
<Project>
  <!-- Written by eng/probe-feed: which optional packages this machine's feed has. -->
  <PropertyGroup>
    <UseEmguCv Condition="'\$(UseEmguCv)' == ''">$emgu</UseEmguCv>
    <UseSilkNet Condition="'\$(UseSilkNet)' == ''">$silk</UseSilkNet>
  </PropertyGroup>
</Project>
END
word() { if [ "$1" = true ]; then echo "on the feed, built in"; else echo "not on the feed, $2 instead"; fi; }
echo "setup: Emgu.CV is $(word $emgu FFmpeg); Silk.NET is $(word $silk GLFW)."
