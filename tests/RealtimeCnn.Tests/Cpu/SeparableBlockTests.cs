using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>The fused blocks of separable convolutions beside their parts, whose bits they compute.</summary>
public class SeparableBlockTests
{
    private const string Separable = "separable", Inverted = "inverted residual", Pair = "separable pair";

    /// <summary>Channels in, wide and out, height and width, extent of the window, its step, images.</summary>
    private static readonly (int Channels, int Wide, int Outputs, int Height, int Width, int Extent, int Step, int Images)[] Shapes =
    [
        (16, 96, 24, 40, 37, 3, 2, 1),
        (24, 144, 24, 29, 31, 3, 1, 1),
        (5, 19, 7, 33, 9, 5, 1, 3),
        (17, 33, 40, 21, 64, 5, 2, 2),
        (8, 16, 8, 1, 50, 3, 1, 1),
        (8, 48, 16, 7, 6, 7, 1, 2),
        (3, 16, 16, 10, 10, 2, 3, 1),
    ];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string block in new[] { Separable, Inverted, Pair })
            {
                for (int shape = 0; shape < Shapes.Length; shape++)
                    data.Add(block, shape);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void It_computes_the_bits_of_its_parts_on_any_number_of_threads(string block, int shape)
    {
        var (channels, wide, outputs, height, width, extent, step, images) = Shapes[shape];
        using var graph = Block(block, channels, wide, outputs, new Shape(images, channels, height, width), extent, step, Activation.HardSwish);
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] parts = Run(graph, input, 1, null);
        foreach (int threads in new[] { 1, 2, 5 })
            Assert.Equal(parts, Run(graph, input, threads, block));
    }

    [Theory]
    [InlineData(Separable, float.NaN)]
    [InlineData(Inverted, float.NaN)]
    [InlineData(Inverted, float.PositiveInfinity)]
    [InlineData(Pair, float.NaN)]
    public void A_weight_of_the_last_window_that_is_not_finite_shows_where_its_element_exists(string block, float special)
    {
        using var graph = Block(block, 8, 32, 8, new Shape(1, 8, 19, 20), 3, 1, Activation.Relu6);
        using (var edit = graph.Nodes.Last(node => node.Layer is DepthwiseConv2d).Parameters[0].Edit())
            edit.Values[9 * 5] = special;
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] actual = Run(graph, input, 2, block);
        Assert.Equal(Run(graph, input, 1, null), actual);
        Assert.Contains(actual, value => !float.IsFinite(value));
        Assert.Contains(actual, float.IsFinite);
    }

    [Fact]
    public void An_infinite_weight_of_the_first_window_meets_no_zero_over_the_edge()
    {
        using var graph = Block(Pair, 8, 32, 8, new Shape(1, 8, 19, 20), 3, 1, Activation.Relu6);
        using (var edit = graph.Nodes.First(node => node.Layer is DepthwiseConv2d).Parameters[0].Edit())
            edit.Values[9 * 5] = float.PositiveInfinity;
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] actual = Run(graph, input, 2, Pair);
        Assert.Equal(Run(graph, input, 1, null), actual);
        Assert.DoesNotContain(actual, float.IsNaN);
    }

    [Fact]
    public void An_inverted_residual_is_taken_where_the_wide_value_is_large_and_only_the_block_reads_it()
    {
        AssertTakes(Block(Inverted, 16, 96, 24, new Shape(1, 16, 112, 112), 3, 2, Activation.Relu6), Inverted);
        AssertTakes(Block(Inverted, 64, 384, 64, new Shape(1, 64, 14, 14), 3, 1, Activation.Relu6), Separable);
        AssertTakes(Block(Inverted, 16, 96, 24, new Shape(1, 16, 112, 112), 3, 2, Activation.Relu6, isWideRead: true), Separable);
    }

    [Fact]
    public void A_pair_is_taken_where_the_value_between_is_large_and_else_each_for_itself()
    {
        AssertTakes(Block(Pair, 32, 64, 128, new Shape(1, 32, 112, 112), 3, 2, Activation.Relu), Pair);
        AssertTakes(Block(Pair, 128, 128, 256, new Shape(1, 128, 56, 56), 3, 2, Activation.Relu), Separable, Separable);
        AssertTakes(Block(Pair, 32, 64, 128, new Shape(1, 32, 112, 112), 3, 2, Activation.Relu, isWideRead: true), Separable, Separable);
    }

    [Fact]
    public void A_separable_convolution_is_two_steps_where_its_weights_are_more_than_the_values_between()
    {
        AssertTakes(Block(Separable, 256, 0, 256, new Shape(1, 256, 28, 28), 3, 1, Activation.Relu), Separable);
        AssertTakes(Block(Separable, 512, 0, 512, new Shape(1, 512, 14, 14), 3, 1, Activation.Relu));
    }

    private static Graph Block(string block, int channels, int wide, int outputs, Shape input, int extent, int step, Activation activation, bool isWideRead = false)
    {
        var builder = new GraphBuilder(seed: 11);
        var x = builder.Input("x", input);
        var (value, values) = (x, channels);
        if (block == Pair)
            value = builder.Add(new DepthwiseConv2d(channels, extent) { Padding = extent / 2, Activation = activation }, value);
        if (block != Separable)
            (value, values) = (builder.Add(new PointwiseConv2d(channels, wide) { Activation = activation }, value), wide);
        var expanded = value;
        value = builder.Add(new DepthwiseConv2d(values, extent) { Stride = step, Padding = extent / 2, Activation = activation }, value);
        value = channels == outputs && step == 1
            ? builder.Add(new PointwiseConv2d(values, outputs) { AddsResidual = true }, [value, x])
            : builder.Add(new PointwiseConv2d(values, outputs), value);
        return isWideRead ? builder.Build([value, expanded]) : builder.Build(value);
    }

    private static float[] Run(Graph graph, Tensor input, int threads, string? block)
    {
        using var network = new CpuNetwork(graph, Options(threads, block));
        string[] expected = block == null ? [] : [block];
        Assert.Equal(expected, Fused(network, input.Shape));
        return network.Run(input)[0].Span.ToArray();
    }

    private static void AssertTakes(Graph graph, params string[] blocks)
    {
        using (graph)
        {
            using var network = new CpuNetwork(graph, new NetworkOptions());
            Assert.Equal(blocks, Fused(network, graph.InputShapes[0]));
        }
    }

    /// <summary>The kernels of the steps that compute several nodes.</summary>
    private static string[] Fused(CpuNetwork network, Shape input) =>
        [.. Plan.Build(network.Graph, [input], network.PlanOptions).Steps.Where(step => step.Call.Nodes.Count > 1).Select(step => step.Kernel.Name)];

    private static NetworkOptions Options(int threads, string? block) => new()
    {
        Threads = threads, Sharing = SharingRule.Finest, Optimize = false,
        Kernels = new KernelTable(CpuKernels.Backend, CpuKernels.Block, [.. CpuKernels.Table.Entries.Where(kernel => kernel.Block == null || kernel.Name == block)])
            .Forcing(block == null ? [] : [$"ConvolutionLayer/{block}"]),
    };
}
