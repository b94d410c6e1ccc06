using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Tests.Graphs;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>What graphics cards compute in one dispatch: separable convolutions, inverted residuals, and a network's end.</summary>
[Collection(GlTests.Name)]
public sealed class SeparableTests(GlFixture gl)
{
    private const double Tolerance = 5e-6;

    [Fact]
    public void MobileNetV2_is_at_most_24_dispatches_on_a_graphics_card() => gl.Run(device =>
    {
        using var graph = ModelCatalog.Create("mobilenetv2", new ModelOptions { Seed = 5 });
        GraphRuns.RandomizeAffine(graph, 6);
        var inputs = GraphRuns.RandomInputs(graph, 7, graph.InputShapes[0]);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Kernels = Discrete(device.Limits) });
        using var cpu = new CpuNetwork(graph);
        Assert.InRange(TensorDifference.Between(cpu.Run(inputs)[0], network.Run(inputs)[0]).RelativeL2, 0, 1e-5);
        Assert.InRange(network.DispatchCount, 1, 24);
        GraphRuns.Dispose(inputs);
    });

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_block_computes_what_its_layers_compute(Shape input, int wide, DepthwiseConv2d depthwise, int channels, bool isEmbedded) => gl.Run(device =>
    {
        var builder = new GraphBuilder(4);
        // What a user gives, behind a pooling that copies it, may hold numbers that are none.
        var x = builder.Start(input).MaxPool2d(1);
        var y = wide > 0 ? x.PointwiseConv2d(wide).Then(new HardSwish()) : x;
        y = y.Then(depthwise).Then(new HardSwish()).PointwiseConv2d(channels);
        using var graph = builder.Build(y.Shape == x.Shape ? y.Add(x).Relu() : y);
        AssertSame(device, graph, isEmbedded ? GlLimits.GuaranteedEmbedded : device.Limits, fewer: wide > 0 ? 2 : 1);
    });

    public static TheoryData<Shape, int, DepthwiseConv2d, int, bool> Blocks => new()
    {
        { new Shape(1, 6, 17, 19), 25, new DepthwiseConv2d(25, 3) { Padding = 1 }, 6, false },
        { new Shape(2, 9, 33, 18), 16, new DepthwiseConv2d(16, 3) { Stride = 2, Padding = 1 }, 70, true },
        { new Shape(1, 4, 30, 31), 21, new DepthwiseConv2d(21, new Size2d(5, 3)) { Stride = new Size2d(1, 2), Padding = new Padding2d(2, 0, 1, 3), Dilation = new Size2d(1, 2) }, 13, false },
        { new Shape(1, 18, 23, 20), 0, new DepthwiseConv2d(18, 3) { Padding = 1 }, 18, true },
        { new Shape(3, 5, 9, 10), 0, new DepthwiseConv2d(5, 5) { Stride = 2, Padding = 2 }, 129, false },
    };

    [Theory]
    [InlineData(70, 37, 7, 5)]
    [InlineData(2100, 5, 2, 3)]
    [InlineData(64, 3, 1, 1)]
    public void The_end_of_a_network_is_one_dispatch(int channels, int classes, int height, int width) => gl.Run(device =>
    {
        var builder = new GraphBuilder(4);
        var x = builder.Start(new Shape(2, channels, height, width)).MaxPool2d(1);
        using var graph = builder.Build(x.GlobalAveragePool().Flatten().Linear(classes).Relu());
        AssertSame(device, graph, device.Limits, fewer: 1);
    });

    [Fact]
    public void A_classifier_s_answer_is_two_dispatches() => gl.Run(device =>
    {
        var builder = new GraphBuilder(4);
        var best = builder.Start(new Shape(1, 64, 7, 7)).MaxPool2d(1).GlobalAveragePool().Flatten().Linear(300).Softmax().Then(new TopK(5));
        using var graph = builder.Build(best.Node, builder.Add(new NodeOutput(1), best.Node));
        var inputs = GraphRuns.RandomInputs(graph, 5, graph.InputShapes[0]);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Kernels = Discrete(device.Limits) });
        using var cpu = new CpuNetwork(graph);
        var (expected, actual) = (cpu.Run(inputs), network.Run(inputs));
        Assert.InRange(TensorDifference.Between(expected[0], actual[0]).RelativeL2, 0, Tolerance);
        Assert.Equal(expected[1].Span.ToArray(), actual[1].Span.ToArray());
        // What the user gives becomes blocks and is copied before.
        Assert.Equal(4, network.DispatchCount);
        GraphRuns.Dispose(inputs);
    });

    /// <summary>Of what the plan keeps apart: values that others read too, parts that no program or no shared memory has, and too little work.</summary>
    [Fact]
    public void Blocks_are_found_by_structure_and_only_where_nobody_else_reads_between()
    {
        Assert.Equal("inverted residual", Last(x => Block(x)));
        Assert.Equal("separable", Last(x => x.DepthwiseConv2d(3, padding: 1).PointwiseConv2d(9)));
        Assert.Equal("separable", Last(x => Block(x, between: e => e.Add(e.DepthwiseConv2d(3, padding: 1)))));
        Assert.Equal("separable", Last(x => Block(x), new Shape(1, 8, 7, 7)));
        Assert.Equal("pointwise tile", Last(x => x.DepthwiseConv2d(3, padding: 1).Then(new Silu()).PointwiseConv2d(9).Tanh()));
        // A window as wide as this leaves no room for the pixels under it.
        Assert.Equal("separable", Last(x => Block(x, dilation: 40)));
        Assert.Equal("pointwise tile", Last(x => Block(x), kind: ProfileKind.Software));

        static SymbolicTensor Block(SymbolicTensor x, Func<SymbolicTensor, SymbolicTensor>? between = null, int dilation = 1)
        {
            var wide = x.PointwiseConv2d(24).Relu6();
            return (between?.Invoke(wide) ?? wide).Then(new DepthwiseConv2d(24, 3) { Padding = dilation, Dilation = dilation }).Relu6().PointwiseConv2d(9);
        }

        static string Last(Func<SymbolicTensor, SymbolicTensor> layers, Shape? input = null, ProfileKind kind = ProfileKind.Discrete)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(layers(builder.Start(input ?? new Shape(1, 8, 56, 56))));
            using var network = new CpuNetwork(graph);
            return Plan.Build(network.Graph, [], new PlanOptions(GpuKernels.For(DeviceProfile.Of(kind, GlLimits.GuaranteedEmbedded)))).Steps.Last(step => step.Call.Layer is ConvolutionLayer).Kernel.Name;
        }
    }

    /// <summary>Whatever the device, a tile fits the shared memory and the invocations that every device has, and covers all outputs.</summary>
    [Fact]
    public void Tiles_keep_to_what_every_device_has()
    {
        foreach (var kind in Enum.GetValues<ProfileKind>())
        {
            foreach (var (side, channels, wide, stride) in new[] { (112, 16, 32, 1), (56, 24, 96, 2), (14, 96, 576, 1), (7, 320, 960, 1), (3, 7, 5, 1) })
            {
                foreach (bool expands in new[] { true, false })
                {
                    var profile = DeviceProfile.Of(kind, GlLimits.GuaranteedEmbedded);
                    // What is too wide for a group to have all channels stays apart.
                    if (SeparableTile.Of(new DepthwiseConv2d(wide, 3) { Stride = stride, Padding = 1 }, expands, new Shape(1, channels, side, side), profile) is not { } tile)
                    {
                        Assert.True(expands && channels == 320);
                        continue;
                    }

                    Assert.Equal(128, tile.Group);
                    Assert.InRange(16 * tile.Wide * (tile.Area + (tile.HaloRows * tile.HaloColumns)), 1, 16384);
                    Assert.True(!expands || tile.Blocks * GpuKernels.Block >= channels, $"{tile} has not all of {channels} channels.");
                    Assert.True(tile.Groups * tile.Area * tile.Blocks * GpuKernels.Block >= (long)side * side * channels, $"{tile} leaves pixels out.");
                }
            }
        }
    }

    private static RealtimeCnn.Kernels.KernelTable Discrete(GlLimits limits) => GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, limits));

    private static void AssertSame(GlDevice device, Graph graph, GlLimits limits, int fewer)
    {
        var random = new Random(3);
        foreach (var bias in graph.Nodes.SelectMany(node => node.Parameters).Where(parameter => parameter.Shape.Rank == 1))
            bias.Write([.. Enumerable.Range(1, bias.Shape.Count).Select(i => MathF.Sin(i))]);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Kernels = Discrete(limits) });
        using var apart = new GpuNetwork(device, graph, new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, limits)), ForcedKernels = ["DepthwiseConv2d/depthwise"] });
        using var input = new Tensor(graph.InputShapes[0]);
        foreach (double share in new[] { 0, 0.002 })
        {
            foreach (ref float value in input.Span)
                value = random.NextDouble() < share ? float.NaN : random.NextSingle() - 0.5f;
            using var expected = apart.Run(input)[0].Clone();
            Assert.InRange(TensorDifference.Between(expected, network.Run(input)[0]).RelativeL2, 0, Tolerance);
        }

        Assert.InRange(network.DispatchCount, 1, apart.DispatchCount - fewer);
    }
}
