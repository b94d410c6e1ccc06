using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class PadTests
{
    [Fact]
    public void Between_convolutions_a_picture_stays_blocked()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 3, 6, 6));
        var padded = builder.Add(Pad.Spatial(1) with { Mode = PadMode.Edge }, builder.Add(new Conv2d(3, 5, 3), x), name: "pad");
        using var graph = builder.Build(builder.Add(new Conv2d(5, 4, 3), padded));
        var plan = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table));
        Assert.Equal(Layout.Blocked, plan.Values[graph["pad"]].Info.Layout);
    }
}
