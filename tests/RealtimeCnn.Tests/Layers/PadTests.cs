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

    [Fact]
    public void Impossible_pads_are_errors_that_say_why()
    {
        Assert.Contains("2 axes", Assert.Throws<ShapeException>(() => new Pad([1], [1]).InferShape([new Shape(3, 3)])).Message, StringComparison.Ordinal);
        Assert.Contains("more than there are", Assert.Throws<ShapeException>(() => new Pad([-2], [-2]).InferShape([new Shape(3)])).Message, StringComparison.Ordinal);
        Assert.Contains("no element left", Assert.Throws<ShapeException>(() => new Pad([-3], [1]) { Mode = PadMode.Edge }.InferShape([new Shape(3)])).Message, StringComparison.Ordinal);
    }
}
