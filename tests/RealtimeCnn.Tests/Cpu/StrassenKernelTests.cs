using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Strassen's products beside their twin, the tile kernel, where cases with oracles would take too long or say too little.</summary>
public class StrassenKernelTests
{
    private const string Alone = "strassen", Behind = "separable strassen";

    /// <summary>The kernel, channels in and out, height and width of the output, images, the depthwise convolution's step, whether a residual is added and a window reads the output.</summary>
    public static TheoryData<string, int, int, int, int, int, int, bool> Pictures => new()
    {
        { Alone, 512, 512, 14, 14, 1, 1, false },
        { Alone, 96, 160, 7, 7, 3, 1, true },
        { Alone, 64, 32, 31, 30, 1, 1, true },
        { Alone, 32, 64, 1, 1, 2, 1, false },
        { Behind, 512, 512, 14, 14, 1, 1, false },
        { Behind, 64, 96, 7, 7, 2, 2, true },
        { Behind, 32, 64, 19, 90, 1, 1, true },
        { Behind, 96, 32, 3, 128, 1, 1, false },
    };

    /// <summary>What stands in the middle of the input or of the weights.</summary>
    public static TheoryData<string, float> Specials
    {
        get
        {
            var data = new TheoryData<string, float>();
            foreach (string kernel in new[] { Alone, Behind })
            {
                foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f })
                    data.Add(kernel, special);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void It_computes_what_its_twin_computes_on_any_number_of_threads(string kernel, int channels, int outputs, int height, int width, int images, int step, bool hasMore)
    {
        using var graph = Convolution(kernel, channels, outputs, new Shape(images, channels, height * step, width * step), step, hasMore);
        using var input = Noise.Of(graph.InputShapes[0]);
        float[] alone = Run(graph, input, 1, kernel);
        Assert.Equal(alone, Run(graph, input, 2, kernel));
        Assert.Equal(alone, Run(graph, input, 5, kernel));
        using var expected = new Tensor(new Shape(alone.Length), Run(graph, input, 1, null));
        using var actual = new Tensor(expected.Shape, alone);
        Closeness.Assert(DoubleTensor.Of(expected), actual, StrassenKernel.Tolerance, kernel);
    }

    /// <summary>Strips where a sum might not be finite have the bits of the twin, and others no trace of it.</summary>
    [Theory]
    [MemberData(nameof(Specials))]
    public void An_input_that_is_not_finite_or_huge_shows_where_a_window_sees_it(string kernel, float special)
    {
        using var graph = Convolution(kernel, 64, 32, new Shape(1, 64, 20, 20), 1, hasMore: false);
        using var input = Noise.Of(graph.InputShapes[0]);
        input.Span[(400 * 37) + (15 * 20) + 7] = special;
        float[] expected = Run(graph, input, 1, null), actual = Run(graph, input, 2, kernel);
        for (int i = 0; i < expected.Length; i++)
        {
            bool alike = Math.Abs(expected[i]) < 1e30f ? Math.Abs(expected[i] - actual[i]) <= 1e-4f : expected[i].Equals(actual[i]);
            Assert.True(alike, $"With {special}, element {i} is {actual[i]} instead of {expected[i]}.");
        }

        Assert.Contains(expected, value => !(Math.Abs(value) < 1e30f));
    }

    [Theory]
    [MemberData(nameof(Specials))]
    public void A_weight_that_is_not_finite_or_huge_gives_the_bits_of_the_twin(string kernel, float special)
    {
        using var graph = Convolution(kernel, 64, 32, new Shape(1, 64, 20, 20), 1, hasMore: false);
        using (var edit = graph.Nodes[^1].Parameters[0].Edit())
            edit.Values[(64 * 5) + 40] = special;
        using var input = Noise.Of(graph.InputShapes[0]);
        Assert.Equal(Run(graph, input, 1, null), Run(graph, input, 2, kernel));
    }

    [Theory]
    [InlineData(512, 512, 14, Alone)]
    [InlineData(1024, 512, 14, Alone)]
    [InlineData(1024, 1024, 7, "tile")]
    [InlineData(256, 256, 28, "tile")]
    public void It_is_taken_where_many_channels_meet_many_pixels(int channels, int outputs, int side, string kernel)
    {
        using var graph = Convolution(Alone, channels, outputs, new Shape(1, channels, side, side), 1, hasMore: false);
        using var network = new CpuNetwork(graph);
        Assert.Contains(kernel, Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.Name));
    }

    private static Graph Convolution(string kernel, int channels, int outputs, Shape input, int step, bool hasMore)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = builder.Input("x", input);
        var value = kernel == Behind ? builder.Add(new DepthwiseConv2d(channels, 3) { Stride = step, Padding = 1, Activation = Activation.Relu }, x) : x;
        if (!hasMore)
            return builder.Build(builder.Add(new PointwiseConv2d(channels, outputs), value));
        var other = builder.Add(new PointwiseConv2d(channels, outputs) { Stride = step }, x);
        var product = builder.Add(new PointwiseConv2d(channels, outputs) { AddsResidual = true, Activation = Activation.HardSwish }, [value, other]);
        return builder.Build(builder.Add(new Conv2d(outputs, 3, 3) { Padding = 1 }, product));
    }

    /// <summary>With the kernel wherever it fits, or with neither of the two.</summary>
    private static float[] Run(Graph graph, Tensor input, int threads, string? kernel)
    {
        Kernel[] entries = [.. CpuKernels.Table.Entries.Where(entry => entry.Name == kernel || (entry.Block == null && entry.Name != Alone))];
        var table = new KernelTable(CpuKernels.Backend, CpuKernels.Block, entries) { Forced = [.. entries.Where(entry => entry.Name == kernel)] };
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest, Optimize = false, Kernels = table });
        if (kernel != null)
            Assert.Contains(kernel, Plan.Build(network.Graph, [input.Shape], network.PlanOptions).Steps.Select(step => step.Kernel.Name));
        return network.Run(input)[0].Span.ToArray();
    }
}
