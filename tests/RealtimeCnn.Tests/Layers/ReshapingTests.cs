using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class ReshapingTests
{
    [Fact]
    public void Shapes_follow_the_rules()
    {
        Assert.Equal(new Shape(2, 255), new Flatten().InferShape([new Shape(2, 17, 3, 5)]));
        Assert.Equal(new Shape(24, 1), new Flatten(3).InferShape([new Shape(2, 3, 4)]));
        Assert.Equal(new Shape(2, 3, 4), new Reshape(0, -1, 4).InferShape([new Shape(2, 12)]));
        Assert.Equal(new Shape(), new Reshape().InferShape([new Shape(1, 1)]));
        Assert.Equal(new Shape(5, 3), new Squeeze().InferShape([new Shape(1, 5, 1, 3)]));
        Assert.Equal(new Shape(1, 5, 3, 1), new Unsqueeze(0, -1).InferShape([new Shape(5, 3)]));
    }

    [Fact]
    public void One_pixel_stays_in_blocks_without_a_copy()
    {
        var builder = new GraphBuilder();
        var pixel = builder.Add(new Conv2d(3, 20, 4), builder.Input("x", new Shape(2, 3, 4, 4)));
        var flat = builder.Add(new Flatten(), pixel);
        using var graph = builder.Build(builder.Add(new Relu(), builder.Add(new Squeeze(2, 3), builder.Add(new Unsqueeze(2, 3), flat))));
        var plan = Plan.Build(graph, [], new PlanOptions(CpuKernels.Table));
        Assert.Equal(["Conv2d", "Relu", "ToPlain"], plan.Steps.Select(step => step.Call.Layer.GetType().Name));
    }
}
