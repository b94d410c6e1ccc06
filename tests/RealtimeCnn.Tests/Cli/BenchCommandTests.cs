using System.Text.Json;
using RealtimeCnn.Cli.Measuring;

namespace RealtimeCnn.Tests.Cli;

/// <summary>What <c>rtcnn bench</c> says about steps and numbers of threads.</summary>
[Collection(OpenGL.GlTests.Name)]
public sealed class BenchCommandTests
{
    private static readonly string[] Once = ["--runs", "1", "--warmup", "0"];

    [Fact]
    public void Layers_are_a_line_each_with_a_column_for_each_number_of_threads()
    {
        var (code, text, error) = CommandLineTests.Run(["bench", "lenet5", "--layers", "--threads", "1,2", .. Once]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("cpu, 1 thread\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("cpu, 2 threads\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Matches("peak +[0-9.]+ GFLOP/s, multiply-adds on registers, 2 threads", text);
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        string header = Assert.Single(lines, line => line.StartsWith("step ", StringComparison.Ordinal));
        Assert.Matches("output +kernel +why +ms, 1 thread +GFLOP/s +GB/s +share +ms, 2 threads +GFLOP/s +GB/s +share$", header);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^logits +1×10 +Linear/plain +(only one|best of [0-9]) +([0-9.]+ +){4}% +([0-9.]+ +){4}%$"));
        Assert.Contains(lines, line => line.StartsWith("sum ", StringComparison.Ordinal) && line.EndsWith("100.0 %", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_table_is_no_wider_than_a_terminal_and_who_asks_reads_what_was_passed_over(string backend)
    {
        string[] options = ["bench", "mobilenetv2-tiny", "--backend", backend, "--threads", "1", .. Once];
        string[] table = Steps(CommandLineTests.Run([.. options, "--layers"]).Output), told = Steps(CommandLineTests.Run([.. options, "--reasons"]).Output);
        Assert.All(table, line => Assert.InRange(line.Length, 1, 120));
        Assert.Contains(table, line => line.Contains('…', StringComparison.Ordinal));
        Assert.All(table[1..^1], line => Assert.Matches(@" (only one|best of [0-9]+|[0-9]+ in one)  ", line));
        string[] passed = [.. told.Where(line => line.StartsWith("  before it: ", StringComparison.Ordinal))];
        Assert.NotEmpty(passed);
        Assert.All(passed, line => Assert.Matches("(would not pay|does not fit|found no block|has no block to itself)$", line));
        Assert.Contains(told, line => line.Contains(": ConvolutionLayer/", StringComparison.Ordinal));
        Assert.DoesNotContain(table, line => line.StartsWith(' '));

        static string[] Steps(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).SkipWhile(line => !line.StartsWith("step ", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("cpu", "Linear/plain", 84 * 10)]
    [InlineData("gpu", "Linear/chain", (400 * 120) + (120 * 84) + (84 * 10))]
    public void Layers_in_JSON_have_what_the_table_has(string backend, string kernel, long macs)
    {
        using var json = JsonDocument.Parse(CommandLineTests.Run(["bench", "lenet5", "--layers", "--json", "--backend", backend, .. Once]).Output);
        Assert.Equal(backend == "cpu", json.RootElement.TryGetProperty("peakGflops", out _));
        var layers = json.RootElement.GetProperty("layers").EnumerateArray().ToList();
        var logits = layers[^1];
        Assert.Equal("logits", logits.GetProperty("nodes").EnumerateArray().Last().GetString());
        Assert.Equal(backend, logits.GetProperty("backend").GetString());
        Assert.Equal(kernel, logits.GetProperty("kernel").GetString());
        Assert.Equal(macs, logits.GetProperty("macs").GetInt64());
        Assert.All(layers, layer => Assert.Equal(JsonValueKind.Array, layer.GetProperty("passedOver").ValueKind));
        Assert.All(layers, layer => Assert.True(layer.GetProperty("dispatches").GetInt32() >= 1));
        Assert.InRange(json.RootElement.GetProperty("longestSliceMs").GetDouble(), 0, json.RootElement.GetProperty("firstRunMs").GetDouble());
        Assert.Equal(backend == "gpu", json.RootElement.TryGetProperty("programsCompiled", out var compiled) && compiled.GetInt32() > 0);
        Assert.All(layers, layer => Assert.Equal(layer.GetProperty("macs").GetInt64() > 0, layer.GetProperty("gflops").ValueKind == JsonValueKind.Number));
        // Weights, biases and the values at both ends, padded to whole blocks of channels.
        Assert.InRange(logits.GetProperty("bytes").GetInt64(), 4 * macs, 4 * (macs + 800));
        Assert.Equal(1, layers.Sum(layer => layer.GetProperty("share").GetDouble()), 1e-9);
    }

    [Fact]
    public void Several_numbers_of_threads_are_an_array_in_JSON_and_layers_only_where_asked_for()
    {
        using var json = JsonDocument.Parse(CommandLineTests.Run(["bench", "lenet5", "--threads", "2,1", "--json", .. Once]).Output);
        Assert.Equal([2, 1], json.RootElement.EnumerateArray().Select(report => report.GetProperty("threads").GetInt32()));
        Assert.All(json.RootElement.EnumerateArray(), report => Assert.False(report.TryGetProperty("layers", out _)));
    }

    [Theory]
    [InlineData("--threads '0' is not possible; it is a whole number from 1 to 1024", "--threads", "0")]
    [InlineData("--threads '-1'", "--threads", "-1")]
    [InlineData("--threads '9999999999'", "--threads", "1,9999999999")]
    [InlineData("--threads 'two'", "--threads", "1,two")]
    [InlineData("--threads ''", "--threads", "1,")]
    [InlineData("--threads '2,2' names a number twice", "--threads", "2,2")]
    [InlineData("'all' is no command or option of rtcnn bench", "--layers", "all")]
    [InlineData("'--layer' is no command or option of rtcnn bench", "--layer")]
    [InlineData("--warmup '-1'", "--warmup", "-1")]
    [InlineData("--runs '0'", "--runs", "0")]
    public void What_cannot_be_is_one_line(string mention, params string[] options)
    {
        var (code, output, error) = CommandLineTests.Run(["bench", "lenet5", .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(mention, error, StringComparison.Ordinal);
        CommandLineTests.AssertOneLine(error);
    }

    [Fact]
    public void The_least_of_several_runs_counts_and_what_could_not_be_timed_is_left_out()
    {
        var steps = BenchStep.LeastOf([Run(3, double.NaN, double.NaN), Run(1, 4, double.NaN), Run(2, 3, double.NaN)]);
        Assert.Equal([1, 3, null], steps.Select(step => step.MinMs));
        Assert.Equal([0.25, 0.75, null], steps.Select(step => step.Share));
        // A million multiply-accumulates in a millisecond are two thousand million operations a second.
        Assert.Equal([2, 2.0 / 3, null], steps.Select(step => step.Gflops));
        Assert.Equal([1, 1.0 / 3, null], steps.Select(step => step.GigabytesPerSecond));
    }

    private static StepTime[] Run(params double[] milliseconds) => [.. milliseconds.Select(duration => new StepTime
    {
        Nodes = ["a"],
        Backend = "gpu",
        Kernel = "Conv2d/plain",
        Reason = "forced",
        Output = new Shape(1),
        MultiplyAccumulates = 1_000_000,
        Bytes = 1_000_000,
        Dispatches = 1,
        Milliseconds = duration,
    })];
}
