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
    public void A_table_is_no_wider_than_a_terminal_however_long_names_are(string backend)
    {
        string[] nodes = [.. new[] { "first", "middle", "last" }.Select(name => $"/features/features.17/{name}/Conv_output_0")];
        var step = new BenchStep(nodes, backend, "ConvolutionLayer/inverted residual", "best of 12", [1, 1280, 112, 112], 123_456_789_012, 1_234_567_890, 1, 12345.6789, 1)
        {
            PassedOver = ["winograd 4×4 would not pay", "row tile does not fit"],
        };
        var report = new BenchReport
        {
            Backend = backend, Threads = 1, Runs = 1, MedianMs = 1, MinMs = 1, P95Ms = 1, CpuMs = 1, MinCpuMs = 1, FirstRunMs = 1, LongestSliceMs = 1, Inputs = [[1, 3, 224, 224]], PeakBytes = 1, GpuNodes = 3, CpuNodes = 0, CpuOps = [],
            Layers = [step],
        };
        string[] table = Steps(reasons: false), told = Steps(reasons: true);
        Assert.Equal(3, table.Length);
        Assert.All(table, line => Assert.InRange(line.Length, 1, 120));
        Assert.Matches(@"^/features[^ ]*…[^ ]*_output_0 +1×1280×112×112 +…/inverted residual +best of 12 ", table[1]);
        Assert.Equal([table[0], table[1], $"  {string.Join(" + ", nodes)}: ConvolutionLayer/inverted residual", "  before it: winograd 4×4 would not pay, row tile does not fit", table[2]], told);

        string[] Steps(bool reasons)
        {
            using var text = new StringWriter();
            BenchTable.Write([report], reasons, text);
            return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).SkipWhile(line => !line.StartsWith("step ", StringComparison.Ordinal))];
        }
    }

    [Fact]
    public void Who_asks_reads_why_each_kernel_was_taken()
    {
        string text = CommandLineTests.Run(["bench", "lenet5", "--backend", "gpu", "--reasons", .. Once]).Output;
        Assert.Matches("  .+ \\+ .+: (Max|Average)Pool2d/behind convolution", text);
        Assert.Matches(" 3 in one ", text);
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
