using System.Text.Json;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Cli;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary><c>rtcnn selftest</c> on the driver of this machine, in contexts of its own.</summary>
public sealed class SelfTestCommandTests
{
    [Fact]
    public void This_driver_passes_and_the_report_says_so() => WithReport(["--quick", "--read-path", "texels"], reports =>
    {
        string[] forms = [.. FormsOf(reports.Single())];
        Assert.True(forms.Length > 100, $"{forms.Length} forms of shaders took part.");
        var checks = reports[0].GetProperty("checks").EnumerateArray().ToArray();
        Assert.InRange(checks.Length, forms.Length / 4, SelfTest.Cases.Count * 2 / 3);
        Assert.Contains(checks, check => check.GetProperty("name").GetString()!.EndsWith(" by ConvolutionLayer/plain", StringComparison.Ordinal));
        var conv = checks.First(check => check.GetProperty("layer").GetString() == "Conv2d" && Forms(check).Contains("layers/to_blocked.comp"));
        Assert.Matches(@"^\[\d+, \d+, \d+, \d+\]$", conv.GetProperty("shape").GetString());
        var difference = conv.GetProperty("difference");
        Assert.InRange(difference.GetProperty("relativeL2").GetDouble(), 0, 5e-6);
        Assert.Equal(4, difference.GetProperty("at").GetArrayLength());
        Assert.True(conv.GetProperty("compileMilliseconds").GetDouble() > 0);
    });

    [Fact]
    public void What_is_asked_for_is_checked_in_every_read_path() => WithReport(["--only", "pOINTWISEconv2D: ", "--quick"], reports =>
    {
        Assert.Equal(["buffer", "texels", "image"], reports.Select(report => report.GetProperty("device").GetProperty("readPath").GetString()));
        string[][] forms = [.. reports.Select(report => FormsOf(report).ToArray())];
        Assert.All(forms, found => Assert.Equal(forms[0], found));
        Assert.Contains(forms[0], form => form.StartsWith("layers/pointwise_conv2d_tile.comp", StringComparison.Ordinal));
        Assert.All(reports.SelectMany(report => report.GetProperty("checks").EnumerateArray()), check => Assert.Equal("PointwiseConv2d", check.GetProperty("layer").GetString()));
    });

    [Fact]
    public void What_nothing_is_named_is_said()
    {
        var (code, _, error) = CommandLineTests.Run("selftest", "--only", "Conv7d");
        Assert.NotEqual(0, code);
        Assert.Contains("No check is named 'Conv7d'", error, StringComparison.Ordinal);
    }

    // Runs the command, which has to pass, and hands its reports on.
    private static void WithReport(string[] options, Action<JsonElement[]> look)
    {
        string file = Path.Combine(Path.GetTempPath(), $"rtcnn-selftest-{Guid.NewGuid():N}.json");
        try
        {
            var (code, output, error) = CommandLineTests.Run(["selftest", .. options, "--output", file]);
            Assert.True(code == 0, string.Join('\n', output.Split('\n').Where(line => line.StartsWith("FAIL", StringComparison.Ordinal))));
            Assert.Equal("", error);
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var machine = document.RootElement.GetProperty("machine");
            Assert.All(new[] { "runtime", "platform", "system" }, name => Assert.NotEqual("", machine.GetProperty(name).GetString()));
            Assert.True(machine.GetProperty("threads").GetInt32() > 0 && machine.GetProperty("vectors").GetArrayLength() > 0);
            var reports = document.RootElement.GetProperty("reports").EnumerateArray().ToArray();
            Assert.All(reports, report => Assert.Equal("software", report.GetProperty("profile").GetProperty("kind").GetString()));
            Assert.All(reports, report => Assert.Contains("GL_KHR_debug", report.GetProperty("extensions").EnumerateArray().Select(name => name.GetString())));
            Assert.All(reports, report => Assert.True(report.GetProperty("limits").GetProperty("groupInvocations").GetInt32() >= 1024));
            Assert.All(reports, report => Assert.NotEqual("", report.GetProperty("device").GetProperty("renderer").GetString()));
            var checks = reports.SelectMany(report => report.GetProperty("checks").EnumerateArray()).ToArray();
            Assert.All(checks, check => Assert.True(check.GetProperty("passed").GetBoolean()));
            Assert.EndsWith($"{checks.Length} checks: {checks.Length} pass, 0 fail", output.TrimEnd(), StringComparison.Ordinal);
            look(reports);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> FormsOf(JsonElement report) => report.GetProperty("checks").EnumerateArray().SelectMany(Forms).Distinct();

    private static IEnumerable<string> Forms(JsonElement check) => check.GetProperty("shaders").EnumerateArray().Select(shader => shader.GetString()!);
}
