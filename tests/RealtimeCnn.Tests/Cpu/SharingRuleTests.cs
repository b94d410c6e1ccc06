using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Small steps stay on the caller's thread, large ones are cut into ranges for all.</summary>
public sealed unsafe class SharingRuleTests
{
    private const int Items = 64;
    private static readonly Shape Vector = new(1, Items);

    [ThreadStatic]
    private static List<(int From, int To)>? t_ranges;

    [Fact]
    public void Work_decides()
    {
        Assert.False(SharingRule.IsShared(Call(new Linear(84, 10), new Shape(1, 84), new Shape(1, 10))));
        Assert.True(SharingRule.IsShared(Call(new Linear(4096, 1000), new Shape(1, 4096), new Shape(1, 1000))));
        Assert.False(SharingRule.IsShared(Call(new Worth(SharingRule.LeastOperations - 1), Vector, Vector)));
        Assert.True(SharingRule.IsShared(Call(new Worth(SharingRule.LeastOperations), Vector, Vector)));
    }

    [Fact]
    public void Work_that_nobody_knows_is_shared()
    {
        var small = Call(new Worth(1), Vector, Vector);
        Assert.False(SharingRule.IsShared(small));
        Assert.True(SharingRule.IsShared(small with { Nodes = [small.Node, small.Node] }));
        Assert.True(SharingRule.IsShared(small with { Forward = small }));
    }

    [Theory]
    [InlineData(SharingRule.LeastOperations - 1, true)]
    [InlineData(SharingRule.LeastOperations, false)]
    public void A_plan_runs_small_steps_whole(long operations, bool whole)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Worth(operations), builder.Input("x", Vector)));
        var table = new KernelTable(CpuKernels.Backend, CpuKernels.Block, [CpuKernel.For<Worth>((_, _) => CpuDispatch.Create(&Record, 0, Items), LayoutRules.Plain), .. CpuKernels.Table.Entries]);
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 2, Kernels = table });
        using var x = new Tensor(Vector);
        network.Run(x);
        t_ranges = [];
        for (int run = 0; run < 10; run++)
            network.Run(x);
        // Of a step that is cut, the caller gets parts, and maybe none of them.
        Assert.Equal(whole ? 10 : 0, t_ranges.Count(range => range.To - range.From == Items));
    }

    private static LayerCall Call(Layer layer, Shape input, Shape output)
    {
        var builder = new GraphBuilder();
        return new LayerCall(builder.Add(layer, builder.Input("x", input)), [new TensorInfo(input, Layout.Plain)], new TensorInfo(output, Layout.Plain));
    }

    private static void Record(CpuArguments* arguments, int from, int to) => t_ranges?.Add((from, to));

    /// <summary>A layer that says how much work it is.</summary>
    private sealed record Worth(long Steps) : Layer
    {
        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

        public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Steps;
    }
}
