using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>What a step of a plan for a device can be: several nodes, in place.</summary>
[Collection(GlTests.Name)]
public sealed class GpuStepTests(GlFixture gl)
{
    private static readonly Shape Vector = new(37);

    [Fact]
    public void A_block_is_one_step_where_nobody_else_reads_inside_it() => gl.Run(device =>
    {
        var builder = new GraphBuilder();
        var inner = builder.Add(new Neg(), builder.Input("x", Vector));
        var outer = builder.Add(new Abs(), inner);
        using var alone = builder.Build(outer);
        using var seen = builder.Build(outer, inner);
        // The absolute value of the negation is that of the number itself.
        var options = With(device, GpuKernel.For<Abs>(UnaryKernel.Plan, LayoutRules.AsGiven, "negation and absolute value", block: node => node.Inputs[0].Layer is Neg ? [node.Inputs[0], node] : null));
        Assert.Equal([inner, outer], Assert.Single(Plan.Build(alone, [], new PlanOptions(options.Kernels!)).Steps).Call.Nodes);
        Assert.Equal(2, Plan.Build(seen, [], new PlanOptions(options.Kernels!)).Steps.Count);
        using var network = new GpuNetwork(device, alone, options);
        using var x = Numbers();
        Assert.Equal([.. x.Span.ToArray().Select(Math.Abs)], network.Run(x)[0].Span.ToArray());
        Assert.Equal(1, network.DispatchCount);
    });

    [Fact]
    public void A_kernel_works_in_place_where_its_input_is_not_read_again() => gl.Run(device =>
    {
        var builder = new GraphBuilder();
        var square = builder.Add(new Square(), builder.Input("x", Vector));
        var first = builder.Add(new Neg(), square);
        using var graph = builder.Build(builder.Add(new Neg(), builder.Add(new Add(), [first, square])));
        var options = With(device, GpuKernel.For<Neg>(UnaryKernel.Plan, LayoutRules.AsGiven, "in place", inPlaceInput: 0));
        var steps = Plan.Build(graph, [], new PlanOptions(options.Kernels!)).Steps.Where(step => step.Call.Layer is Neg).ToList();
        Assert.Null(steps[0].Outputs[0].Replaces);
        Assert.NotNull(steps[1].Outputs[0].Replaces);
        using var network = new GpuNetwork(device, graph, options);
        using var x = Numbers();
        for (int run = 0; run < 2; run++)
            Assert.All(network.Run(x)[0].Span.ToArray(), value => Assert.Equal(0, value));
    });

    private static Tensor Numbers() => new(Vector, [.. Enumerable.Range(0, Vector.Count).Select(i => i - 18f)]);

    private static NetworkOptions With(GlDevice device, Kernel kernel) => new()
    {
        Optimize = false,
        Kernels = new KernelTable(GpuKernels.Backend, GpuKernels.Block, [kernel, .. device.Kernels.Entries]),
    };
}
