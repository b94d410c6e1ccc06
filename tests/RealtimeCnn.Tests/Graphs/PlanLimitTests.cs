using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>What a plan refuses before it takes any memory: tensors that kernels cannot address, and more bytes than allowed.</summary>
public class PlanLimitTests
{
    /// <summary>Every layer that works on channels in blocks, by a case that one plane of its channels would do for.</summary>
    public static TheoryData<string> BlockedLayers => [.. LayerCases.All.Where(IsBlocked).DistinctBy(one => one.Layer.GetType()).Select(one => one.Id)];

    [Fact]
    public void Many_layers_work_on_blocks() => Assert.InRange(BlockedLayers.Count, 15, int.MaxValue);

    [Theory]
    [MemberData(nameof(BlockedLayers))]
    public void A_plane_of_2_to_the_27_pixels_is_refused_by_name_where_blocks_of_16_channels_are_too_large(string id)
    {
        var layer = LayerCases.Find(id).Layer;
        var photograph = Plane(LayerCases.Find(id).Inputs[0], 1 << 14, 1 << 13);
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, builder.Input("photograph", photograph), name: "first"));
        var error = Assert.Throws<ShapeException>(() => Plan.Build(graph, [], new PlanOptions(CpuKernels.Table, MaxActivationBytes: long.MaxValue)));
        // A convolution of a picture reads it as it is, and its own value is too large.
        Assert.True(error.Message.Contains("'photograph'", StringComparison.Ordinal) || (layer is ConvolutionLayer && error.Message.Contains("'first'", StringComparison.Ordinal)), error.Message);
        Assert.Contains($"{photograph} takes 2147483648 floats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_grow_too_large_in_blocks_are_refused_by_name()
    {
        // One filter of 2^27 weights: blocks of 16 output channels make it sixteen times as large.
        var layer = new Linear(1 << 27, 1) { HasBias = false };
        var call = new LayerCall(new Node("wide", layer, [], []), [new TensorInfo(new Shape(1, 1 << 27), Layout.Blocked)], new TensorInfo(new Shape(1, 1), Layout.Blocked));
        Assert.Contains("2147483648 floats", Assert.Throws<ShapeException>(() => CpuKernels.Table.Choose(call).Plan(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_needs_more_memory_than_allowed_is_refused_with_both_numbers_and_runs_when_the_limit_is_raised()
    {
        using var graph = OneChannel();
        using var input = new Tensor(new Shape(1, 1, 256, 256));
        // A quarter of a megabyte of numbers, four in blocks of 16 channels.
        using var small = new CpuNetwork(graph, new NetworkOptions { MaxActivationBytes = 1 << 20 });
        var error = Assert.Throws<ShapeException>(() => small.Run(input));
        Assert.Contains("1048576", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxActivationBytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 1, 256, 256]", error.Message, StringComparison.Ordinal);
        Assert.Contains("'picture'", error.Message, StringComparison.Ordinal);

        using var large = new CpuNetwork(graph, new NetworkOptions { MaxActivationBytes = 16 << 20 });
        Assert.Single(large.Run(input));
    }

    [Fact]
    public void A_graph_tells_its_activations_before_they_are_taken()
    {
        using var graph = OneChannel();
        using var input = new Tensor(new Shape(1, 1, 64, 32));
        using var network = new CpuNetwork(graph, new NetworkOptions { Optimize = false });
        network.Run(input);
        Assert.Equal(network.ActivationBytes.Planned, graph.ActivationBytes(input.Shape));
        Assert.True(graph.ActivationBytes() > 16L * 256 * 256 * sizeof(float));
    }

    [Fact]
    public void Constants_are_not_folded_beyond_the_limit()
    {
        var builder = new GraphBuilder();
        var many = builder.Add(new Expand(new Shape(1 << 22)), builder.Add(new Constant(new Shape(1)), [], [new Tensor(new Shape(1))], "one"), name: "many");
        using var graph = builder.Build(builder.Add(new Add(), [builder.Input("x", new Shape(1)), many]));
        using var network = new CpuNetwork(graph, new NetworkOptions { MaxActivationBytes = 1 << 20 });
        var error = Assert.Throws<ShapeException>(() => network.Graph);
        Assert.Contains("'many'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_the_system_does_not_give_is_an_error_with_a_sentence()
    {
        var error = Assert.ThrowsAny<OutOfMemoryException>(AllocateTooMuch);
        Assert.Contains("for a test", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{nuint.MaxValue / 2}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_of_many_nodes_is_made_in_time()
    {
        var builder = new GraphBuilder();
        var node = builder.Input("x", new Shape(4));
        for (int i = 0; i < 20_000; i++)
            node = builder.Add(new Neg(), node, [], $"n{i}");
        using var graph = builder.Build(node);
        var plan = await Task.Run(() => Plan.Build(graph, [], new PlanOptions(CpuKernels.Table, KeepAll: true))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(20_000, plan.Steps.Count);
    }

    private static unsafe void AllocateTooMuch() => AlignedMemory.AllocateZeroed(nuint.MaxValue / 2, "a test");

    private static Shape Plane(Shape shape, int height, int width) => new(1, shape.Channels, height, width);

    /// <summary>Whether the layer takes one picture of any size and few channels, and its kernel takes it in blocks.</summary>
    private static bool IsBlocked(LayerCase one)
    {
        if (one.Inputs is not [{ Rank: 4, Channels: <= 3 } shape] || one.Layer.InputCount.Fewest != 1)
            return false;
        try
        {
            Shape small = Plane(shape, 64, 32), large = Plane(shape, 1 << 14, 1 << 13);
            _ = one.Layer.InferShapes([large]).Select(output => output.Count).Sum(count => (long)count);
            var outputs = one.Layer.InferShapes([small]).Select(output => new TensorInfo(output, Layout.Blocked)).ToArray();
            var call = new LayerCall(new Node("one", one.Layer, [], []), [new TensorInfo(small, Layout.Plain)], outputs[0]) { Outputs = outputs };
            return CpuKernels.Table.Choose(call).Layouts(call).Of(0).Layout == Layout.Blocked;
        }
        catch (ShapeException)
        {
            return false;
        }
    }

    private static Graph OneChannel()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("picture", new Shape(1, 1, 256, 256));
        return builder.Build(builder.Add(new MaxPool2d(3) { Stride = 1, Padding = 1 }, x, name: "pool"));
    }
}
