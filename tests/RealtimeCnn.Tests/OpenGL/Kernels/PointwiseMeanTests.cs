using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>A convolution of 1×1 and the means of its planes as one dispatch: that it computes what two do, and where it is taken.</summary>
[Collection(GlTests.Name)]
public sealed class PointwiseMeanTests(GlFixture gl)
{
    private const string Joined = "behind pointwise";
    private static readonly string[] Means = ["GlobalAveragePool", "AdaptiveAveragePool2d", "Reduce"];

    /// <summary>Planes of less than a tile, of one and of several, the last of them not whole; channels that end within a vec4 and within a group.</summary>
    public static TheoryData<Shape, int, bool, bool> Shapes => new()
    {
        { new Shape(1, 5, 13, 13), 70, false, true },
        { new Shape(3, 16, 7, 7), 129, false, false },
        { new Shape(2, 9, 5, 10), 9, true, true },
        { new Shape(1, 33, 2, 3), 33, true, false },
        { new Shape(1, 4, 1, 47), 3, false, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_mean_of_a_plane_is_what_two_dispatches_compute(Shape shape, int channels, bool addsResidual, bool hasNaN) => gl.Run(device =>
    {
        var random = new Random(3);
        using var input = new Tensor(shape);
        foreach (ref float value in input.Span)
            value = random.NextSingle() - 0.4f;
        if (hasNaN)
            input.Span[input.Span.Length / 2] = float.NaN;
        foreach (Layer mean in new Layer[] { new GlobalAveragePool(), new AdaptiveAveragePool2d(1), new Reduce(ReduceFunction.Mean, -1, 2), new Reduce(ReduceFunction.Mean, 2, 3) { KeepAxes = false } })
        {
            var builder = new GraphBuilder(4);
            var x = builder.Start(shape);
            var y = x.PointwiseConv2d(channels);
            using var graph = builder.Build((addsResidual ? y.Add(x) : y).Relu6().Then(mean));
            graph.Parameters[1].Write([.. Enumerable.Range(1, channels).Select(i => MathF.Sin(i))]);
            foreach (var kind in new[] { ProfileKind.Software, ProfileKind.Discrete })
            {
                var options = new NetworkOptions { Kernels = GpuKernels.For(DeviceProfile.Of(kind, device.Limits)) };
                using var together = new GpuNetwork(device, graph, options with { ForcedKernels = [.. Means.Select(layer => $"{layer}/{Joined}")] });
                using var apart = new GpuNetwork(device, graph, options with { ForcedKernels = [.. Means.Append("ConvolutionLayer").Select(layer => $"{layer}/plain")] });
                float[] actual = [.. together.Run(input)[0].Span], expected = [.. apart.Run(input)[0].Span];
                Assert.True(together.DispatchCount < apart.DispatchCount, $"{together.DispatchCount} dispatches instead of {apart.DispatchCount}.");
                Assert.Equal(hasNaN, expected.Any(float.IsNaN));
                for (int i = 0; i < expected.Length; i++)
                    Assert.Equal(expected[i], actual[i], 2e-6f);
            }
        }
    });

    [Theory]
    [InlineData("squeezenet1.1", true)]
    [InlineData("mobilenetv2", true)]
    [InlineData("resnet50", true)]
    [InlineData("resnet18", false)]
    [InlineData("mobilenetv1", true)]
    public void Networks_that_end_so_on_software_take_it(string model, bool isTaken)
    {
        using var graph = ModelCatalog.Create(model);
        Assert.Equal(isTaken, Kernels(graph, ProfileKind.Software).Contains(Joined));
        Assert.DoesNotContain(Joined, Kernels(graph, ProfileKind.Discrete));
    }

    /// <summary>Means of other axes, of windows that do not see the whole plane or of a value that somebody else reads, and so few channels that threads had no work.</summary>
    [Fact]
    public void What_is_no_mean_of_planes_or_leaves_threads_idle_stays_apart()
    {
        Assert.Contains(Joined, Of(x => x.PointwiseConv2d(400).GlobalAveragePool()));
        Assert.DoesNotContain(Joined, Of(x => x.PointwiseConv2d(40).GlobalAveragePool()));
        Assert.DoesNotContain(Joined, Of(x => x.Conv2d(400, 3).GlobalAveragePool()));
        Assert.DoesNotContain(Joined, Of(x => x.PointwiseConv2d(400).AdaptiveAveragePool2d(2)));
        Assert.DoesNotContain(Joined, Of(x => x.PointwiseConv2d(400).Then(new Reduce(ReduceFunction.Mean, 1, 2))));
        Assert.DoesNotContain(Joined, Of(x => x.PointwiseConv2d(400).Then(new Reduce(ReduceFunction.Sum, 2, 3))));
        Assert.DoesNotContain(Joined, Of(x =>
        {
            var y = x.PointwiseConv2d(400);
            return y.Multiply(y.GlobalAveragePool());
        }));

        static string[] Of(Func<SymbolicTensor, SymbolicTensor> layers)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(layers(builder.Start(new Shape(1, 64, 7, 7))));
            return Kernels(graph, ProfileKind.Software);
        }
    }

    /// <summary>Of 120,000 channels or pixels a loop would be longer than a driver walks.</summary>
    [Theory]
    [InlineData(240_000, 2, 2)]
    [InlineData(1024, 500, 500)]
    public void A_plane_that_an_invocation_cannot_walk_is_refused(int channels, int height, int width)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(builder.Start(new Shape(1, channels, height, width)).PointwiseConv2d(4).GlobalAveragePool());
        Assert.Throws<NotSupportedException>(() => Plan.Build(graph, [], new PlanOptions(Table(ProfileKind.Software).Forcing($"GlobalAveragePool/{Joined}"))));
    }

    private static string[] Kernels(Graph graph, ProfileKind kind)
    {
        using var fusion = new Fusion(graph, new NetworkOptions());
        fusion.Units().Finish();
        return [.. Plan.Build(fusion.Result!, [], new PlanOptions(Table(kind))).Steps.Select(step => step.Kernel.Name)];
    }

    private static RealtimeCnn.Kernels.KernelTable Table(ProfileKind kind) => GpuKernels.For(DeviceProfile.Of(kind, GlLimits.Guaranteed with { StorageBlockBytes = 1 << 27, TextureBufferTexels = 1 << 27 }));
}
