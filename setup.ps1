# Brings a Windows machine to where the project builds, tests and runs: checks the .NET SDK and the programs and libraries
# that cameras and photographs need, and asks the NuGet feed for the optional packages. Installs nothing by itself.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Say([string] $text) { Write-Host "setup: $text" }
function Test-Library([string] $name) {
    [bool] ($env:PATH -split ';' | Where-Object { $_ -and (Test-Path (Join-Path $_ $name)) } | Select-Object -First 1)
}

$version = if (Get-Command dotnet -ErrorAction SilentlyContinue) { dotnet --version 2>$null } else { $null }
if (-not $version -or [int] $version.Split('.')[0] -lt 10) {
    Say 'the .NET SDK 10 is missing: winget install Microsoft.DotNet.SDK.10, then run this again.'
    exit 1
}

if (-not $env:RTCNN_FFMPEG -and -not (Get-Command ffmpeg -ErrorAction SilentlyContinue)) {
    Say 'cameras and videos need FFmpeg: winget install Gyan.FFmpeg'
}
if (-not (Test-Library 'turbojpeg.dll')) {
    Say 'photographs in JPEG need turbojpeg.dll on PATH: winget install libjpeg-turbo.libjpeg-turbo.VC'
}

& "$PSScriptRoot/eng/probe-feed.ps1"
