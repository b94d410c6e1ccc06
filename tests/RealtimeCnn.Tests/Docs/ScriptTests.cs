using System.Diagnostics;

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
