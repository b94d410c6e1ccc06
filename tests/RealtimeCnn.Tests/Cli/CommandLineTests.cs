using System.Text.RegularExpressions;
using RealtimeCnn.Cli;

namespace RealtimeCnn.Tests.Cli;

/// <summary>What every command of <c>rtcnn</c> promises: results on standard output, one line per error, exit codes.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("'rtcnn --help'")]
    [InlineData("'sharpen'", "sharpen")]
    [InlineData("'rtcnn info --help'", "info", "--loudly")]
    [InlineData("'--loudly'", "--loudly")]
    public void Wrong_usage_is_one_line_and_exit_code_2(string mention, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(mention, error, StringComparison.Ordinal);
        AssertOneLine(error);
    }

    [Fact]
    public void Help_goes_to_standard_output_and_is_fine()
    {
        var (code, output, error) = Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("info", output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public void Info_names_the_processor_s_vectors_and_the_renderer()
    {
        var (code, output, error) = Run("info");
        Assert.Equal(0, code);
        Assert.Equal("", error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^[a-z ]+: .+$", line.TrimEnd('\r')));
        Assert.Contains(lines, line => line.StartsWith("cpu vectors: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("renderer: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("desktop", "^opengl: 4\\.")]
    [InlineData("es", "^opengl: ES 3\\.")]
    public void Which_OpenGL_is_asked_for_and_told(string api, string expected)
    {
        var (code, output, error) = Run("info", "--gl", api);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(output.Split('\n'), line => Regex.IsMatch(line, expected));
    }

    [Theory]
    [InlineData("software")]
    [InlineData("discrete")]
    public void Kernels_are_those_of_the_profile_that_is_asked_for(string kind)
    {
        var (code, output, error) = Run("info", "--profile", kind);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"kernels for: {kind} devices, ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench", "lenet5", "--runs", "1", "--warmup", "0", "--backend", "gpu", "--gl", "es", "--profile", "discrete")]
    [InlineData("verify", "lenet5", "--gl", "es")]
    public void A_network_runs_in_OpenGL_ES(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("gpu", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Auto_takes_a_real_GPU_and_else_says_in_one_line_why_not()
    {
        bool isReal = Run("info").Output.Contains("hardware: yes", StringComparison.Ordinal);
        var (code, output, error) = Run("bench", "lenet5", "--runs", "1", "--warmup", "0", "--backend", "auto");
        Assert.Equal(0, code);
        Assert.Matches(isReal ? "backend +gpu" : "backend +cpu", output);
        if (!isReal)
            Assert.Matches("^rtcnn: note: .+ Networks run on the CPU path.\r?\n$", error);
    }

    [Theory]
    [InlineData("--tolerance 'NaN'", "verify", "lenet5", "--tolerance", "NaN")]
    [InlineData("--tolerance 'small'", "verify", "lenet5", "--tolerance", "small")]
    [InlineData("--tolerance '0'", "verify", "lenet5", "--tolerance", "0")]
    [InlineData("--threads '100000'", "bench", "lenet5", "--threads", "100000")]
    [InlineData("--width '1e9'", "latency", "--width", "1e9")]
    [InlineData("--rate 'NaN'", "latency", "--rate", "NaN")]
    [InlineData("--kernel 'sobel-lef' is not possible; it is one of: identity, mean,", "filter", "--kernel", "sobel-lef", "--input", "a.jpg", "--output", "a.png")]
    [InlineData("--read-path 'x'", "selftest", "--read-path", "x")]
    [InlineData("is no file that could be written", "export", "lenet5", "--output", ".")]
    [InlineData("must end in .png", "explain", "presence", "--output", "a.gif")]
    [InlineData("no folder", "selftest", "--json", "no/such/folder/a.json")]
    [InlineData("There is no folder", "conformance", "no/such/folder")]
    [InlineData("There is no file 'no.onnx'", "infer", "no.onnx")]
    public void What_cannot_be_is_refused_before_any_work(string mention, params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(mention, error, StringComparison.Ordinal);
        AssertOneLine(error);
    }

    internal static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    internal static void AssertOneLine(string error)
    {
        Assert.StartsWith("rtcnn: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(character => character == '\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
