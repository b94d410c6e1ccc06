# Sourced by the scripts that call dotnet, which keeps files of its own in a home folder and refuses to start without one it can
# write to: then they lie in artifacts/home.
if [ -z "${DOTNET_CLI_HOME:-}" ] && ! { [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; }; then
  DOTNET_CLI_HOME="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/artifacts/home"
  mkdir -p "$DOTNET_CLI_HOME"
  export DOTNET_CLI_HOME
  # NuGet's packages too.
  export HOME="$DOTNET_CLI_HOME"
fi
