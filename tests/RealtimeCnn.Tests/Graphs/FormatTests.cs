using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>Element types and borders of a plan's values: conversions stand where neighbours differ, and nowhere else.</summary>
public unsafe class FormatTests
{
    private static readonly Shape Picture = new(2, 19, 9, 7);

    [Fact]
    public void A_picture_of_bytes_is_widened_by_the_first_step()
    {
        using var graph = Graph(x => x.Conv2d(5, 3, padding: 1).Relu());
        byte[] bytes = [.. Enumerable.Range(0, Picture.Count).Select(i => (byte)(i * 37))];
        using var input = new Tensor(Picture, [.. bytes.Select(value => (float)value)]);
        using var network = new CpuNetwork(graph);
        float[] expected = network.Run(input)[0].Span.ToArray();
        Assert.Equal(expected, network.Run(Picture, bytes)[0].Span.ToArray());

        var plan = Plan.Build(network.Graph, [], network.PlanOptions with { InputElement = ElementType.UInt8 });
        Assert.Equal(["Widen", "ToBlocked", "AddBorder", "Conv2d", "ToPlain"], Steps(plan));
        Assert.Equal(Picture.Count, plan.Inputs[0].Info.Bytes(1));
        Assert.Equal(4 * Picture.Count, plan.Steps[0].Outputs[0].Info.Bytes(1));
    }

    [Fact]
    public void Bytes_reach_a_kernel_that_reads_them_without_a_step_between()
    {
        using var graph = Graph(x => x.Then(new Sigmoid()));
        byte[] bytes = [.. Enumerable.Range(0, Picture.Count).Select(i => (byte)(i % 11))];
        using var input = new Tensor(Picture, [.. bytes.Select(value => (float)value)]);
        using var network = new CpuNetwork(graph);
        Assert.Equal(network.Run(input)[0].Span.ToArray(), network.Run(Picture, bytes)[0].Span.ToArray());
        Assert.Equal(["Sigmoid"], Steps(Plan.Build(graph, [], network.PlanOptions with { InputElement = ElementType.UInt8 })));
    }

