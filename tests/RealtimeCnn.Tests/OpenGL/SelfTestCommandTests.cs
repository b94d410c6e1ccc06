using System.Text.Json;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Cli;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary><c>rtcnn selftest</c> on the driver of this machine, in contexts of its own.</summary>
public sealed class SelfTestCommandTests
{
    [Fact]
    public void This_driver_passes_in_every_read_path_and_the_report_says_so()
    {
        string file = Path.Combine(Path.GetTempPath(), $"rtcnn-selftest-{Environment.ProcessId}.json");
        try
        {
            var (code, output, error) = CommandLineTests.Run("selftest", "--quick", "--output", file);
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
            Assert.Equal(["buffer", "texels", "image"], reports.Select(report => report.GetProperty("device").GetProperty("readPath").GetString()));
            Assert.All(reports, report => Assert.NotEqual("", report.GetProperty("device").GetProperty("renderer").GetString()));
            string[] forms = [.. FormsOf(reports[0])];
            Assert.True(forms.Length > 100, $"{forms.Length} forms of shaders took part.");
            Assert.Equal(forms.Length, FormsOf(reports[1]).Count());
            Assert.InRange(reports[0].GetProperty("checks").GetArrayLength(), forms.Length / 4, SelfTest.Cases.Count / 2);
            int all = reports.Sum(report => report.GetProperty("checks").GetArrayLength());
            Assert.EndsWith($"{all} checks: {all} pass, 0 fail", output.TrimEnd(), StringComparison.Ordinal);

            var checks = reports[1].GetProperty("checks").EnumerateArray().ToArray();
            Assert.All(checks, check => Assert.True(check.GetProperty("passed").GetBoolean()));
            Assert.Contains(checks, check => check.GetProperty("name").GetString()!.EndsWith(" by ConvolutionLayer/plain", StringComparison.Ordinal));
            var conv = checks.First(check => check.GetProperty("layer").GetString() == "Conv2d" && Forms(check).Contains("layers/to_blocked.comp"));
            Assert.Matches(@"^\[\d+, \d+, \d+, \d+\]$", conv.GetProperty("shape").GetString());
            var difference = conv.GetProperty("difference");
            Assert.InRange(difference.GetProperty("relativeL2").GetDouble(), 0, 5e-6);
            Assert.Equal(4, difference.GetProperty("at").GetArrayLength());
            Assert.True(conv.GetProperty("compileMilliseconds").GetDouble() > 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> FormsOf(JsonElement report) => report.GetProperty("checks").EnumerateArray().SelectMany(Forms).Distinct();

    private static IEnumerable<string> Forms(JsonElement check) => check.GetProperty("shaders").EnumerateArray().Select(shader => shader.GetString()!);
}
