#!/usr/bin/env bash
# Brings a machine to where the project builds, tests and runs: checks the .NET SDK and installs the native libraries
# that are missing (with apt where there is apt). Does nothing, quickly, when all is there.
set -euo pipefail
cd "$(dirname "$0")"
. eng/dotnet-home.sh

say() { printf 'setup: %s\n' "$*" >&2; }

PATH="$PATH:/usr/sbin:/sbin" # where Debian keeps ldconfig; not on every user's path
has_library() { [[ "$(ldconfig -p)" == *$'\t'"$1 "* ]]; }
has_lavapipe() { compgen -G '/usr/share/vulkan/icd.d/lvp_icd*.json' >/dev/null; }
has_mesa_driver() { compgen -G '/usr/lib*/dri/*_dri.so' >/dev/null || compgen -G '/usr/lib/*/dri/*_dri.so' >/dev/null; }
# Where apt has been updated and has no such package (Ubuntu's is a snap), there is nothing to install.
has_browser() {
  command -v chromium-headless-shell || command -v chromium || command -v google-chrome ||
    { compgen -G '/var/lib/apt/lists/*Packages*' && ! apt-cache show chromium-headless-shell; }
}

# What is needed | how to see that it is there | Debian package.
needs=(
  "EGL, for OpenGL without a window|has_library libEGL.so.1|libegl1"
  "Mesa's OpenGL drivers|has_mesa_driver|libgl1-mesa-dri"
  "GLFW, for the window|has_library libglfw.so.3|libglfw3"
  "Xvfb, for window tests without a display|command -v Xvfb|xvfb"
  "FFmpeg, for cameras and videos|command -v ffmpeg|ffmpeg"
  "TurboJPEG, for photographs and the studio's pictures|has_library libturbojpeg.so.0|libturbojpeg0"
  "lavapipe, the second driver of the GPU tests|has_lavapipe|mesa-vulkan-drivers"
  "glslang, the reference GLSL compiler, for shader tests|command -v glslangValidator|glslang-tools"
  "Chromium, for tests of the studio's page|has_browser|chromium-headless-shell"
)

check_dotnet() {
  if ! command -v dotnet >/dev/null; then
    say "the .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
    exit 1
  fi
  local version
  if ! version=$(dotnet --version 2>&1) && [[ "$version" != *"compatible .NET SDK was not found"* ]]; then
    say "dotnet cannot be used here: $(grep -m1 . <<<"$version")"
    exit 1
  fi
  if [[ ! "$version" =~ ^[0-9]+\. ]] || [ "${version%%.*}" -lt 10 ]; then
    say "global.json asks for the .NET SDK 10; installed: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -)."
    say "Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again."
    exit 1
  fi
}

check_libraries() {
  local need what test package missing=()
  for need in "${needs[@]}"; do
    IFS='|' read -r what test package <<<"$need"
    $test >/dev/null 2>&1 || { missing+=("$package"); say "missing: $what"; }
  done
  [ ${#missing[@]} -eq 0 ] && return

  local root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  if ! command -v apt-get >/dev/null; then
    say "no apt on this machine: install the equivalents of these Debian packages and run this again: ${missing[*]}"
    exit 1
  fi
  if [ ${#root[@]} -gt 0 ] && ! command -v sudo >/dev/null; then
    say "run as root, then run this again: apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  say "installing ${missing[*]}"
  "${root[@]}" apt-get update -qq >&2
  if has_browser >/dev/null 2>&1; then missing=($(printf '%s\n' "${missing[@]}" | grep -v '^chromium')) || return 0; fi
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

check_dotnet
case "$(uname -s)" in
  Linux) check_libraries ;;
  Darwin)
    command -v ffmpeg >/dev/null || say "cameras and videos need FFmpeg: brew install ffmpeg"
    say "macOS has no OpenGL compute shaders: networks run on the CPU path."
    ;;
esac

# Which optional packages the configured NuGet feed has; the answer is kept in Feed.props.
if [ -x eng/probe-feed.sh ]; then eng/probe-feed.sh >&2; fi
