using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Kernels;

/// <summary>What a step of a plan can be: several nodes, several outputs, memory of its own, in place.</summary>
public sealed unsafe class StepTests
{
    private static readonly Shape Picture = new(1, 2, 3, 5);

    [Fact]
    public void A_layer_with_several_outputs_gives_each_as_a_value()
    {
        var builder = new GraphBuilder();
        var both = builder.Add(new MinAndMax(), builder.Input("x", Picture));
        using var graph = builder.Build(builder.Add(new Neg(), builder.Add(new NodeOutput(1), both)), both);
        using var network = new CpuNetwork(graph, WithTestKernels());
        using var x = new Tensor(Picture, [.. Enumerable.Range(0, 30).Select(i => (float)((i * 7) % 30))]);
        var outputs = network.Run(x);
        Assert.Equal([-29f], outputs[0].Span.ToArray());
        Assert.Equal([0f], outputs[1].Span.ToArray());
    }

    [Fact]
    public void An_output_that_a_layer_does_not_have_is_named()
    {
        var builder = new GraphBuilder();
        var third = builder.Add(new NodeOutput(2), builder.Add(new MinAndMax(), builder.Input("x", Picture)), name: "third");
        var error = Assert.Throws<ShapeException>(() => builder.Build(third));
        Assert.Contains("NodeOutput 'third': output 2 does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_is_one_step_where_nobody_else_reads_inside_it()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", Picture);
        var inner = builder.Add(new Neg(), x);
        var outer = builder.Add(new Abs(), inner);
        using var alone = builder.Build(outer);
        var step = Assert.Single(Plan.Build(alone, [], new PlanOptions(WithTestKernels().Kernels!)).Steps);
        Assert.Equal([inner, outer], step.Call.Nodes);
        using var seen = builder.Build(outer, inner);
        Assert.Equal(2, Plan.Build(seen, [], new PlanOptions(WithTestKernels().Kernels!)).Steps.Count);
        Assert.Equal(2, Plan.Build(alone, [], new PlanOptions(WithTestKernels().Kernels!, KeepAll: true)).Steps.Count);

        using var network = new CpuNetwork(alone, WithTestKernels());
        using var input = new Tensor(Picture, [.. Enumerable.Range(0, 30).Select(i => i - 15f)]);
        Assert.Equal([.. Enumerable.Range(0, 30).Select(i => Math.Abs(i - 15f))], network.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void Scratch_overlaps_neither_inputs_nor_outputs_and_is_used_again()
    {
        var builder = new GraphBuilder();
        Node node = builder.Input("x", Picture);
        for (int i = 0; i < 6; i++)
            node = builder.Add(new ThroughScratch(), node);
        using var graph = builder.Build(node);
        var plan = Plan.Build(graph, [], new PlanOptions(WithTestKernels().Kernels!));
        foreach (var step in plan.Steps)
        {
            var scratch = Assert.Single(step.Scratch);
            Assert.All(step.Inputs.Concat(step.Outputs), value => Assert.False(Overlap(scratch, value)));
        }

        Assert.True(plan.ArenaBytes < 6 * sizeof(float) * ThroughScratch.Floats, $"{plan.ArenaBytes} bytes: scratch of one step is not used by the next.");
        using var network = new CpuNetwork(graph, WithTestKernels());
        using var input = new Tensor(Picture, [.. Enumerable.Range(0, 30).Select(i => (float)i)]);
        Assert.Equal(input.Span.ToArray(), network.Run(input)[0].Span.ToArray());
    }

    [Fact]
    public void Elementwise_layers_work_in_place_where_their_input_is_not_read_again()
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 16, 8, 8));
        var first = x.Conv2d(16, 3, padding: 1);
        var activated = first.Tanh();
        using var graph = builder.Build(activated.Add(first.Then(new Sigmoid())).Then(new Sigmoid()));
        var plan = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table));
        PlanStep Step(string layer, int index) => plan.Steps.Where(step => step.Call.Layer.GetType().Name == layer).ElementAt(index);
        Assert.Null(Step("Tanh", 0).Outputs[0].Replaces);
        Assert.NotNull(Step("Sigmoid", 0).Outputs[0].Replaces);
        Assert.NotNull(Step("Sigmoid", 1).Outputs[0].Replaces);
        Assert.All(Plan.Build(graph, [], new PlanOptions(CpuKernels.Table, KeepAll: true)).Steps, step => Assert.Null(step.Outputs[0].Replaces));

        using var fused = new CpuNetwork(graph);
        using var kept = new CpuNetwork(graph, new NetworkOptions { KeepAll = true });
        using var input = new Tensor(x.Shape, [.. Enumerable.Range(0, x.Shape.Count).Select(i => MathF.Sin(i))]);
        Assert.Equal(kept.Run(input)[0].Span.ToArray(), fused.Run(input)[0].Span.ToArray());
    }

    private static bool Overlap(PlanValue a, PlanValue b) =>
        a.ByteOffset < b.ByteOffset + b.Info.Bytes(16) && b.ByteOffset < a.ByteOffset + a.Info.Bytes(16);

    private static NetworkOptions WithTestKernels() => new()
    {
        Optimize = false,
        Kernels = new KernelTable(CpuKernels.Backend, CpuKernels.Table.Block,
        [
            CpuKernel.For<MinAndMax>((_, call) => CpuDispatch.Create(&MinAndMax.Forward, call.Input.Shape.Count, 1), LayoutRules.Plain),
            CpuKernel.For<ThroughScratch>(
                (_, call) => CpuDispatch.Create(&ThroughScratch.Forward, call.Input.Shape.Count, 1).WithScratch(ThroughScratch.Floats), LayoutRules.Plain),
            CpuKernel.For<Abs>((_, call) => CpuDispatch.Create(&AbsOfNegation, call.Input.Shape.Count, 1), LayoutRules.Plain, name: "negation and absolute value",
                block: node => node.Inputs[0].Layer is Neg ? [node.Inputs[0], node] : null),
            .. CpuKernels.Table.Entries,
        ]),
    };

    private static void AbsOfNegation(CpuArguments* arguments, int from, int to)
    {
        for (int i = 0; i < *(int*)arguments->Constants; i++)
            arguments->Output[i] = MathF.Abs(-arguments->Inputs[0][i]);
    }

    /// <summary>The least and the greatest element, as two outputs.</summary>
    private sealed record MinAndMax : Layer
    {
        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => new(1);

        public override Shape[] InferShapes(ReadOnlySpan<Shape> inputs) => [new(1), new(1)];

        public static void Forward(CpuArguments* arguments, int from, int to)
        {
            var x = new ReadOnlySpan<float>(arguments->Inputs[0], *(int*)arguments->Constants);
            (arguments->Outputs[0][0], arguments->Outputs[1][0]) = (x[0], x[0]);
            foreach (float value in x)
            {
                arguments->Outputs[0][0] = Math.Min(arguments->Outputs[0][0], value);
                arguments->Outputs[1][0] = Math.Max(arguments->Outputs[1][0], value);
            }
        }
    }

    /// <summary>The identity, by way of memory of its own.</summary>
    private sealed record ThroughScratch : Layer
    {
        public const int Floats = 1000;

        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

        public static void Forward(CpuArguments* arguments, int from, int to)
        {
            int count = *(int*)arguments->Constants;
            var scratch = new Span<float>(arguments->Scratch[0], Floats);
            scratch.Fill(float.NaN);
            new ReadOnlySpan<float>(arguments->Inputs[0], count).CopyTo(scratch);
            scratch[..count].CopyTo(new Span<float>(arguments->Output, count));
        }
    }
}
