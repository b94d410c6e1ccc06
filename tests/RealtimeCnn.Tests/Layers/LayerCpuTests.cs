using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class LayerCpuTests
{
    public static TheoryData<string> Ids => LayerCases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_CPU_computes_what_the_oracle_computes(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        using var network = new CpuNetwork(run.Graph, new CpuNetworkOptions { Threads = 2 });
        Closeness.Assert(run.Expected, network.Run(run.Inputs)[0], layerCase.Tolerance, id);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Channels_behind_the_last_one_stay_zero(string id)
    {
        using var run = new LayerRun(LayerCases.Find(id));
        var plan = Plan.Build(run.Graph, [], new PlanOptions(16, KeepAll: true));
        using var weights = new PackedWeightCache();
        using var pool = new WorkerPool(1);
        using var cpu = new CpuPlan(plan, weights, pool);
        for (int i = 0; i < run.Inputs.Length; i++)
            run.Inputs[i].Span.CopyTo(cpu.Read(plan.Inputs[i]));
        cpu.Run(pool);
        foreach (var step in plan.Steps.Where(step => step.Output.Info.Layout == Layout.Blocked))
            BlockedTails.AssertZero(cpu.Read(step.Output), step.Output.Info.Shape, 16, id);
    }
}
