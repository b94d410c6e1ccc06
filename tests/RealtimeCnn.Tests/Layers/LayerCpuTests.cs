using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class LayerCpuTests
{
    public static TheoryData<string> Ids => [.. LayerCases.All.Select(layerCase => layerCase.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_CPU_computes_what_the_oracle_computes(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        using var network = new CpuNetwork(run.Graph, new NetworkOptions { Threads = 3, Sharing = SharingRule.Finest, Mode = layerCase.Mode });
        var output = network.Run(run.Inputs)[0];
        Closeness.Assert(run.Expected, output, layerCase.ToleranceOf(network), id);

        using var alone = new CpuNetwork(run.Graph, new NetworkOptions { Threads = 1, Mode = layerCase.Mode });
        Assert.True(output.Span.SequenceEqual(alone.Run(run.Inputs)[0].Span), $"{id}: one thread and two give different bits.");
    }

    /// <summary>Pictures arrive in blocks here, as behind a convolution, so that layers that take both layouts show the other one.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Blocked_inputs_give_the_same_and_channels_behind_the_last_one_stay_zero(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        var plan = Plan.Build(run.Graph, [], new PlanOptions(CpuKernels.Table, BlockedInputs: true, KeepAll: true) { Mode = layerCase.Mode });
        using var pool = new WorkerPool(1);
        using var cpu = new CpuPlan(plan, pool);
        cpu.Units().Finish();
        for (int i = 0; i < run.Inputs.Length; i++)
        {
            if (plan.Inputs[i].Info.Layout == Layout.Blocked)
                BlockedLayout.Pack(run.Inputs[i].Span, run.Inputs[i].Shape, cpu.Read(plan.Inputs[i]), 16);
            else
                run.Inputs[i].Span.CopyTo(cpu.Read(plan.Inputs[i]));
        }

        cpu.Run();
        foreach (var step in plan.Steps.Where(step => step.Outputs[0].Info.Layout == Layout.Blocked))
            BlockedTails.AssertKept(cpu.Read(step.Outputs[0]), step.Outputs[0].Info, 16, id);
        using var actual = new Tensor(plan.Outputs[0].Info.Shape, cpu.Read(plan.Outputs[0])[..plan.Outputs[0].Info.Shape.Count]);
        Closeness.Assert(run.Expected, actual, layerCase.ToleranceOf(plan), id);
    }
}
