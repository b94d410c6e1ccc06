using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Camera;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>What is written to a parameter reaches every network of its graph, and every copy exists once.</summary>
[Collection(nameof(RunsAlone))]
public class ParameterTests
{
    /// <summary>What a tensor takes: whole vectors of 64 bytes.</summary>
    private static long BytesOf(Shape shape) => ((shape.Count * sizeof(float)) + 63) / 64 * 64;

    private static readonly Shape Picture = new(1, 3, 9, 7);

    [Fact]
    public void A_parameter_has_a_name_values_and_a_version()
    {
        using var graph = Net();
        Assert.Equal(["conv.weight", "norm.scale", "norm.bias", "norm.running_mean", "norm.running_variance", "head.weight", "head.bias"], graph.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([false, false, false, true, true, false, false], graph.Parameters.Select(parameter => parameter.IsStatistic));
        var bias = graph["head"].Parameters[1];
        long before = bias.Version;
        bias.Write([1, 2, 3, 4, 5]);
        Assert.True(bias.Version > before);
        Assert.Equal([1, 2, 3, 4, 5], bias.Values.ToArray());
        var error = Assert.Throws<ShapeException>(() => bias.Write([1]));
        Assert.Equal("Parameter 'head.bias' of shape [5] has 5 elements; 1 were given.", error.Message);
    }

    [Fact]
    public void A_run_sees_what_was_written_before_it_as_a_fresh_network_does()
    {
        using var graph = Net();
        using var input = Random(Picture, 5);
        using var network = new CpuNetwork(graph);
        network.Run(input);
        // The convolution's weight and the normalisation are folded into one parameter, the head's are read as they are.
        for (int i = 0; i < graph.Parameters.Count; i++)
        {
            float[] before = network.Run(input)[0].Span.ToArray();
            Change(graph.Parameters[i], 0.25f);
            float[] after = network.Run(input)[0].Span.ToArray();
            Assert.NotEqual(before, after);
            Assert.Equal(Fresh(graph, input), after);
        }
    }

    /// <summary>A weight with a normalisation in it is in memory while it is packed, or once somebody has looked at it; then it stays.</summary>
    [Fact]
    public void What_is_computed_to_be_packed_is_freed_unless_somebody_looks()
    {
        using var graph = Net();
        using var input = Random(Picture, 5);
        using var network = new CpuNetwork(graph);
        float[] result = network.Run(input)[0].Span.ToArray();
        var folded = network.Graph.Parameters.Single(parameter => parameter.Name == "conv.weight with batch normalisation");
        long before = Tensor.LiveBytes;
        var values = folded.Values;
        Assert.Equal(BytesOf(folded.Shape), Tensor.LiveBytes - before);
        var (scale, variance) = (graph["norm"].Parameters[0].Values[0], graph["norm"].Parameters[3].Values[0]);
        float expected = (float)(graph["conv"].Parameters[0].Values[0] * (scale / Math.Sqrt(variance + ((BatchNorm2d)graph["norm"].Layer).Epsilon)));
        Assert.Equal(expected, values[0], 1e-6f);
        float[] copy = values.ToArray();
        using (var another = new CpuNetwork(graph))
            Assert.Equal(result, another.Run(input)[0].Span.ToArray());
        Assert.Equal(copy, values.ToArray());
        Assert.Equal(result, network.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void Constants_that_passes_and_plans_computed_follow()
    {
        var builder = new GraphBuilder();
        Node x = builder.Input("x", new Shape(1, 4, 3, 3));
        Node constant = builder.Add(new Constant(new Shape(4, 3, 3)), [], [new Tensor(new Shape(4, 3, 3))], "constant");
        // Behind a Relu the pass computes the sum once; without passes it is in the plan's prologue.
        Node sum = builder.Add(new Add(), [builder.Add(new Relu(), x), builder.Add(new Neg(), constant)]);
        using var graph = builder.Build(sum);
        using var input = Random(new Shape(1, 4, 3, 3), 1);
        foreach (bool optimize in new[] { true, false })
        {
            using var network = new CpuNetwork(graph, new NetworkOptions { Optimize = optimize });
            network.Run(input);
            Change(graph["constant"].Parameters[0], 0.5f);
            Assert.Equal(Fresh(graph, input), network.Run(input)[0].Span.ToArray());
            Assert.Contains(network.Run(input)[0].Span.ToArray(), value => value < -0.1f);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_that_stop_being_finite_do_not_spoil_what_does_not_read_them(bool depthwise)
    {
        using var graph = Graph(depthwise ? new DepthwiseConv2d(3, 3) { Padding = 1 } : new Conv2d(3, 5, 3) { Padding = 1 }, Picture);
        using var input = Random(Picture, 3);
        using var network = new CpuNetwork(graph);
        network.Run(input);
        var weight = graph.Parameters[0];
        using (var edit = weight.Edit())
            edit.Values[0] = float.PositiveInfinity;
        using var plain = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = ["ConvolutionLayer/plain", "DepthwiseConv2d/depthwise"] });
        float[] expected = plain.Run(input)[0].Span.ToArray();
        Assert.Contains(expected, float.IsFinite);
        Assert.Equal(expected, network.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void What_is_computed_of_others_cannot_be_written()
    {
        using var graph = Net();
        using var network = new CpuNetwork(graph);
        var folded = network.Graph.Parameters.First(parameter => !graph.Parameters.Contains(parameter));
        var error = Assert.Throws<InvalidOperationException>(() => folded.Edit().Dispose());
        Assert.Equal("Parameter 'conv.weight with batch normalisation' is computed of conv.weight, norm.scale, norm.bias, norm.running_mean, norm.running_variance; write to those.", error.Message);
    }

    [Fact]
    public void A_run_inside_an_edit_is_refused()
    {
        using var graph = Net();
        using var input = Random(Picture, 5);
        using var network = new CpuNetwork(graph);
        network.Run(input);
        using (graph.Parameters[0].Edit())
        {
            Assert.Throws<InvalidOperationException>(() => network.Run(input));
            Assert.Throws<InvalidOperationException>(() => graph.Parameters[1].Edit().Dispose());
        }

        network.Run(input);
    }

    [Fact]
    public void Networks_and_plans_of_one_graph_share_what_is_folded_and_packed()
    {
        using var graph = Net();
        using Tensor input = Random(Picture, 5), larger = Random(new Shape(2, 3, 11, 8), 5);
        long start = Tensor.LiveBytes;
        using var first = new CpuNetwork(graph);
        first.Run(input);
        int copies = graph.Store.CopyCount;
        using (var second = new CpuNetwork(graph))
        {
            Assert.Same(first.Graph, second.Graph);
            long before = Tensor.LiveBytes;
            var output = second.Run(input)[0];
            Assert.Equal(BytesOf(output.Shape), Tensor.LiveBytes - before);
            before = Tensor.LiveBytes;
            output = second.Run(larger)[0];
            Assert.Equal(BytesOf(output.Shape), Tensor.LiveBytes - before);
            Assert.Equal(copies, graph.Store.CopyCount);
        }

        Assert.Equal(copies, graph.Store.CopyCount);
        first.Dispose();
        Assert.Equal(0, graph.Store.CopyCount);
        Assert.Equal(start, Tensor.LiveBytes);
    }

    [Fact]
    public void An_optimiser_keeps_a_parameter_in_the_order_of_its_kernel()
    {
        using var graph = Graph(new Conv2d(3, 5, 3) { Padding = 1 }, Picture);
        using var input = Random(Picture, 5);
        using var network = new CpuNetwork(graph);
        network.Run(input);
        var weight = graph.Parameters[0];
        float[] expected = [.. weight.Values.ToArray().Select(value => value * 0.5f)];
        using (var optimiser = new PackedSet(graph.Store, CpuPackingDevice.Instance))
        {
            var packed = optimiser.Take(new PackedWeights(new WeightPacking(5, 3, 9, Lanes.Count), weight));
            Assert.Equal(2, packed.Users);
            using (var edit = packed.Edit())
            {
                Assert.Equal(16 * 3 * 9, edit.Values.Length);
                foreach (ref float value in edit.Values)
                    value *= 0.5f;
            }

            float[] actual = network.Run(input)[0].Span.ToArray();
            Assert.Equal(expected, weight.Values.ToArray());
            Assert.Equal(Fresh(graph, input), actual);

            using (var edit = packed.Edit())
                edit.Values[0] = 7;
        }

        // The last user of the copy goes: the parameter takes its values home.
        network.Dispose();
        Assert.Equal(0, graph.Store.CopyCount);
        Assert.Equal(7, weight.Values[0]);
    }

    [Fact]
    public void What_was_packed_can_be_had_back()
    {
        Packing[] packings =
        [
            new WeightPacking(19, 3, 4, 16), new WeightPacking(5, 7, 9, 4, 4), new TransposedWeightPacking(2, 3, 5, 4, 4, 4),
            new LocalWeightPacking(6, 5, 3, 4, 16, 3), new VectorPacking(19, 16), new PicturePacking(new Shape(1, 5, 2, 3), 4),
        ];
        int[] counts = [19 * 3 * 4, 5 * 7 * 9, 2 * 3 * 5 * 4, 6 * 5 * 3 * 4, 19, 30];
        foreach (var (packing, count) in packings.Zip(counts))
        {
            using var values = new Tensor(new Shape(count), [.. Enumerable.Range(1, count).Select(i => (float)i)]);
            var parameter = new ParameterStore().Own(values, "values");
            float[] packed = [.. Enumerable.Repeat(-1f, packing.Elements)], back = new float[count];
            packing.Pack([parameter], packed);
            Assert.Equal(count, packed.Distinct().Count() - (packed.Contains(0) ? 1 : 0));
            packing.Unpack(packed, back);
            Assert.Equal(parameter.Values.ToArray(), back);
        }
    }

    [Fact]
    public unsafe void A_kernel_that_reads_halves_gets_its_parameters_as_halves()
    {
        using var values = new Tensor(new Shape(37), [.. Enumerable.Range(0, 37).Select(i => 1f / (i + 3))]);
        var store = new ParameterStore();
        var parameter = store.Own(values, "weights");
        using var plan = new PackedSet(store, CpuPackingDevice.Instance);
        var floats = plan.Take(new PackedWeights(new VectorPacking(37, 16), parameter));
        var halves = (CpuPackedCopy)plan.Take(new PackedWeights(new VectorPacking(37, 16), parameter) { Element = ElementType.Float16 });
        Assert.Equal(floats.Bytes, 2 * halves.Bytes);
        for (int round = 0; round < 2; round++)
        {
            plan.Refresh();
            Assert.Equal(parameter.Values.ToArray().Select(value => (Half)value), new ReadOnlySpan<Half>(halves.Address, 37).ToArray());
            Change(parameter, 0.3f);
        }

        var error = Assert.Throws<NotSupportedException>(() => halves.Edit().Dispose());
        Assert.Equal("VectorPacking of weights as Float16 cannot be undone, so that no parameter can be kept so; edit the parameter.", error.Message);
        values.Dispose();
    }

    [Fact]
    public void Writing_and_running_allocates_nothing()
    {
        using var graph = Net();
        using var input = Random(Picture, 5);
        using var network = new CpuNetwork(graph);
        for (int i = 0; i < 3; i++)
            Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            for (int i = 0; i < graph.Parameters.Count; i++)
                Change(graph.Parameters[i], 0.01f);
            network.Run(input);
        }
    }

    /// <summary>All elements of a parameter move together, so that a run that saw half of a change would differ from every whole one.</summary>
    [Fact]
    public async Task Networks_on_several_threads_see_whole_changes_while_a_parameter_is_written()
    {
        using var graph = Graph(new Conv2d(3, 33, 3), Picture);
        using var input = new Tensor(Picture);
        input.Span.Fill(1);
        Fill(0);
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
            while (!stop.IsCancellationRequested)
            {
                var output = network.Run(input)[0].Span;
                Assert.False(output.ContainsAnyExcept(output[0]), "A run saw half of a change.");
            }
        }))];
        for (int i = 1; i <= 300; i++)
            Fill(i);
        await stop.CancelAsync();
        await Task.WhenAll(readers);

        void Fill(float value)
        {
            using (var edit = graph.Parameters[0].Edit())
                edit.Values.Fill(value);
            using (var edit = graph.Parameters[1].Edit())
                edit.Values.Clear();
        }
    }

