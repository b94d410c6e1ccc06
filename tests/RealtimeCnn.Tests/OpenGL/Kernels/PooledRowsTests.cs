using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>A convolution by tiles of a row and the pooling behind it as one dispatch: that it computes what two do, and where it is taken.</summary>
[Collection(GlTests.Name)]
public sealed class PooledRowsTests(GlFixture gl)
{
    private const string Joined = "behind row tile";
    private static readonly string[] Apart = ["MaxPool2d/plain", "AveragePool2d/plain", "ConvolutionLayer/plain"], Together = [$"MaxPool2d/{Joined}", $"AveragePool2d/{Joined}"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_convolution_and_pooling_computes_what_two_dispatches_compute(Shape input, Conv2d convolution, int window, int stride, Padding2d padding, bool ceil) => gl.Run(device =>
    {
        foreach (PoolingLayer pool in new PoolingLayer[] { new MaxPool2d(window), new AveragePool2d(window), new AveragePool2d(window) { CountIncludePad = true } })
        {
            foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
            {
                foreach (bool isBlocked in new[] { false, true })
                    Compare(device, kind, input, isBlocked, convolution, pool with { Stride = stride, Padding = padding, CeilMode = ceil });
            }
        }
    });

    public static TheoryData<Shape, Conv2d, int, int, Padding2d, bool> Shapes => new()
    {
        // Row-major pictures whose tiles begin at each place of a vec4, of one part and of several, and such as must be blocked.
        { new Shape(1, 3, 60, 64), new Conv2d(3, 9, 3) { Stride = 2 }, 3, 2, default, true },
        { new Shape(2, 3, 61, 44), new Conv2d(3, 8, 7) { Stride = 2, Padding = 3 }, 3, 2, 1, false },
        { new Shape(1, 4, 23, 68), new Conv2d(4, 5, 5) { Stride = 2, Padding = 2 }, 2, 2, default, false },
        { new Shape(1, 1, 41, 36), new Conv2d(1, 17, 3) { Stride = 2, Padding = 1, HasBias = false }, 2, 1, default, true },
        { new Shape(1, 2, 27, 63), new Conv2d(2, 6, 3) { Padding = 1 }, 3, 3, 1, true },
        { new Shape(3, 9, 18, 19), new Conv2d(9, 6, new Size2d(2, 5)) { Dilation = new Size2d(3, 1), Padding = 2 }, 2, 2, 1, true },
        { new Shape(1, 6, 7, 6), new Conv2d(6, 3, 3) { Padding = 1 }, 3, 2, 1, false },
        // Windows of one column, whose tiles have more channels.
        { new Shape(1, 3, 31, 36), new Conv2d(3, 10, 1), 3, 3, default, true },
        { new Shape(2, 18, 29, 27), new Conv2d(18, 35, 1), 3, 2, 1, false },
        { new Shape(1, 7, 14, 23), new Conv2d(7, 66, new Size2d(3, 1)) { Padding = 1, HasBias = false }, 2, 2, default, true },
    };

    [Theory]
    [InlineData("squeezenet1.1", "Relu1 + pool1")]
    [InlineData("resnet18", "Relu1 + maxpool")]
    public void Networks_begin_with_it_on_software_and_read_the_picture_as_it_is(string model, string nodes)
    {
        using var graph = ModelCatalog.Create(model);
        var step = Steps(graph, ProfileKind.Software)[0];
        Assert.Equal((Joined, nodes, Layout.Plain), (step.Kernel.Name, string.Join(" + ", step.Call.Nodes.Select(node => node.Name)), step.Call.Input.Layout));
        Assert.DoesNotContain(Steps(graph, ProfileKind.Discrete), other => other.Kernel.Name == Joined);
    }

    /// <summary>Windows that share two rows, sums of many channels that Winograd's algorithm makes shorter, and loops longer than a driver walks.</summary>
    [Fact]
    public void Where_it_would_compute_twice_or_take_longer_two_steps_stay()
    {
        Assert.Equal(Joined, Last(new Shape(1, 3, 112, 112), x => x.Conv2d(64, 3, stride: 2).MaxPool2d(3, stride: 2)));
        Assert.NotEqual(Joined, Last(new Shape(1, 3, 112, 112), x => x.Conv2d(64, 3, stride: 2).MaxPool2d(3, stride: 1)));
        Assert.NotEqual(Joined, Last(new Shape(1, 3, 112, 112), x => x.Conv2d(64, 3, stride: 2).MaxPool2d(3, stride: 4)));
        Assert.NotEqual(Joined, Last(new Shape(1, 64, 56, 56), x => x.Conv2d(64, 3, padding: 1).MaxPool2d(2, stride: 2)));
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(builder.Start(new Shape(1, 6000, 9, 9)).Conv2d(4, 3).MaxPool2d(2, stride: 2));
        Assert.Throws<NotSupportedException>(() => Plan.Build(graph, [], new PlanOptions(Kernels(ProfileKind.Software).Forcing(Together[0]))));

        static string Last(Shape input, Func<SymbolicTensor, SymbolicTensor> layers)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(layers(builder.Start(input)));
            return Steps(graph, ProfileKind.Software).Last(step => step.Call.Layer is PoolingLayer).Kernel.Name;
        }
    }

    private static List<PlanStep> Steps(Graph graph, ProfileKind kind)
    {
        using var fusion = new Fusion(graph, new NetworkOptions());
        foreach (double part in fusion.Units())
            Assert.InRange(part, 0, 1);
        return [.. Plan.Build(fusion.Result!, [], new PlanOptions(Kernels(kind))).Steps];
    }

    private static RealtimeCnn.Kernels.KernelTable Kernels(ProfileKind kind) => GpuKernels.For(DeviceProfile.Of(kind, GlLimits.Guaranteed with { StorageBlockBytes = 1 << 27, TextureBufferTexels = 1 << 27 }));

    private static void Compare(GlDevice device, ProfileKind kind, Shape shape, bool isBlocked, Conv2d convolution, PoolingLayer pool)
    {
        var builder = new GraphBuilder(4);
        var x = builder.Start(shape);
        using var graph = builder.Build((isBlocked ? x.DepthwiseConv2d(1) : x).Then(convolution).Then(new LeakyRelu()).Then(pool));
        var random = new Random(3);
        using var input = new Tensor(shape);
        foreach (ref float value in input.Span)
            value = random.Next(300) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => random.NextSingle() - 0.5f };
        var options = new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(kind, device.Limits)) };
        using var together = new GpuNetwork(device, graph, options with { ForcedKernels = Together });
        using var apart = new GpuNetwork(device, graph, options with { ForcedKernels = Apart });
        float[] actual = [.. together.Run(input)[0].Span], expected = [.. apart.Run(input)[0].Span];
        Assert.True(together.DispatchCount < apart.DispatchCount, $"{together.DispatchCount} dispatches instead of {apart.DispatchCount}.");
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 4e-6f);
    }
}
