using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class ReduceTests
{
    [Fact]
    public void Means_over_pixels_stay_in_blocks()
    {
        var builder = new GraphBuilder();
        var x = builder.Add(new Conv2d(3, 20, 3), builder.Input("x", new Shape(1, 3, 8, 8)));
        using var graph = builder.Build(builder.Add(new Reduce(ReduceFunction.Mean, 2, 3) { KeepAxes = false }, x, name: "mean"));
        Assert.Equal(Layout.Blocked, Plan.Build(graph, [], new PlanOptions(CpuKernels.Table)).Values[graph["mean"]].Info.Layout);
    }
}
