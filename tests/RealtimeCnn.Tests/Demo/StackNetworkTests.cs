using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Modes.Explore;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Demo;

public sealed class StackNetworkTests
{
    [Theory]
    [InlineData(1, "Max2", 24, 12)]
    [InlineData(2, "Max2", 12, 6)]
    [InlineData(3, "Max3", 8, 4)]
    [InlineData(1, "Average2", 24, 12)]
    public void Stride_and_pooling_shape_the_stack(int stride, string pooling, int convHeight, int poolHeight)
    {
        using var graph = StackNetwork.Build(new Size2d(24, 32), new StackSettings() with { Stride = stride, Pooling = Enum.Parse<Pooling>(pooling) });
        var shapes = graph.InferShapes().ToDictionary(entry => entry.Key.Name, entry => entry.Value);
        Assert.Equal([.. StackNetwork.Layers, StackNetwork.Strongest], graph.Outputs.Select(node => node.Name));
        Assert.Equal(convHeight, shapes[StackNetwork.Conv].Height);
        Assert.Equal(poolHeight, shapes[StackNetwork.Pool].Height);
        Assert.Equal(16, shapes[StackNetwork.Pointwise].Channels);
    }

    [Fact]
    public void First_layer_filters_are_blind_to_flat_gray_but_for_colour()
    {
        using var graph = StackNetwork.Build(new Size2d(8, 8), new StackSettings() with { Padding = PaddingMode.Replicate });
        using var network = new CpuNetwork(graph);
        using var gray = new Tensor(new Shape(1, 3, 8, 8), [.. Enumerable.Repeat(0.5f, 192)]);
        using var red = new Tensor(new Shape(1, 3, 8, 8), [.. Enumerable.Range(0, 192).Select(i => i < 64 ? 0.5f : 0)]);
        Assert.All(network.Run(gray)[0].Span.ToArray(), value => Assert.Equal(0, value, 1e-6f));
        var onRed = network.Run(red)[0];
        Assert.True(onRed[0, 6, 4, 4] > 0.1f);
        Assert.Equal(0, onRed[0, 7, 4, 4]);
    }
}
