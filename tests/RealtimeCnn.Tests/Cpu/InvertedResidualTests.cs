using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>The fused block of mobile networks beside its three parts, whose bits it computes.</summary>
public class InvertedResidualTests
{
    private const string Fused = "ConvolutionLayer/inverted residual";

    /// <summary>Channels in, wide and out, height and width, extent of the window, its step, images.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int> Blocks => new()
    {
        { 16, 96, 24, 40, 37, 3, 2, 1 },
        { 24, 144, 24, 29, 31, 3, 1, 1 },
        { 5, 19, 7, 33, 9, 5, 1, 3 },
        { 17, 33, 40, 21, 64, 5, 2, 2 },
        { 8, 16, 8, 1, 50, 3, 1, 1 },
        { 8, 48, 16, 3, 2, 7, 1, 2 },
        { 3, 16, 16, 10, 10, 2, 3, 1 },
    };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void It_computes_the_bits_of_its_parts_on_any_number_of_threads(int channels, int wide, int outputs, int height, int width, int extent, int step, int images)
    {
        using var graph = Block(channels, wide, outputs, new Shape(images, channels, height, width), extent, step, Activation.HardSwish);
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] parts = Run(graph, input, 1, fused: false);
        foreach (int threads in new[] { 1, 2, 5 })
            Assert.Equal(parts, Run(graph, input, threads, fused: true));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_of_the_window_that_is_not_finite_shows_where_its_element_exists(float special)
    {
        using var graph = Block(8, 32, 8, new Shape(1, 8, 19, 20), 3, 1, Activation.Relu6);
        using (var edit = graph.Nodes.Single(node => node.Layer is DepthwiseConv2d).Parameters[0].Edit())
            edit.Values[9 * 5] = special;
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] actual = Run(graph, input, 2, fused: true);
        Assert.Equal(Run(graph, input, 1, fused: false), actual);
        Assert.Contains(actual, value => !float.IsFinite(value));
        Assert.Contains(actual, float.IsFinite);
    }

    [Fact]
    public void It_is_taken_where_the_wide_value_is_large_and_only_the_block_reads_it()
    {
        Assert.Contains(Fused, Kernels(Block(16, 96, 24, new Shape(1, 16, 112, 112), 3, 2, Activation.Relu6), forced: false));
        Assert.DoesNotContain(Fused, Kernels(Block(64, 384, 64, new Shape(1, 64, 14, 14), 3, 1, Activation.Relu6), forced: false));
        Assert.DoesNotContain(Fused, Kernels(Block(16, 96, 24, new Shape(1, 16, 112, 112), 3, 2, Activation.Relu6, isWideRead: true), forced: false));
    }

    private static Graph Block(int channels, int wide, int outputs, Shape input, int extent, int step, Activation activation, bool isWideRead = false)
    {
        var builder = new GraphBuilder(seed: 11);
        var x = builder.Input("x", input);
        var expanded = builder.Add(new PointwiseConv2d(channels, wide) { Activation = activation }, x);
        var filtered = builder.Add(new DepthwiseConv2d(wide, extent) { Stride = step, Padding = extent / 2, Activation = activation }, expanded);
        bool residual = channels == outputs && step == 1;
        var projected = residual
            ? builder.Add(new PointwiseConv2d(wide, outputs) { AddsResidual = true }, [filtered, x])
            : builder.Add(new PointwiseConv2d(wide, outputs), filtered);
        return isWideRead ? builder.Build([projected, expanded]) : builder.Build(projected);
    }

    private static float[] Run(Graph graph, Tensor input, int threads, bool fused)
    {
        using var network = new CpuNetwork(graph, Options(threads, fused));
        Assert.Equal(fused, Plan.Build(network.Graph, [input.Shape], network.PlanOptions).Steps.Any(step => step.Kernel.ToString() == Fused));
        return network.Run(input)[0].Span.ToArray();
    }

    private static string[] Kernels(Graph graph, bool forced)
    {
        using (graph)
        {
            using var network = new CpuNetwork(graph, forced ? Options(1, true) : new NetworkOptions());
            return [.. Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString())];
        }
    }

    private static NetworkOptions Options(int threads, bool fused) => new()
    {
        Threads = threads, Sharing = SharingRule.Finest, Optimize = false,
        Kernels = fused ? CpuKernels.Table.Forcing(Fused) : new KernelTable(CpuKernels.Backend, CpuKernels.Block, [.. CpuKernels.Table.Entries.Where(kernel => kernel.Block == null)]),
    };
}
