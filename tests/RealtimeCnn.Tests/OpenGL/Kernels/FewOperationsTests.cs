using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>Networks so small that dispatches cost more than their sums: which of their layers are one dispatch, and that they compute the same.</summary>
[Collection(GlTests.Name)]
public sealed class FewOperationsTests(GlFixture gl)
{
    private static readonly string[] Apart = ["AveragePool2d/plain", "MaxPool2d/plain", "Linear/plain"];

    [Theory]
    [InlineData("lenet5")]
    [InlineData("lenet5-relu")]
    public void A_convolution_and_its_pooling_are_one_dispatch_and_so_are_all_linear_layers(string model) => gl.Run(device =>
    {
        using var graph = ModelCatalog.Create(model);
        Compare(device, graph, new NetworkOptions(), withNaN: false);
        using var network = new GpuNetwork(device, graph);
        using var input = new Tensor(graph.InputShapes[0]);
        network.Run(input);
        Assert.Equal(3, network.DispatchCount);
    });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_convolution_computes_what_two_dispatches_compute(Shape input, Conv2d convolution, int pool, int stride, bool isEmbedded) => gl.Run(device =>
    {
        var options = new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(ProfileKind.Discrete, isEmbedded ? GlLimits.GuaranteedEmbedded : GlLimits.Guaranteed)) };
        foreach (PoolingLayer layer in new PoolingLayer[] { new MaxPool2d(pool) { Stride = stride }, new AveragePool2d(pool) { Stride = stride } })
        {
            var builder = new GraphBuilder(4);
            var x = builder.Start(input);
            // What is read channel-blocked, and what as users give it.
            foreach (var from in new[] { x, x.MaxPool2d(1) })
            {
                using var graph = builder.Build(from.Then(convolution).Then(new Tanh()).Then(layer));
                Compare(device, graph, options, withNaN: true);
            }
        }
    });

    public static TheoryData<Shape, Conv2d, int, int, bool> Shapes => new()
    {
        { new Shape(1, 1, 12, 12), new Conv2d(1, 4, 5), 2, 2, false },
        { new Shape(3, 5, 11, 14), new Conv2d(5, 7, 3) { Padding = 1 }, 2, 3, true },
        { new Shape(2, 6, 17, 13), new Conv2d(6, 3, new Size2d(3, 2)) { Stride = 2, Dilation = 2, Padding = 2 }, 2, 2, false },
        { new Shape(1, 4, 19, 20), new Conv2d(4, 17, 1) { HasBias = false }, 3, 3, true },
    };

    /// <summary>Windows that share pixels, reach over the edge, or convolutions of many operations stay two steps.</summary>
    [Fact]
    public void What_would_be_computed_twice_or_takes_long_stays_apart()
    {
        Assert.Equal(1, StepsOf(x => x.Conv2d(4, 3).MaxPool2d(2, stride: 2)));
        Assert.NotEqual(1, StepsOf(x => x.Conv2d(4, 3).MaxPool2d(3, stride: 2)));
        Assert.NotEqual(1, StepsOf(x => x.Conv2d(4, 3).Then(new MaxPool2d(2) { Stride = 2, Padding = 1 })));
        Assert.NotEqual(1, StepsOf(x => x.Conv2d(400, 3).MaxPool2d(2, stride: 2)));
        // A sum of 9 × 7,000 elements is longer than a shader's loops may be.
        Assert.NotEqual(1, StepsOf(x => x.Conv2d(1, 3).MaxPool2d(2, stride: 2), new Shape(1, 7000, 4, 4)));
        Assert.Equal(1, StepsOf(x => x.Linear(9).Linear(5), new Shape(1, 1024)));
        Assert.NotEqual(1, StepsOf(x => x.Linear(9).Linear(5), new Shape(1, 1025)));
        Assert.NotEqual(1, StepsOf(x => x.Linear(1000).Linear(5), new Shape(1, 1000)));

        static int StepsOf(Func<SymbolicTensor, SymbolicTensor> layers, Shape? input = null)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(layers(builder.Start(input ?? new Shape(1, 3, 16, 16))));
            return Plan.Build(graph, [], new PlanOptions(GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.Guaranteed)))).Steps.Count;
        }
    }

    /// <summary>A program has one curve or all functions of straight lines, so that layers of both are two dispatches.</summary>
    [Fact]
    public void Layers_of_different_activations_compute_each_its_own() => gl.Run(device =>
    {
        foreach (var (layer, dispatches) in new (ActivationLayer, int)[] { (new Relu(), 2), (new HardSwish(), 2), (new Tanh(), 1) })
        {
            var builder = new GraphBuilder(2);
            using var graph = builder.Build(builder.Start(new Shape(1, 8)).Linear(12).Then(layer).Linear(8).Tanh());
            using var input = new Tensor(new Shape(1, 8), [.. Enumerable.Range(0, 8).Select(i => 9 * MathF.Cos(i))]);
            using var network = new GpuNetwork(device, graph);
            using var cpu = new CpuNetwork(graph);
            Assert.InRange(TensorDifference.Between(cpu.Run(input)[0], network.Run(input)[0]).RelativeL2, 0, 1e-6);
            Assert.Equal(dispatches, network.DispatchCount);
        }
    });

    [Fact]
    public void A_parameter_that_changes_changes_the_chain() => gl.Run(device =>
    {
        var builder = new GraphBuilder(2);
        using var graph = builder.Build(builder.Start(new Shape(2, 8)).Linear(6, name: "a").Relu().Linear(4));
        using var input = new Tensor(new Shape(2, 8), [.. Enumerable.Range(0, 16).Select(i => MathF.Cos(i))]);
        using var network = new GpuNetwork(device, graph);
        float[] before = [.. network.Run(input)[0].Span];
        Assert.Equal(1, network.DispatchCount);
        graph["a"].Parameters[0].Write([.. Enumerable.Repeat(0.25f, 48)]);
        using var cpu = new CpuNetwork(graph);
        float[] after = [.. network.Run(input)[0].Span];
        Assert.NotEqual(before, after);
        Assert.All(after.Zip(cpu.Run(input)[0].Span.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    });

    private static void Compare(GlDevice device, Graph graph, NetworkOptions options, bool withNaN)
    {
        var random = new Random(3);
        using var input = new Tensor(graph.InputShapes[0]);
        foreach (ref float value in input.Span)
            value = withNaN && random.Next(200) == 0 ? float.NaN : random.NextSingle() - 0.5f;
        using var network = new GpuNetwork(device, graph, options);
        using var apart = new GpuNetwork(device, graph, options with { ForcedKernels = Apart });
        float[] actual = [.. network.Run(input)[0].Span], expected = [.. apart.Run(input)[0].Span];
        Assert.True(network.DispatchCount < apart.DispatchCount, $"{network.DispatchCount} dispatches instead of {apart.DispatchCount}.");
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 4e-6f);
    }
}
