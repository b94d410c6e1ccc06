#!/usr/bin/env bash
# Sets up, builds everything with warnings as errors, and runs every test project. The last line sums them up:
# N passed, N failed, N skipped. A project that runs no test, or breaks off, counts as a failure.
set -euo pipefail
cd "$(dirname "$0")"
. eng/dotnet-home.sh

./setup.sh
dotnet build RealtimeCnn.sln -c Release -v quiet --nologo -clp:NoSummary

results=artifacts/test-results
rm -rf "$results"
passed=0 failed=0 skipped=0

# One number of the run's summary: counter FILE NAME.
counter() { sed -n "s/.*<Counters .*\b$2=\"\([0-9]*\)\".*/\1/p" "$1"; }

while IFS= read -r project; do
  name=$(basename "$project" .csproj)
  report="$results/$name.trx"
  code=0
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" || code=$?

  total=0 ran=0 good=0
  if [ -f "$report" ]; then
    total=$(counter "$report" total)
    ran=$(counter "$report" executed)
    good=$(counter "$report" passed)
  fi
  bad=$((ran - good))
  if [ "$ran" -eq 0 ]; then
    echo "$name: no test ran, which counts as a failure." >&2
    bad=1
  elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$name: the run broke off (exit code $code), which counts as a failure." >&2
    bad=1
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - ran))
done < <(grep -l 'Microsoft.NET.Test.Sdk' tests/*/*.csproj)

if [ $((passed + failed)) -eq 0 ]; then
  echo "There is no test project under tests/, which counts as a failure." >&2
  failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