    internal static Graph Net()
    {
        var builder = new GraphBuilder(4);
        Node x = builder.Input("x", Picture);
        x = builder.Add(new Conv2d(3, 20, 3) { HasBias = false }, x, name: "conv");
        x = builder.Add(new BatchNorm2d(20), x, name: "norm");
        x = builder.Add(new GlobalAveragePool(), builder.Add(new Relu(), x));
        var graph = builder.Build(builder.Add(new Linear(20, 5), builder.Add(new Flatten(), x), name: "head"));
        GraphRuns.RandomizeAffine(graph, 2);
        return graph;
    }

    internal static void Change(Parameter parameter, float by)
    {
        using var edit = parameter.Edit();
        foreach (ref float value in edit.Values)
            value += by;
    }

    internal static Tensor Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = random.NextSingle() - 0.4f;
        return tensor;
    }

    private static Graph Graph(Layer layer, Shape input)
    {
        var builder = new GraphBuilder(4);
        return builder.Build(builder.Add(layer, builder.Input("x", input), name: "layer"));
    }

    /// <summary>What a graph of its own, with the same values, gives.</summary>
    private static float[] Fresh(Graph graph, Tensor input)
    {
        using var copy = Copy(graph);
        using var network = new CpuNetwork(copy);
        return network.Run(input)[0].Span.ToArray();
    }

    internal static Graph Copy(Graph graph)
    {
        var builder = new GraphBuilder();
        var copies = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            copies[node] = node.Layer is Input input ? builder.Input(node.Name, input.Shape) : builder.Add(
                node.Layer, [.. node.Inputs.Select(each => copies[each])], [.. node.Parameters.Select(parameter => new Tensor(parameter.Shape, parameter.Values))], node.Name);
        }

        return builder.Build([.. graph.Outputs.Select(node => copies[node])]);
    }
}
