using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Models;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>Which steps a step waits for.</summary>
public sealed class StepOrderTests
{
    [Fact]
    public void A_chain_waits_for_the_step_before() => Assert.Equal(["", "0", "1", "2"], Order(builder =>
    {
        var node = builder.Input("x", new Shape(1, 64));
        for (int i = 0; i < 4; i++)
            node = builder.Add(new Linear(64, 64), node);
        return node;
    }));

    [Fact]
    public void Branches_wait_for_their_own_steps_and_meet_at_their_end() => Assert.Equal(["", "0", "", "2", "1,3"], Order(builder =>
    {
        var x = builder.Input("x", new Shape(1, 64));
        var left = builder.Add(new Linear(64, 64), builder.Add(new Linear(64, 64), x));
        var right = builder.Add(new Linear(64, 64), builder.Add(new Linear(64, 64), x));
        return builder.Add(new Add(), [left, right]);
    }, keepAll: true));

    /// <summary>Whatever the memory plan does, no step may begin before one that its bytes come from, or that still needs its bytes.</summary>
    [Theory]
    [InlineData("googlenet")]
    [InlineData("shufflenetv2")]
    [InlineData("mobilenetv3-small")]
    public void No_two_steps_that_touch_the_same_bytes_are_without_order(string model)
    {
        using var graph = ModelCatalog.Create(model);
        AssertOrdered(Plan.Build(graph, [], new PlanOptions(CpuKernels.Table)));
    }

    /// <summary>The places of inputs are used again as well, though no step has written them.</summary>
    [Fact]
    public void Who_overwrites_an_input_waits_for_those_that_read_it()
    {
        using var run = new LayerRun(LayerCases.Find("Concat: channels around a block, blocked"));
        var plan = Plan.Build(run.Graph, [], new PlanOptions(CpuKernels.Table.Forcing("Concat/plain")));
        Assert.Contains(plan.Steps, step => Touches(Writes(step), plan.Inputs));
        AssertOrdered(plan);
    }

    private static void AssertOrdered(Plan plan)
    {
        int[][] after = StepOrder.Of(plan.Steps, CpuKernels.Block);
        var reached = new HashSet<int>[after.Length];
        for (int late = 0; late < after.Length; late++)
        {
            reached[late] = [.. after[late], .. after[late].SelectMany(step => reached[step])];
            for (int early = 0; early < late; early++)
            {
                bool conflict = Touches(Writes(plan.Steps[early]), [.. Writes(plan.Steps[late]), .. plan.Steps[late].Inputs])
                    || Touches(Writes(plan.Steps[late]), plan.Steps[early].Inputs);
                Assert.True(!conflict || reached[late].Contains(early), $"{plan.Steps[late].Node} may begin before {plan.Steps[early].Node} is done.");
            }
        }
    }

    private static PlanValue[] Writes(PlanStep step) => [.. step.Outputs, .. step.Scratch];

    private static bool Touches(PlanValue[] some, PlanValue[] others) => some.Any(a => others.Any(b =>
        a.ByteOffset < b.ByteOffset + b.Info.Bytes(CpuKernels.Block) && b.ByteOffset < a.ByteOffset + a.Info.Bytes(CpuKernels.Block)));

    private static string[] Order(Func<GraphBuilder, Node> make, bool keepAll = false)
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(make(builder));
        var plan = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table, KeepAll: keepAll));
        return [.. StepOrder.Of(plan.Steps, CpuKernels.Block).Select(after => string.Join(',', after))];
    }
}
