using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

[Collection(GlTests.Name)]
public class LayerGpuTests(GlFixture gl)
{
    public static TheoryData<string> Ids => [.. LayerCases.All.Where(layerCase => !layerCase.CpuOnly).Select(layerCase => layerCase.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_GPU_computes_what_the_oracle_computes(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        gl.Run(device =>
        {
            using var network = new GpuNetwork(device, run.Graph, new NetworkOptions { Mode = layerCase.Mode });
            var output = network.Run(run.Inputs)[0];
            Closeness.Assert(run.Expected, output, layerCase.Tolerance, id);
        });
    }

    /// <summary>Pictures arrive in blocks here, as from the camera or behind a convolution, so that layers that take both layouts show the other one.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Blocked_inputs_give_the_same_and_channels_behind_the_last_one_stay_zero(string id)
    {
        var layerCase = LayerCases.Find(id);
        using var run = new LayerRun(layerCase);
        gl.Run(device =>
        {
            var plan = Plan.Build(run.Graph, [], new PlanOptions(device.Kernels, BlockedInputs: true, KeepAll: true) { Mode = layerCase.Mode });
            using var gpu = new GpuPlan(device, device.Programs, plan);
            gpu.Units().Finish();
            for (int i = 0; i < run.Inputs.Length; i++)
                gpu.Arena.Upload<float>(Arranged(run.Inputs[i], plan.Inputs[i].Info), plan.Inputs[i].ByteOffset);
            gpu.Run();
            foreach (var step in plan.Steps.Where(step => step.Outputs[0].Info.Layout == Layout.Blocked))
                BlockedTails.AssertKept(Read(gpu, step.Outputs[0]), step.Outputs[0].Info, 4, id);
            var output = plan.Outputs[0];
            using var actual = new Tensor(output.Info.Shape, Read(gpu, output).AsSpan(0, output.Info.Shape.Count));
            Closeness.Assert(run.Expected, actual, layerCase.Tolerance, id);
        });
    }

    [Fact]
    public void Cases_are_CPU_only_exactly_where_there_is_no_kernel() => gl.Run(device => Assert.All(LayerCases.All, layerCase =>
    {
        using var run = new LayerRun(layerCase);
        Assert.Equal(layerCase.CpuOnly, new GraphCut(run.Graph, [], device, new PlanOptions(device.Kernels)).CpuNodes.Count > 0);
    }));

    private static float[] Arranged(Tensor tensor, TensorInfo info)
    {
        if (info.Layout == Layout.Plain)
            return tensor.Span.ToArray();
        float[] blocked = new float[info.Elements(4)];
        BlockedLayout.Pack(tensor.Span, tensor.Shape, blocked, 4);
        return blocked;
    }

    private static float[] Read(GpuPlan gpu, PlanValue value)
    {
        float[] elements = new float[value.Info.Elements(4)];
        gpu.Arena.Read(elements.AsSpan(), value.ByteOffset);
        return elements;
    }
}
