using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>A depthwise convolution and the maximum behind it as one step, beside its two parts, whose bits it computes.</summary>
public class DepthwisePoolTests
{
    private const string Fused = "MaxPool2d/behind depthwise";

    /// <summary>Channels, height and width, extent and step of the convolution's window, extent, step, padding and dilation of the maximum's, images.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int, int> Pairs => new()
    {
        { 16, 40, 37, 3, 1, 2, 2, 0, 1, 1 },
        { 33, 160, 161, 3, 1, 2, 2, 0, 1, 1 },
        { 7, 33, 9, 5, 2, 3, 2, 1, 1, 3 },
        { 16, 19, 64, 3, 1, 3, 1, 1, 2, 2 },
        { 48, 9, 300, 3, 1, 2, 3, 1, 1, 1 },
        { 5, 6, 5, 3, 1, 5, 5, 2, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void It_computes_the_bits_of_its_parts_on_any_number_of_threads(
        int channels, int height, int width, int extent, int step, int window, int stride, int padding, int dilation, int images)
    {
        var shape = new Shape(images, channels, height, width);
        foreach (var activation in new[] { Activation.Relu6, Activation.HardSwish })
        {
            using var graph = Pair(shape, extent, step, activation, new MaxPool2d(window) { Stride = stride, Padding = padding, Dilation = dilation });
            using var input = Noise.Of(shape);
            float[] parts = Run(graph, input, 1, fused: false);
            foreach (int threads in new[] { 1, 2, 5 })
                Assert.Equal(parts, Run(graph, input, threads, fused: true));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_weight_of_the_window_that_is_not_finite_shows_where_its_element_exists(float special)
    {
        var shape = new Shape(1, 20, 18, 21);
        using var graph = Pair(shape, 3, 1, default, new MaxPool2d(2) { Stride = 2 });
        using (var edit = graph.Parameters[0].Edit())
            edit.Values[9 * 5] = edit.Values[(9 * 17) + 4] = special;
        using var input = Noise.Of(shape);
        Assert.Equal(Run(graph, input, 1, fused: false), Run(graph, input, 2, fused: true));
    }

    [Fact]
    public void It_is_taken_where_no_row_would_be_computed_twice_and_only_the_maximum_reads_it()
    {
        Assert.Contains(Fused, Kernels(new MaxPool2d(2) { Stride = 2 }));
        Assert.DoesNotContain(Fused, Kernels(new MaxPool2d(3) { Stride = 2 }));
        Assert.DoesNotContain(Fused, Kernels(new MaxPool2d(2) { Stride = 2, ReturnIndices = true }));
        Assert.DoesNotContain(Fused, Kernels(new MaxPool2d(2) { Stride = 2 }, isReadTwice: true));
    }

    private static Graph Pair(Shape input, int extent, int step, Activation activation, MaxPool2d pool, bool isReadTwice = false)
    {
        var builder = new GraphBuilder(seed: 12);
        var filtered = builder.Add(new DepthwiseConv2d(input.Channels, extent) { Stride = step, Padding = extent / 2, Activation = activation }, builder.Input("x", input));
        var pooled = builder.Add(pool, filtered);
        return isReadTwice ? builder.Build([pooled, filtered]) : builder.Build(pooled);
    }

    private static float[] Run(Graph graph, Tensor input, int threads, bool fused)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions
        {
            Threads = threads, Sharing = SharingRule.Finest, Optimize = false,
            Kernels = fused ? CpuKernels.Table.Forcing(Fused) : new KernelTable(CpuKernels.Backend, CpuKernels.Block, [.. CpuKernels.Table.Entries.Where(kernel => kernel.Block == null)]),
        });
        Assert.Equal(fused, Plan.Build(network.Graph, [input.Shape], network.PlanOptions).Steps.Any(step => step.Kernel.ToString() == Fused));
        return network.Run(input)[0].Span.ToArray();
    }

    private static string[] Kernels(MaxPool2d pool, bool isReadTwice = false)
    {
        using var graph = Pair(new Shape(1, 16, 20, 20), 3, 1, default, pool, isReadTwice);
        using var network = new CpuNetwork(graph);
        return [.. Plan.Build(network.Graph, [], network.PlanOptions).Steps.Select(step => step.Kernel.ToString())];
    }
}
