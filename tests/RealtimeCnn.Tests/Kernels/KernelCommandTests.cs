using System.CommandLine;
using RealtimeCnn.Benchmarks;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Kernels;

/// <summary>The benchmark of kernels stands on the list of cases: a layer that has cases is timed.</summary>
public class KernelCommandTests
{
    [Fact]
    public void Every_layer_of_the_list_is_timed_and_with_all_every_case()
    {
        Assert.Equal(Types(LayerCases.All), Types(KernelCommand.Cases([], all: false)));
        Assert.Equal(LayerCases.All.Concat(LayerCases.Realistic).Select(one => one.Id).Order(StringComparer.Ordinal), KernelCommand.Cases([], all: true).Select(one => one.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["Conv2d", "DepthwiseConv2d", "PointwiseConv2d"], Types(KernelCommand.Cases([nameof(ConvolutionLayer)], all: false)));
    }

    /// <summary>Whoever adds a realistic size sees it fail here, and not when somebody measures.</summary>
    [Fact]
    public void Every_realistic_size_is_one_that_a_kernel_computes()
    {
        Assert.InRange(LayerCases.Realistic.Count, 40, int.MaxValue);
        foreach (var one in LayerCases.Realistic.Where(one => one.Inputs.Sum(input => (long)input.Count) < 1 << 20 && one.Layer.Parameters.Sum(parameter => (long)parameter.Shape.Count) < 1 << 20))
        {
            using var run = new LayerRun(one);
            Assert.Single(run.Kernels(null), kernel => kernel.IsChosen);
        }
    }

    [Fact]
    public void A_row_for_each_kernel_says_what_it_takes()
    {
        var output = new StringWriter();
        int code = KernelCommand.Create().Parse(["Conv2d", "--all", "--case", "no bias", "--rounds", "1", "--milliseconds", "0"]).Invoke(new InvocationConfiguration { Output = output });
        string[] lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.Matches("^case +kernel +ms +GFLOP/s +GB/s +of plain$", lines[0]);
        Assert.Matches(@"^Conv2d: no bias +\S.* +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+( +chosen)?$", lines[1]);
        Assert.Matches(@"^plain +[0-9.]+ +[0-9.]+ +[0-9.]+ +1\.00( +chosen)?$", lines[^1]);
        Assert.Single(lines, line => line.EndsWith("chosen", StringComparison.Ordinal));
    }

    [Fact]
    public void One_kernel_is_measured_beside_the_plain_one()
    {
        var benchmark = new KernelBenchmark(null, 1, 1, TimeSpan.Zero);
        var one = LayerCases.Find("Conv2d: Winograd 4×4");
        string[] Names(string? only) => [.. benchmark.Measure(one, only).Select(time => time.Kernel)];
        Assert.Equal(["tile", "plain"], Names("tile"));
        Assert.Superset(new HashSet<string> { "winograd 4×4", "tile", "plain" }, Names(null).ToHashSet());
    }

    private static IEnumerable<string> Types(IEnumerable<LayerCase> cases) => cases.Select(one => one.Layer.GetType().Name).Distinct().Order(StringComparer.Ordinal);
}
