using RealtimeCnn.Graphs;

namespace RealtimeCnn.Tests.Graphs;

public class SymbolicTensorTests
{
    [Fact]
    public void Channels_and_shapes_follow_from_what_comes_before()
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(1, 3, 224, 224)).Conv2d(64, kernel: 7, stride: 2, padding: 3).BatchNorm2d().Relu().MaxPool2d(3, stride: 2, padding: 1);
        Assert.Equal(new Shape(1, 64, 56, 56), x.Shape);
        using var graph = builder.Build(x);
        Assert.Equal((3 * 64 * 49) + 64 + 64 + 64, graph.ParameterCount);
        Assert.Equal(128, graph.StatisticCount);
    }

    [Fact]
    public void Names_are_those_of_the_block()
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(1, 3, 8, 8), "image").Within("layer1.0").Conv2d(4, 3, name: "conv1").Relu().Relu().Within("").Relu();
        using var graph = builder.Build(x);
        Assert.Equal(["image", "layer1.0.conv1", "layer1.0.Relu1", "layer1.0.Relu2", "Relu1"], graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void A_layer_that_does_not_fit_fails_at_its_line_with_its_name()
    {
        var x = new GraphBuilder().Start(new Shape(1, 3, 4, 4)).Within("stem");
        var error = Assert.Throws<ShapeException>(() => x.Conv2d(8, 7, name: "conv1"));
        Assert.StartsWith("Conv2d 'stem.conv1': window of 7", error.Message, StringComparison.Ordinal);
    }
}
