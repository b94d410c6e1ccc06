#!/usr/bin/env bash
# All that can be said of a graphics device in one go: whether its drivers compute what they should, what a network takes on it, and what
# other kernels would gain. One folder of results, packed to be sent. In which order and why: docs/gpu.md.
#
#   bench/device.sh [--quick] [--output DIR] [--conformance DIR] [--programs DIR] [MODEL ...]
#   bench/device.sh --pack RID DIR      programs for a device without .NET (linux-x64, linux-arm64, …), and this script beside them
#
# --quick takes one case of each shader and few runs: minutes, also on software OpenGL. A MODEL is a name of `rtcnn bench --help` or an .onnx file.
# --conformance is a folder of ONNX's backend tests. Without --programs, and but for a pack, it builds what it runs. Exit 1 where a check fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'device: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 2
}

# Self-contained, so that the device needs no .NET.
pack() {
  [ $# = 2 ] || fail "--pack takes a runtime identifier, such as linux-arm64, and a folder."
  local root="$here/.." project
  . "$root/eng/dotnet-home.sh"
  for project in src/RealtimeCnn.Cli bench/RealtimeCnn.Benchmarks; do
    dotnet publish "$root/$project" -c Release -r "$1" --self-contained -o "$2/$(basename "$project")" -v quiet --nologo -clp:ErrorsOnly >&2
  done
  cp "$here/device.sh" "$2/"
  say "on the device: $2/device.sh"
}

quick='' output="device-$(hostname)-$(date +%Y%m%d-%H%M)" conformance='' programs='' models=()
while [ $# -gt 0 ]; do
  case "$1" in
    --pack) shift; pack "$@"; exit ;;
    --quick) quick=--quick ;;
    --output | --conformance | --programs)
      [ $# -gt 1 ] || fail "$1 needs a folder."
      declare "${1#--}=$2"
      shift
      ;;
    -*) fail "'$1' is no option; the first lines of this script say which there are." ;;
    *) models+=("$1") ;;
  esac
  shift
done
[ ${#models[@]} -gt 0 ] || models=(mobilenetv2 resnet18 lenet5)
runs=50
[ -z "$quick" ] || runs=5

if [ -z "$programs" ] && [ -x "$here/RealtimeCnn.Cli/rtcnn" ]; then
  programs=$here
elif [ -z "$programs" ]; then
  command -v dotnet >/dev/null || fail "dotnet is missing. On a machine that has it: bench/device.sh --pack RID DIR, and bring DIR here."
  . "$here/../eng/dotnet-home.sh"
  for project in src/RealtimeCnn.Cli bench/RealtimeCnn.Benchmarks; do
    dotnet build "$here/../$project" -c Release -v quiet --nologo -clp:ErrorsOnly >&2
  done
  programs=$here/../artifacts/bin
  suffix=/release
fi
rtcnn=$programs/RealtimeCnn.Cli${suffix:-}/rtcnn
benchmarks=$programs/RealtimeCnn.Benchmarks${suffix:-}/RealtimeCnn.Benchmarks
for program in "$rtcnn" "$benchmarks"; do
  [ -x "$program" ] || fail "there is no program '$program'."
done

mkdir -p "$output"
output=$(cd "$output" && pwd)
# Compiled programs and measured choices of this run alone; the user's stay as they are.
export RTCNN_CACHE=$output/cache
rm -rf "$RTCNN_CACHE"
failed=0

# step NAME COMMAND...: runs it into NAME.txt, goes on whatever comes of it, and says so.
step() {
  local name=$1 code=0 began=$SECONDS
  shift
  "$@" >"$output/$name.txt" 2>&1 || code=$?
  [ "$code" = 0 ] || failed=1
  printf '%-28s %s, %d s\n' "$name" "$([ "$code" = 0 ] && echo fine || echo "exit code $code: $(tail -n 1 "$output/$name.txt")")" $((SECONDS - began)) | tee -a "$output/summary.txt"
}

# Neither the engine's cache nor the drivers' own.
cold() { MESA_SHADER_CACHE_DISABLE=true MESA_GLSL_CACHE_DISABLE=true __GL_SHADER_DISK_CACHE=0 "$rtcnn" bench "$1" --backend gpu --layers --no-cache --runs "$runs"; }

: >"$output/summary.txt"
there=''
for gl in desktop es; do
  step "info-$gl" "$rtcnn" info --gl "$gl"
  # Boards have OpenGL ES alone, some drivers the desktop's.
  if grep -q '^opengl: none' "$output/info-$gl.txt"; then
    echo "selftest-$gl: there is no such OpenGL" | tee -a "$output/summary.txt"
    continue
  fi
  there=yes
  step "selftest-$gl" "$rtcnn" selftest --gl "$gl" $quick --output "$output/selftest-$gl.json"
done
[ -n "$there" ] || fail "there is no OpenGL with compute shaders here: $(sed -n 's/^opengl: //p' "$output/info-es.txt")"
[ -z "$conformance" ] || step conformance "$rtcnn" conformance "$conformance" --backend gpu
for model in "${models[@]}"; do
  name=$(basename "$model" .onnx)
  step "$name-verify" "$rtcnn" verify "$model"
  step "$name-cold" cold "$model"
  step "$name-first" "$rtcnn" bench "$model" --backend gpu --layers --runs "$runs"
  step "$name-warm" "$rtcnn" bench "$model" --backend gpu --reasons --runs "$runs"
  step "$name-cpu" "$rtcnn" bench "$model" --backend cpu --layers --runs "$runs"
  step "$name-halves" "$rtcnn" bench "$model" --backend gpu --halves all --layers --runs "$runs"
  step "$name-tune" "$rtcnn" tune "$model"
  step "$name-tuned" "$rtcnn" bench "$model" --backend gpu --layers --runs "$runs"
done
step frames "$benchmarks" frames --gpu --runs "$runs"

rm -rf "$RTCNN_CACHE"
tar -czf "$output.tar.gz" -C "$(dirname "$output")" "$(basename "$output")"
say "send $output.tar.gz"
[ "$failed" = 0 ]
