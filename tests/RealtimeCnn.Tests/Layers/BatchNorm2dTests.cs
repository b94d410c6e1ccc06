using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class BatchNorm2dTests
{
    [Fact]
    public void Statistics_of_one_element_are_an_error()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new BatchNorm2d(4), builder.Input("x", new Shape(1, 4))));
        using var x = new Tensor(new Shape(1, 4));
        using var training = new CpuNetwork(graph, new NetworkOptions { Mode = RunMode.Training() });
        var error = Assert.Throws<ShapeException>(() => training.Run(x));
        Assert.Contains("BatchNorm2d 'BatchNorm2d1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least two", error.Message, StringComparison.Ordinal);
    }
}
