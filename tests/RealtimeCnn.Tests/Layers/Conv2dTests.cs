using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class Conv2dTests
{
    [Fact]
    public void With_H_1_it_is_a_convolution_of_signals()
    {
        float[] signal = [1, 2, 4, 8, 16], kernel = [1, 0, -1];
        var builder = new GraphBuilder();
        var layer = new Conv2d(1, 1, new Size2d(1, 3)) { Padding = new Size2d(0, 1), HasBias = false };
        using var graph = builder.Build(builder.Add(layer, builder.Input("signal", new Shape(1, 1, 1, 5)), [new Tensor(new Shape(1, 1, 1, 3), kernel)]));
        using var network = new CpuNetwork(graph);
        using var x = new Tensor(new Shape(1, 1, 1, 5), signal);
        Assert.Equal([-2, -3, -6, -12, 8], network.Run(x)[0].Span.ToArray());
    }
}
