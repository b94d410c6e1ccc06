using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

[Collection(GlTests.Name)]
public class LayerGpuTests(GlFixture gl)
{
    public static TheoryData<string> Ids => LayerCases.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_GPU_computes_what_the_oracle_computes(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, run.Graph);
            using var output = network.Run(run.Inputs)[0];
            Closeness.Assert(run.Expected, output, layerCase.Tolerance, id);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Channels_behind_the_last_one_stay_zero(string id)
    {
        using var run = new LayerRun(LayerCases.Find(id));
        gl.Run(device =>
        {
            var plan = Plan.Build(run.Graph, [], new PlanOptions(4, KeepAll: true));
            using var weights = new GpuWeightCache(device);
            using var gpu = new GpuPlan(device, device.Programs, plan, weights);
            for (int i = 0; i < run.Inputs.Length; i++)
                gpu.Arena.Upload(run.Inputs[i].Span, plan.Inputs[i].Offset * sizeof(float));
            gpu.Run();
            foreach (var step in plan.Steps.Where(step => step.Output.Info.Layout == Layout.Blocked))
            {
                float[] blocked = new float[step.Output.Info.Elements(4)];
                gpu.Arena.Read(blocked.AsSpan(), step.Output.Offset * sizeof(float));
                BlockedTails.AssertZero(blocked, step.Output.Info.Shape, 4, id);
            }
        });
    }
}
