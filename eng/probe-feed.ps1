# What eng/probe-feed.sh does, on Windows: asks the configured NuGet feed whether it has the optional packages of the
# adapters, Emgu.CV and Silk.NET, and keeps the answer in Feed.props. Asks again when Directory.Packages.props is newer,
# or with -Again.
param([switch] $Again)
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')

function Get-Time([string] $path) { (Get-Item $path).LastWriteTimeUtc }
if (-not $Again -and (Test-Path Feed.props) `
        -and (Get-Time Feed.props) -gt (Get-Time Directory.Packages.props) -and (Get-Time Feed.props) -gt (Get-Time $PSCommandPath)) {
    exit 0
}

# Restores a project that has the packages, in the versions of Directory.Packages.props.
# Any other failure than "no such package" is no answer, and none is kept.
function Test-Feed([string[]] $packages) {
    $folder = 'artifacts/feed-probe'
    New-Item -ItemType Directory -Force $folder | Out-Null
    $references = $packages | ForEach-Object { "<PackageReference Include=`"$_`" />" }
    Set-Content "$folder/FeedProbe.csproj" "<Project Sdk=`"Microsoft.NET.Sdk`"><ItemGroup>$references</ItemGroup></Project>"
    $log = dotnet restore "$folder/FeedProbe.csproj" -v quiet 2>&1 | Out-String
    $restored = $LASTEXITCODE -eq 0
    Remove-Item -Recurse -Force $folder
    if ($restored) { return $true }
    if ($log -match 'NU110[0-3]') { return $false }
    Write-Host "setup: the NuGet feed did not answer, so the optional packages are not known; the build goes on without them:"
    Write-Host ($log -split "`n" | Where-Object { $_ -match 'error' } | Select-Object -First 1)
    exit 0
}

$emgu = (Test-Feed 'Emgu.CV', 'Emgu.CV.runtime.windows').ToString().ToLowerInvariant()
$silk = (Test-Feed 'Silk.NET.OpenGL', 'Silk.NET.Windowing', 'Silk.NET.Input').ToString().ToLowerInvariant()

Set-Content Feed.props @"
<Project>
  <!-- Written by eng/probe-feed: which optional packages this machine's feed has. -->
  <PropertyGroup>
    <UseEmguCv Condition="'`$(UseEmguCv)' == ''">$emgu</UseEmguCv>
    <UseSilkNet Condition="'`$(UseSilkNet)' == ''">$silk</UseSilkNet>
  </PropertyGroup>
</Project>
"@
function Get-Word([string] $found, [string] $else) { if ($found -eq 'true') { 'on the feed, built in' } else { "not on the feed, $else instead" } }
Write-Host "setup: Emgu.CV is $(Get-Word $emgu 'FFmpeg'); Silk.NET is $(Get-Word $silk 'GLFW')."
