using System.Diagnostics;
using System.Text.RegularExpressions;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Docs;

/// <summary>What the scripts at the root do before they build.</summary>
public sealed class ScriptTests
{
    [Theory]
    [InlineData("/proc/none")]
    [InlineData("")]
    public void Without_a_usable_home_dotnet_gets_one_of_the_projects_own(string home) =>
        Assert.EndsWith("/artifacts/home 10", Run($"export HOME='{home}'; unset DOTNET_CLI_HOME; . eng/dotnet-home.sh; version=$(dotnet --version); echo \"$DOTNET_CLI_HOME ${{version%%.*}}\""), StringComparison.Ordinal);

    [Fact]
    public void A_usable_home_stays() =>
        Assert.Equal("/tmp none", Run("export HOME=/tmp; unset DOTNET_CLI_HOME; . eng/dotnet-home.sh; echo \"$HOME ${DOTNET_CLI_HOME:-none}\""));

    [Fact]
    public void Without_node_the_comparison_says_what_to_install() =>
        Assert.Equal(
            "1 peers: node is missing: install Node.js 20 or newer with npm (https://nodejs.org, or 'apt-get install nodejs npm' on Debian and Ubuntu) and run this again.",
            Run("tools=$(mktemp -d); ln -s \"$(command -v dirname)\" \"$tools\"; code=0; said=$(PATH=\"$tools\" \"$BASH\" bench/peers.sh 2>&1) || code=$?; rm -r \"$tools\"; echo \"$code $said\""));

    [Fact]
    public void The_comparison_asks_for_networks_that_there_are()
    {
        string list = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "bench/peers/compare.mjs")), @"const catalogue = \[(?<names>[^]]*)\]").Groups["names"].Value;
        string[] names = [.. Regex.Matches(list, "'([^']+)'").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(ModelCatalog.Contains(name), $"There is no network '{name}'."));
    }

    private static string Run(string script)
    {
        var start = new ProcessStartInfo("bash", ["-euc", script]) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output.Trim();
    }
}