    [Fact]
    public void Values_stored_as_halves_need_half_the_memory_and_lose_as_much_as_halves_do()
    {
        using var graph = Graph(x =>
        {
            for (int i = 0; i < 4; i++)
                x = x.Tanh().Then(new Sigmoid());
            return x;
        });
        using var input = Random(Picture, 3);
        using var floats = new CpuNetwork(graph);
        using var halves = new CpuNetwork(graph, new NetworkOptions { Storage = ElementType.Float16 });
        float[] expected = floats.Run(input)[0].Span.ToArray(), actual = halves.Run(input)[0].Span.ToArray();
        Assert.NotEqual(expected, actual);
        // Each store rounds by at most 2^-11 of the value, and no function here is steeper than 1.
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 8 * MathF.Pow(2, -11)));

        var plan = Plan.Build(graph, [], halves.PlanOptions);
        Assert.Equal(["Tanh", "Sigmoid", "Tanh", "Sigmoid", "Tanh", "Sigmoid", "Tanh", "Sigmoid"], Steps(plan));
        Assert.All(plan.Steps.SkipLast(1), step => Assert.Equal(ElementType.Float16, step.Outputs[0].Info.Element));
        // Between the ends, every value lies in the same place, in half the bytes.
        long full = Plan.Build(graph, [], floats.PlanOptions).Steps[3].Outputs[0].Info.Bytes(16);
        Assert.Equal(full, 2 * plan.Steps[3].Outputs[0].Info.Bytes(16));
    }

    [Fact]
    public void Where_many_values_wait_the_arena_is_half_as_large()
    {
        // Sixteen values that live together, because each is read again at the end.
        using var graph = Graph(x =>
        {
            var kept = Enumerable.Range(0, 16).Select(_ => x = x.Tanh()).ToArray();
            return kept.Reverse().Aggregate((sum, value) => sum.Add(value));
        });
        long floats = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table)).ArenaBytes;
        long halves = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table, Storage: ElementType.Float16)).ArenaBytes;
        Assert.InRange((double)halves / floats, 0.5, 0.7);
    }

    [Fact]
    public void Kernels_that_know_no_halves_get_floats()
    {
        using var graph = Graph(x => x.Conv2d(20, 3, padding: 1).Conv2d(5, 1));
        using var input = Random(Picture, 3);
        using var floats = new CpuNetwork(graph);
        using var halves = new CpuNetwork(graph, new NetworkOptions { Storage = ElementType.Float16, KeepAll = true });
        Tensor expected = floats.Run(input)[0], actual = halves.Run(input)[0];
        Assert.All(expected.Span.ToArray().Zip(actual.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
        Assert.Equal(["ToBlocked", "AddBorder", "Conv2d", "Narrow", "Widen", "PointwiseConv2d", "ToPlain"], Steps(Plan.Build(halves.Graph, [], halves.PlanOptions)));
        // What is read back was stored: it is a half.
        using var kept = halves.Read(halves.Graph.Nodes[1].Name);
        Assert.All(kept.Span.ToArray(), value => Assert.Equal((float)(Half)value, value));
    }

    [Fact]
    public void Every_half_is_read_and_written_as_the_runtime_does()
    {
        using Tensor memory = new(new Shape(16)), stored = new(new Shape(16));
        for (int first = 0; first <= ushort.MaxValue; first += 16)
        {
            for (int i = 0; i < 16; i++)
                ((ushort*)memory.Pointer)[i] = (ushort)(first + i);
            var floats = Halves.Load(memory.Pointer, 0);
            Halves.Store(floats, stored.Pointer, 0);
            for (int i = 0; i < 16; i++)
            {
                var half = BitConverter.UInt16BitsToHalf((ushort)(first + i));
                Assert.Equal((float)half, floats[i]);
                var back = ((Half*)stored.Pointer)[i];
                Assert.True(Half.IsNaN(half) ? Half.IsNaN(back) : BitConverter.HalfToUInt16Bits(back) == first + i, $"{first + i:x4} came back as {BitConverter.HalfToUInt16Bits(back):x4}");
            }
        }
    }

    [Fact]
    public void Every_float_is_rounded_to_the_half_that_the_runtime_rounds_it_to()
    {
        var random = new Random(1);
        using Tensor memory = new(new Shape(16)), stored = new(new Shape(16));
        float[] edges = [0, -0f, 65504, 65519.99f, 65520, 65536, 1e30f, float.PositiveInfinity, float.NegativeInfinity, 5.9604645e-8f, 2.9802322e-8f, 2.98023259e-8f, 6.097555e-5f, 6.1035156e-5f, 1.00048828125f, 1.00146484375f];
        for (int round = 0; round < 100_000; round++)
        {
            for (int i = 0; i < 16; i++)
                memory.Span[i] = round == 0 ? edges[i] : BitConverter.Int32BitsToSingle((random.Next(100, 145) << 23) | random.Next(1 << 23) | (random.Next(2) << 31));
            Halves.Store(System.Runtime.Intrinsics.Vector512.Load(memory.Pointer), stored.Pointer, 0);
            for (int i = 0; i < 16; i++)
                Assert.Equal(BitConverter.HalfToUInt16Bits((Half)memory.Span[i]), ((ushort*)stored.Pointer)[i]);
        }
    }

    [Fact]
    public void A_convolution_writes_the_border_that_its_reader_asks_for()
    {
        using var graph = Graph(x => x.Conv2d(21, 1).DepthwiseConv2d(3, padding: 1));
        using var network = new CpuNetwork(graph);
        var plan = Plan.Build(network.Graph, [], network.PlanOptions);
        Assert.Equal(["ToBlocked", "PointwiseConv2d", "DepthwiseConv2d", "ToPlain"], Steps(plan));
        Assert.Equal(new Border(1, 1, 1, 1), plan.Steps[1].Outputs[0].Info.Border);
        AssertSameWithout(network, graph);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 3, 2)]
    public void Borders_are_as_wide_as_windows_reach(int stride, int padding, int dilation)
    {
        using var graph = Graph(x => x.Conv2d(17, 3, padding: 1).Then(
            new DepthwiseConv2d(17, new Size2d(3, 5)) { Stride = stride, Padding = padding, Dilation = dilation }).Then(new GlobalMaxPool()));
        using var network = new CpuNetwork(graph);
        AssertSameWithout(network, graph);
    }

    [Fact]
    public void Where_the_value_before_has_no_border_a_step_puts_one_around_it()
    {
        using var graph = Graph(x => x.DepthwiseConv2d(3, padding: 1));
        using var network = new CpuNetwork(graph);
        Assert.Equal(["ToBlocked", "AddBorder", "DepthwiseConv2d", "ToPlain"], Steps(Plan.Build(graph, [], network.PlanOptions)));
        AssertSameWithout(network, graph);
    }

    [Theory]
    [InlineData(PaddingMode.Replicate)]
    [InlineData(PaddingMode.Reflect)]
    public void Producers_write_borders_of_zeros_and_a_step_writes_every_other(PaddingMode mode)
    {
        using var graph = Graph(x => x.Conv2d(32, 3, padding: 1)
            .Then(new DepthwiseConv2d(32, new Size2d(5, 3)) { Padding = 2, PaddingMode = mode }).Then(new Conv2d(32, 17, 3) { Padding = 1, PaddingMode = mode, Stride = 2 }));
        using var network = new CpuNetwork(graph);
        var plan = Plan.Build(network.Graph, [], network.PlanOptions);
        Assert.Equal(["ToBlocked", "AddBorder", "Conv2d", "AddBorder", "DepthwiseConv2d", "AddBorder", "Conv2d", "ToPlain"], Steps(plan));
        Assert.All([(1, new Border(1, 1, 1, 1)), (3, new Border(2, 2, 2, 2) { Mode = mode }), (5, new Border(1, 1, 1, 1) { Mode = mode })], at => Assert.Equal(at.Item2, plan.Steps[at.Item1].Outputs[0].Info.Border));
        AssertSameWithout(network, graph);
    }

    [Fact]
    public void A_border_that_the_reader_does_not_take_after_all_is_taken_away()
    {
        using var graph = Graph(x => x.Conv2d(19, 1).Add(x));
        var table = new KernelTable(CpuKernels.Backend, CpuKernels.Block, [CpuKernel.For<Add>((_, call) => BroadcastFunctions.Plan(BinaryFunction.Add, call), Fickle), .. CpuKernels.Table.Entries]);
        using var network = new CpuNetwork(graph, new NetworkOptions { Kernels = table, Optimize = false });
        using var without = new CpuNetwork(graph, new NetworkOptions { Optimize = false });
        Assert.Equal(["ToBlocked", "Conv2d", "RemoveBorder", "Add", "ToPlain"], Steps(Plan.Build(graph, [], network.PlanOptions)));
        using var input = Random(Picture, 3);
        Assert.Equal(without.Run(input)[0].Span.ToArray(), network.Run(input)[0].Span.ToArray());

        // While it is asked all inputs look blocked; the graph's input is not.
        static LayoutChoice Fickle(LayerCall call) => call.Inputs[1].Layout == Layout.Plain
            ? LayoutChoice.Blocked
            : new LayoutChoice(Layout.Blocked, Layout.Blocked) { PerInput = [new TensorFormat(Layout.Blocked, Border: new Border(2, 0, 1, 3)), Layout.Blocked] };
    }

    [Fact]
    public void Two_readers_of_one_value_each_get_the_format_that_they_take()
    {
        using var graph = Graph(x =>
        {
            var shared = x.Conv2d(19, 1);
            return shared.DepthwiseConv2d(3, padding: 1).Add(shared.Tanh());
        });
        using var network = new CpuNetwork(graph);
        AssertSameWithout(network, graph);
    }

    /// <summary>As a kernel without borders computes it, bit for bit.</summary>
    private static void AssertSameWithout(CpuNetwork network, Graph graph)
    {
        Assert.Contains(Plan.Build(network.Graph, [], network.PlanOptions).Steps, step => step.Kernel.ToString() == "DepthwiseConv2d/strip");
        using var without = new CpuNetwork(graph, new NetworkOptions { ForcedKernels = ["DepthwiseConv2d/depthwise"] });
        using var input = Random(graph.InputShapes[0], 3);
        Assert.Equal(without.Run(input)[0].Span.ToArray(), network.Run(input)[0].Span.ToArray());
        // What lay in the arena before must not show.
        Assert.Equal(without.Run(input)[0].Span.ToArray(), network.Run(input)[0].Span.ToArray());
    }

    private static string[] Steps(Plan plan) => [.. plan.Steps.Select(step => step.Call.Layer.GetType().Name)];

    private static Graph Graph(Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var builder = new GraphBuilder(3);
        return builder.Build(layers(builder.Start(Picture)));
    }

    private static Tensor Random(Shape shape, int seed) => ParameterTests.Random(shape, seed);
}
