using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>A convolution by tiles of a row and the depthwise one that reads it as one dispatch: that it computes what two do, and where it is taken.</summary>
[Collection(GlTests.Name)]
public sealed class FilteredRowsTests(GlFixture gl)
{
    private const string Joined = "behind row tile", Together = $"DepthwiseConv2d/{Joined}";
    private static readonly string[] Apart = ["DepthwiseConv2d/depthwise", "ConvolutionLayer/plain"];

    /// <summary>
    /// Inputs are not finite here and there, and neither is a weight of the depthwise convolution, which zeros around what it reads do
    /// not meet: what is not finite has to be where two dispatches have it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_pair_of_convolutions_computes_what_two_dispatches_compute(Shape input, Conv2d convolution, Layer between, DepthwiseConv2d depthwise, Layer behind) => gl.Run(device =>
    {
        foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
            Compare(device, kind, input, convolution, between, depthwise, behind);
    });

    public static TheoryData<Shape, Conv2d, Layer, DepthwiseConv2d, Layer> Shapes => new()
    {
        // Rows of whole tiles and of broken ones, of one part and of several, with padding alike on all sides, on some, and none.
        { new Shape(1, 5, 28, 14), new Conv2d(5, 9, 1), new Relu6(), new DepthwiseConv2d(9, 3) { Padding = 1 }, new Relu6() },
        { new Shape(2, 4, 13, 17), new Conv2d(4, 12, 1), new LeakyRelu(0.3f), new DepthwiseConv2d(12, 3) { Padding = new Padding2d(0, 1, 2, 0) }, new LeakyRelu(0.1f) },
        { new Shape(1, 9, 29, 28), new Conv2d(9, 6, 1), new HardSwish(), new DepthwiseConv2d(6, 3) { Stride = 2, Padding = 1 }, new HardSwish() },
        { new Shape(3, 3, 11, 9), new Conv2d(3, 5, 1) { HasBias = false }, new Relu(), new DepthwiseConv2d(5, 3) { Stride = 2, Padding = new Padding2d(0, 0, 1, 1), HasBias = false }, new Identity() },
        { new Shape(1, 17, 8, 7), new Conv2d(17, 18, 1), new Identity(), new DepthwiseConv2d(18, 3), new Tanh() },
        { new Shape(2, 8, 15, 16), new Conv2d(8, 10, 1), new Silu(), new DepthwiseConv2d(10, 5) { Stride = 2, Padding = 2 }, new Silu() },
        // Dense windows of several columns, a row-major picture and one that must be blocked.
        { new Shape(1, 3, 58, 56), new Conv2d(3, 8, 3) { Stride = 2, Padding = 1 }, new Relu6(), new DepthwiseConv2d(8, 3) { Padding = 1 }, new Relu6() },
        { new Shape(1, 5, 12, 13), new Conv2d(5, 6, new Size2d(2, 3)) { Dilation = new Size2d(2, 1), Padding = 1 }, new Relu(), new DepthwiseConv2d(6, 3) { Padding = 1 }, new Relu() },
    };

    /// <summary>The first blocks of mobile networks, whose wide values are stores and little else; where sums are long and planes small, two steps stay.</summary>
    [Fact]
    public void MobileNetV2_begins_with_it_on_software()
    {
        using var graph = ModelCatalog.Create("mobilenetv2");
        string[] joined = [.. Steps(graph, ProfileKind.Software).Where(step => step.Kernel.Name == Joined).Select(step => string.Join(" + ", step.Call.Nodes.Select(node => node.Name)))];
        Assert.Equal("conv1.Relu61 + block1.Relu61", joined[0]);
        Assert.Contains("block2.Relu61 + block2.Relu62", joined);
        Assert.Contains("block5.Relu61 + block5.Relu62", joined);
        Assert.DoesNotContain("block16.Relu61 + block16.Relu62", joined);
        Assert.DoesNotContain(Steps(graph, ProfileKind.Discrete), step => step.Kernel.Name == Joined);
    }

    /// <summary>Sums so long that computing them twice costs more than stores, two activations, and a value that others read too.</summary>
    [Fact]
    public void Where_it_would_take_longer_or_does_not_fit_two_steps_stay()
    {
        Assert.Equal(Joined, Last(new Shape(1, 16, 112, 112), x => x.PointwiseConv2d(96).Relu6().DepthwiseConv2d(3, stride: 2, padding: 1).Relu6()));
        Assert.NotEqual(Joined, Last(new Shape(1, 960, 7, 7), x => x.PointwiseConv2d(960).Relu6().DepthwiseConv2d(3, padding: 1).Relu6()));
        Assert.NotEqual(Joined, Last(new Shape(1, 16, 112, 112), x => x.PointwiseConv2d(96).Relu().DepthwiseConv2d(3, stride: 2, padding: 1).Tanh()));
        Assert.NotEqual(Joined, Last(new Shape(1, 16, 112, 112), x => Residual(x.PointwiseConv2d(96).Relu())));

        static SymbolicTensor Residual(SymbolicTensor x) => x.DepthwiseConv2d(3, padding: 1).Add(x);

        static string Last(Shape input, Func<SymbolicTensor, SymbolicTensor> layers)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(layers(builder.Start(input)));
            return Steps(graph, ProfileKind.Software).Last(step => step.Call.Nodes.Any(node => node.Layer is DepthwiseConv2d)).Kernel.Name;
        }
    }

    [Fact]
    public void Loops_longer_than_a_driver_walks_do_not_fit()
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(builder.Start(new Shape(1, 90_000, 6, 5)).PointwiseConv2d(4).DepthwiseConv2d(3, padding: 1));
        Assert.DoesNotContain(Plan.Build(graph, [], new PlanOptions(Kernels(ProfileKind.Software).Forcing(Together))).Steps, step => step.Kernel.Name == Joined);
    }

    private static List<PlanStep> Steps(Graph graph, ProfileKind kind)
    {
        using var fusion = new Fusion(graph, new NetworkOptions());
        foreach (double part in fusion.Units())
            Assert.InRange(part, 0, 1);
        return [.. Plan.Build(fusion.Result!, [], new PlanOptions(Kernels(kind))).Steps];
    }

    private static RealtimeCnn.Kernels.KernelTable Kernels(ProfileKind kind) => GpuKernels.For(DeviceProfile.Of(kind, GlLimits.Guaranteed with { StorageBlockBytes = 1 << 27, TextureBufferTexels = 1 << 27 }));

    private static void Compare(GlDevice device, ProfileKind kind, Shape shape, Conv2d convolution, Layer between, DepthwiseConv2d depthwise, Layer behind)
    {
        var builder = new GraphBuilder(4);
        using var graph = builder.Build(builder.Start(shape).Then(convolution).Then(between).Then(depthwise).Then(behind));
        var random = new Random(3);
        var filter = graph.Nodes.Single(node => node.Layer is DepthwiseConv2d).Parameters[0];
        float[] weights = [.. Enumerable.Range(0, filter.Shape.Count).Select(_ => random.NextSingle() - 0.5f)];
        (weights[1], weights[^1]) = (float.PositiveInfinity, float.NaN);
        filter.Write(weights);
        using var input = new Tensor(shape);
        foreach (ref float value in input.Span)
            value = random.Next(1000) switch { 0 => float.NaN, 1 => float.NegativeInfinity, _ => random.NextSingle() - 0.5f };
        var options = new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(kind, device.Limits)) };
        using var together = new GpuNetwork(device, graph, options with { ForcedKernels = [Together] });
        using var apart = new GpuNetwork(device, graph, options with { ForcedKernels = Apart });
        float[] actual = [.. together.Run(input)[0].Span], expected = [.. apart.Run(input)[0].Span];
        Assert.True(together.DispatchCount < apart.DispatchCount, $"{together.DispatchCount} dispatches instead of {apart.DispatchCount}.");
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 4e-6f);
    }
}
