using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Layers;

public class MaxPool2dTests
{
    [Fact]
    public void What_a_pooling_is_not_told_is_as_in_PyTorch()
    {
        var window = new Size2d(3, 2);
        PoolingLayer[] layers = [new MaxPool2d(window), new AveragePool2d(window), new LpPool2d(window)];
        Assert.All(layers, layer => Assert.Equal(new Shape(1, 1, 4, 5), layer.InferShape([new Shape(1, 1, 12, 10)])));
        Assert.True(new AveragePool2d(window).CountIncludePad, "PyTorch counts padding where it is not told otherwise.");
        var x = new GraphBuilder().Start(new Shape(1, 1, 12, 10));
        Assert.Equal(new Shape(1, 1, 4, 5), x.MaxPool2d(window).Shape);
        Assert.Equal(new Shape(1, 1, 4, 5), x.AveragePool2d(window).Shape);
    }
}
