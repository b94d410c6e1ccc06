using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Tests.Graphs;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>Weights, and values between layers, that lie in the GPU's memory as halves: half the bytes, and errors as large as halves make them.</summary>
[Collection(GlTests.Name)]
public sealed class HalfStorageTests(GlFixture gl)
{
    private const double OfLayer = 2e-3, OfNetwork = 1e-2;

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_kernel_that_reads_halves_loses_as_much_as_halves_do(string kernel, int channels, int side, Layer layer) => gl.Run(device =>
    {
        var builder = new GraphBuilder(3);
        // Maxima over single pixels copy: what they write and read between is stored.
        var x = builder.Start(new Shape(2, channels, side, side)).MaxPool2d(1);
        var y = layer is Linear ? x.GlobalAveragePool().Flatten().Then(layer) : x.Then(layer).MaxPool2d(1);
        using var graph = builder.Build(y);
        foreach (var parameter in graph.Nodes.SelectMany(node => node.Parameters).Where(parameter => parameter.Shape.Rank == 1))
            parameter.Write([.. Enumerable.Range(1, parameter.Shape.Count).Select(i => MathF.Sin(i))]);
        var inputs = GraphRuns.RandomInputs(graph, 5, graph.InputShapes[0]);
        using var cpu = new CpuNetwork(graph);
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Halves = HalfStorage.All, ForcedKernels = [kernel] });
        Assert.InRange(TensorDifference.Between(cpu.Run(inputs)[0], network.Run(inputs)[0]).RelativeL2, 1e-5, OfLayer);
        GraphRuns.Dispose(inputs);
    });

    public static TheoryData<string, int, int, Layer> Layers => new()
    {
        { "ConvolutionLayer/tile", 13, 9, new Conv2d(13, 10, 3) { Padding = 1 } },
        { "ConvolutionLayer/row tile", 13, 9, new Conv2d(13, 10, 3) { Padding = 1 } },
        { "ConvolutionLayer/pointwise tile", 18, 9, new PointwiseConv2d(18, 25) },
        { "ConvolutionLayer/pointwise shared", 35, 10, new PointwiseConv2d(35, 41) },
        { "ConvolutionLayer/pointwise split", 35, 7, new PointwiseConv2d(35, 41) },
        { "ConvolutionLayer/winograd 4×4", 17, 14, new Conv2d(17, 13, 3) { Padding = 1 } },
        { "ConvolutionLayer/winograd 4×4 fused", 17, 14, new Conv2d(17, 13, 3) { Padding = 1 } },
        { "DepthwiseConv2d/tile", 9, 13, new DepthwiseConv2d(9, 5) { Padding = 2, Stride = 2 } },
        { "Linear/plain", 30, 4, new Linear(30, 11) },
        { "Linear/shared", 70, 4, new Linear(70, 11) },
    };

    [Theory]
    [InlineData(HalfStorage.Weights)]
    [InlineData(HalfStorage.All)]
    public void A_network_in_halves_agrees_with_one_in_floats(HalfStorage halves) => gl.Run(device =>
    {
        using var graph = ModelCatalog.Create("mobilenetv2-tiny", new ModelOptions { Classes = 10, Seed = 5 });
        var inputs = GraphRuns.RandomInputs(graph, 7, graph.InputShapes[0]);
        var options = new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, device.Limits)) };
        using var floats = new GpuNetwork(device, graph, options);
        using var network = new GpuNetwork(device, graph, options with { Halves = halves });
        Assert.InRange(TensorDifference.Between(floats.Run(inputs)[0], network.Run(inputs)[0]).RelativeL2, 1e-5, OfNetwork);
        Assert.InRange((double)network.WeightBytes / floats.WeightBytes, 0.5, 0.6);
        bool stores = halves == HalfStorage.All;
        Assert.InRange((double)network.ActivationBytes.Naive / floats.ActivationBytes.Naive, stores ? 0.5 : 1, stores ? 0.65 : 1);
        Assert.Equal(floats.DispatchCount, network.DispatchCount);
        GraphRuns.Dispose(inputs);
    });

    [Theory]
    [InlineData(ReadPath.Buffer)]
    [InlineData(ReadPath.Texels)]
    [InlineData(ReadPath.Image)]
    public void Halves_are_read_by_every_path_and_numbers_that_are_none_stay_so(ReadPath path) => gl.RunFresh(new() { ReadPath = path }, device =>
    {
        var builder = new GraphBuilder(3);
        using var graph = builder.Build(builder.Start(new Shape(1, 5, 6, 6)).MaxPool2d(1).Then(new Softplus()).MaxPool2d(1));
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Halves = HalfStorage.All });
        using var input = new Tensor(new Shape(1, 5, 6, 6));
        float[] special = [float.NaN, float.PositiveInfinity, 70_000, 65_504, 1 + (1f / 1024), 40.33f];
        special.CopyTo(input.Span);
        float[] output = [.. network.Run(input)[0].Span];
        Assert.Equal([float.NaN, float.PositiveInfinity, float.PositiveInfinity, 65_504], output[..4]);
        Assert.Equal((float)(Half)40.33f, output[5]);
        Assert.Contains(Plan.Build(network.Graph, [], network.PlanOptions).Steps, step => step.Call.Layer is Widen);
    });

    [Fact]
    public void Where_halves_cannot_be_they_are_refused()
    {
        var builder = new GraphBuilder(3);
        using var graph = builder.Build(builder.Start(new Shape(1, 5, 6, 6)).Relu());
        var error = Assert.Throws<NotSupportedException>(() => new CpuNetwork(graph, new NetworkOptions { Halves = HalfStorage.Weights }));
        Assert.Contains("NetworkOptions.Halves is Weights", error.Message, StringComparison.Ordinal);
        Assert.Contains("GpuNetwork", error.Message, StringComparison.Ordinal);
    }
}
