using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Kernels;

/// <summary>A plan takes what was measured for a call, and the first kernel that fits for all others.</summary>
public sealed class KernelChoiceTests
{
    private static readonly Shape Small = new(1, 16, 5, 5), Large = new(1, 16, 30, 30);

    [Fact]
    public void What_was_measured_for_a_layer_and_a_shape_is_taken_there_alone()
    {
        using var graph = Net();
        var free = new PlanOptions(CpuKernels.Table);
        var first = Convolution(graph, Small, free);
        var chosen = free with { Choice = Choose(first.Call, "plain") };
        Assert.NotEqual("plain", first.Kernel.Name);
        Assert.Equal("plain", Convolution(graph, Small, chosen).Kernel.Name);
        Assert.Equal(first.Kernel.Name, Convolution(graph, Large, chosen).Kernel.Name);
    }

    [Fact]
    public void A_network_runs_with_it()
    {
        using var graph = Net();
        using var input = new Tensor(Small);
        input.Span.Fill(0.5f);
        using var free = new CpuNetwork(graph, new NetworkOptions { Optimize = false });
        using var chosen = new CpuNetwork(graph, new NetworkOptions { Optimize = false, Choice = Choose(Convolution(graph, Small, free.PlanOptions).Call, "plain") });
        Assert.Equal("plain", Convolution(graph, Small, chosen.PlanOptions).Kernel.Name);
        float[] expected = free.Run(input)[0].Span.ToArray(), actual = chosen.Run(input)[0].Span.ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_choice_that_computes_the_call_no_more_is_an_error_that_names_those_that_do()
    {
        using var graph = Net();
        var free = new PlanOptions(CpuKernels.Table);
        var call = Convolution(graph, Small, free).Call;
        var error = Assert.Throws<KeyNotFoundException>(() => Convolution(graph, Small, free with { Choice = Choose(call, "of another version") }));
        Assert.Contains("'of another version'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Conv2d", error.Message, StringComparison.Ordinal);
        Assert.Contains("plain", error.Message, StringComparison.Ordinal);
    }

    private static Graph Net()
    {
        var builder = new GraphBuilder(seed: 1);
        return builder.Build(builder.Add(new Conv2d(16, 16, 3), builder.Input("x", Small), name: "conv"));
    }

    private static KernelChoice Choose(LayerCall call, string name) =>
        new(new Dictionary<string, string> { [KernelChoice.Key(CpuKernels.Table, call)] = name });

    private static PlanStep Convolution(Graph graph, Shape shape, PlanOptions options) =>
        Plan.Build(graph, [shape], options).Steps.First(step => step.Call.Layer is Conv2d);
}
