using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>What only moves channels is not computed: which steps are left, and that values are those of kernels that copy.</summary>
public class ChannelViewTests
{
    private const string Copy = "CopyChannels/plain";

    /// <summary>Kernels that put what only moves channels into memory.</summary>
    internal static readonly string[] Copying = ["Concat/plain", "StridedCopyLayer/plain", "Split/plain", "ReshapingLayer/alias"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Fact]
    public void Values_of_whole_blocks_are_written_into_their_places_of_a_concatenation()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 6, 5)).MaxPool2d(1);
        using var graph = builder.Build(x.PointwiseConv2d(16, name: "a").Concat([x.PointwiseConv2d(32, name: "b"), x.PointwiseConv2d(7, name: "c")]).MaxPool2d(2));
        var plan = PlanOf(graph);
        Assert.DoesNotContain(plan.Steps, step => step.Kernel.ToString() == Copy);
        var whole = plan.Values[graph["a"]].Root;
        Assert.Equal(new Shape(1, 55, 6, 5), whole.Info.Shape);
        Assert.Equal([0, 16 * 30 * 4, 48 * 30 * 4], new[] { "a", "b", "c" }.Select(name => plan.Values[graph[name]].ByteOffset - whole.ByteOffset));
        AssertSameAsCopying(graph);
    }

    /// <summary>The planes of one batch item lie between those of the next.</summary>
    [Fact]
    public void Batches_are_copied()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(2, 16, 6, 5)).MaxPool2d(1);
        using var graph = builder.Build(x.PointwiseConv2d(16).Concat([x.PointwiseConv2d(16)]).MaxPool2d(2));
        Assert.Equal(1, PlanOf(graph).Steps.Count(step => step.Kernel.ToString() == Copy));
        AssertSameAsCopying(graph);
    }

    [Fact]
    public void What_has_no_place_of_its_own_is_copied_beside_what_has()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 6, 5)).MaxPool2d(1);
        var (a, b) = (x.PointwiseConv2d(16, name: "a"), x.PointwiseConv2d(20, name: "b"));
        using var graph = builder.Build(a.Concat([b, a, x.PointwiseConv2d(16, name: "c")]).MaxPool2d(2));
        var plan = PlanOf(graph);
        Assert.Equal(new Shape(1, 52, 6, 5), Assert.Single(plan.Steps, step => step.Kernel.ToString() == Copy).Call.Output.Shape);
        AssertSameAsCopying(graph);
    }

    [Fact]
    public void Parts_of_whole_blocks_are_parts_of_memory()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 6, 5)).PointwiseConv2d(40, name: "x");
        var split = builder.Add(new Split(1, 16, 24), x.Node, name: "split");
        using var graph = builder.Build(builder.Add(new MaxPool2d(2), split), builder.Add(new MaxPool2d(3), builder.Add(new NodeOutput(1), split)));
        Assert.DoesNotContain(PlanOf(graph).Steps, step => step.Kernel.ToString() == Copy);
        AssertSameAsCopying(graph);
    }

    /// <summary>Concatenation, shuffle and the two halves that are taken of it.</summary>
    [Fact]
    public void However_many_layers_move_channels_one_step_copies_them()
    {
        using var graph = ShuffleNetV2.Create(new ModelOptions { InputSize = 64, Classes = 5 });
        var copies = PlanOf(graph).Steps.Where(step => step.Kernel.ToString() == Copy).Select(step => step.Node.Name).ToArray();
        Assert.Equal(16, copies.Length);
        Assert.Equal(copies.Distinct(), copies);
    }

    /// <summary>As other frameworks write a shuffle to files; where it moves something else than channels it stays what it is.</summary>
    [Theory]
    [InlineData(2, 15, 0)]
    [InlineData(5, 6, 0)]
    [InlineData(2, 15, 1)]
    public void A_shuffle_of_reshapes_is_a_view(int groups, int channels, int moved)
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 30, 6, 5)).MaxPool2d(1);
        var grouped = moved == 0 ? new Reshape(1, groups, channels, 6, 5) : new Reshape(1, groups, channels, 5, 6);
        using var graph = builder.Build(x.Then(grouped).Then(new Transpose(0, 2, 1, 3, 4)).Then(new Reshape(1, -1, 6, 5)).MaxPool2d(2));
        Assert.Equal(moved == 0, PlanOf(graph).Steps.Any(step => step.Kernel.ToString() == Copy));
        AssertSameAsCopying(graph);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_graphs_compute_what_copies_compute(int seed)
    {
        using var graph = RandomGraph(seed);
        AssertSameAsCopying(graph);
    }

    /// <summary>Convolutions and other layers among those that move channels.</summary>
    internal static Graph RandomGraph(int seed)
    {
        var random = new Random(seed);
        var builder = new GraphBuilder(seed);
        var values = new List<SymbolicTensor> { builder.Start(new Shape(1 + (seed % 4 / 3), 1 + random.Next(40), 5, 7)).Conv2d(16 * (1 + random.Next(3)), 1) };
        for (int i = 0; i < 20; i++)
        {
            var x = values[Math.Max(0, values.Count - 1 - random.Next(5))];
            int half = x.Channels / 2;
            values.Add(random.Next(8) switch
            {
                0 => x.Conv2d(1 + random.Next(50), 1),
                1 => x.Conv2d(16 * (1 + random.Next(4)), 3, padding: 1).Relu(),
                2 when half > 0 => x.SliceChannels(half, x.Channels - half),
                3 when half > 0 => x.SliceChannels(0, half),
                4 when x.Channels % 2 == 0 => x.Then(new ChannelShuffle(2)),
                5 => x.Then(new Tanh()),
                6 => x.DepthwiseConv2d(3, padding: 1),
                _ when x.Channels < 200 => x.Concat([.. values.Where(y => y.Channels < 100 && random.Next(3) == 0), values[random.Next(values.Count)]]),
                _ => x.MaxPool2d(3, stride: 1, padding: 1),
            });
        }

        return builder.Build([.. new[] { values[^1], values[^2], values[random.Next(values.Count)] }.Select(value => value.Node).Distinct()]);
    }

    private static Plan PlanOf(Graph graph)
    {
        using var network = new CpuNetwork(graph);
        return Plan.Build(network.Graph, [], network.PlanOptions);
    }

    private static void AssertSameAsCopying(Graph graph)
    {
        using var input = new Tensor(graph.InputShapes[0]);
        var random = new Random(1);
        foreach (ref float value in input.Span)
            value = random.NextSingle() - 0.5f;
        using var copying = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = Copying });
        float[][] expected = [.. copying.Run(input).Select(output => output.Span.ToArray())];
        foreach (var options in new NetworkOptions[] { new(), new() { Threads = 1, KeepAll = true } })
        {
            using var network = new CpuNetwork(graph, options);
            Assert.Equal(expected, network.Run(input).Select(output => output.Span.ToArray()));
        }
    }
}
