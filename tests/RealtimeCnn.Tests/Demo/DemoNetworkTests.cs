using RealtimeCnn.Cpu;
using RealtimeCnn.Demo;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Demo;

public sealed class DemoNetworkTests
{
    [Theory]
    [InlineData(1, "Max2", 24, 12)]
    [InlineData(2, "Max2", 12, 6)]
    [InlineData(3, "Max3", 8, 4)]
    [InlineData(1, "Average2", 24, 12)]
    public void Stride_and_pooling_shape_the_stack(int stride, string pooling, int convHeight, int poolHeight)
    {
        using var graph = DemoNetwork.Build(new Size2d(24, 32), NetworkSettings.Default with { Stride = stride, Pooling = Enum.Parse<Pooling>(pooling) });
        var shapes = graph.InferShapes().ToDictionary(entry => entry.Key.Name, entry => entry.Value);
        Assert.Equal([.. DemoNetwork.Pictures, .. DemoNetwork.Stack, DemoNetwork.Strongest], graph.Outputs.Select(node => node.Name));
        Assert.Equal(convHeight, shapes[DemoNetwork.Conv].Height);
        Assert.Equal(poolHeight, shapes[DemoNetwork.Pool].Height);
        Assert.Equal(16, shapes[DemoNetwork.Pointwise].Channels);
        Assert.All(DemoNetwork.Pictures, name => Assert.Equal(new Shape(1, 3, 24, 32), shapes[name]));
    }

    [Fact]
    public void The_editable_kernel_is_the_one_that_runs()
    {
        using var graph = DemoNetwork.Build(new Size2d(8, 8), NetworkSettings.Default with { Kernel = [0, 0, 0, 0, 3, 0, 0, 0, 0] });
        using var network = new CpuNetwork(graph);
        using var x = new Tensor(new Shape(1, 3, 8, 8), [.. Enumerable.Range(0, 192).Select(i => (float)i)]);
        var custom = network.Run(x)[DemoNetwork.Pictures.Count - 1];
        Assert.Equal(x.Span.ToArray().Select(value => value * 3), custom.Span.ToArray());
    }

    [Fact]
    public void First_layer_filters_are_blind_to_flat_gray_but_for_colour()
    {
        using var graph = DemoNetwork.Build(new Size2d(8, 8), NetworkSettings.Default with { Padding = PaddingMode.Replicate });
        using var network = new CpuNetwork(graph);
        using var gray = new Tensor(new Shape(1, 3, 8, 8), [.. Enumerable.Repeat(0.5f, 192)]);
        using var red = new Tensor(new Shape(1, 3, 8, 8), [.. Enumerable.Range(0, 192).Select(i => i < 64 ? 0.5f : 0)]);
        Assert.All(network.Run(gray)[DemoNetwork.Pictures.Count].Span.ToArray(), value => Assert.Equal(0, value, 1e-6f));
        var onRed = network.Run(red)[DemoNetwork.Pictures.Count];
        Assert.True(onRed[0, 6, 4, 4] > 0.1f);
        Assert.Equal(0, onRed[0, 7, 4, 4]);
    }
}
