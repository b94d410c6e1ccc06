using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Tests.Graphs;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>What only moves channels is no step on the GPU either, as far as a device lets parts of values be bound.</summary>
[Collection(GlTests.Name)]
public sealed class GpuChannelViewTests(GlFixture gl)
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 30)];

    [Fact]
    public void Values_of_whole_blocks_are_written_into_their_places_of_a_concatenation()
    {
        // 6 × 8 pixels of a vec4 are 768 bytes: every block begins where the strictest device allows it.
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 6, 8)).MaxPool2d(1);
        using var graph = builder.Build(x.PointwiseConv2d(8, name: "a").Concat([x.PointwiseConv2d(12, name: "b"), x.PointwiseConv2d(7, name: "c")]).MaxPool2d(2));
        var plan = PlanFor(graph, GlLimits.Guaranteed);
        Assert.Equal(0, Copies(plan));
        var whole = plan.Values[graph["a"]].Root;
        Assert.Equal([0, 8 * 48 * 4, 20 * 48 * 4], new[] { "a", "b", "c" }.Select(name => plan.Values[graph[name]].ByteOffset - whole.ByteOffset));
    }

    /// <summary>5 × 7 pixels of a vec4 are 560 bytes, at multiples of which nothing can be bound that has to begin at one of 256.</summary>
    [Fact]
    public void A_part_that_could_not_be_bound_is_copied()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 5, 7)).MaxPool2d(1);
        using var graph = builder.Build(x.PointwiseConv2d(8).Concat([x.PointwiseConv2d(12)]).MaxPool2d(2));
        Assert.Equal(1, Copies(PlanFor(graph, GlLimits.Guaranteed)));
        Assert.Equal(0, Copies(PlanFor(graph, GlLimits.Guaranteed with { StorageAlignment = 16, TextureBufferAlignment = 16 })));
    }

    /// <summary>Blocks of one dispatch come from the same tensors in the same order; none of the dispatches waits for another.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_shuffle_of_two_tensors_is_a_dispatch_where_four_tensors_can_be_read(bool isEmbedded, int dispatches)
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 6, 8)).MaxPool2d(1);
        using var graph = builder.Build(x.PointwiseConv2d(8).Concat([x.PointwiseConv2d(8)]).Then(new ChannelShuffle(2)).MaxPool2d(2));
        var plan = PlanFor(graph, isEmbedded ? GlLimits.GuaranteedEmbedded : GlLimits.Guaranteed);
        var step = Assert.Single(plan.Steps, step => step.Call.Layer is CopyChannels);
        Assert.Equal(dispatches, step.Work.DispatchCount);
        var hazards = new HazardTracker();
        Assert.DoesNotContain(((GpuWork)step.Work).Dispatches, dispatch => hazards.NeedsBarrier(step, dispatch));
    }

    [Fact]
    public void A_shuffle_network_moves_its_channels_in_one_step_a_unit()
    {
        using var graph = ShuffleNetV2.Create(new ModelOptions { InputSize = 64, Classes = 5 });
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, graph);
            Assert.InRange(Copies(Plan.Build(network.Graph, [], network.PlanOptions)), 13, 16);
        });
    }

    /// <summary>With the device's own limits, with those of OpenGL ES that bind nothing but multiples of 256 bytes, and with all values kept.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_graphs_compute_what_copies_compute(int seed) => gl.Run(device =>
    {
        using var graph = ChannelViewTests.RandomGraph(seed);
        using var input = new Tensor(graph.InputShapes[0]);
        var random = new Random(1);
        foreach (ref float value in input.Span)
            value = random.NextSingle() - 0.5f;
        using var copying = new GpuNetwork(device, graph, new NetworkOptions { ForcedKernels = ChannelViewTests.Copying });
        float[][] expected = [.. copying.Run(input).Select(output => output.Span.ToArray())];
        foreach (var options in new NetworkOptions[] { new(), new() { Kernels = GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, GlLimits.GuaranteedEmbedded)) }, new() { KeepAll = true } })
        {
            using var network = new GpuNetwork(device, graph, options);
            // Layers that one dispatch computes together sum in another order.
            Assert.All(network.Run(input).Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Span.ToArray(), (a, b) => MathF.Abs(a - b) <= 1e-5f * (1 + MathF.Abs(a))));
        }
    });

    private static int Copies(Plan plan) => plan.Steps.Count(step => step.Call.Layer is CopyChannels);

    private static Plan PlanFor(Graph graph, GlLimits limits) => Plan.Build(graph, [], new PlanOptions(GpuKernels.For(DeviceProfile.Of(ProfileKind.Software, limits))));
}
