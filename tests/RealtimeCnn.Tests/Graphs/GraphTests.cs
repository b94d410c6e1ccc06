using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Graphs;

public class GraphTests
{
    [Fact]
    public void All_independent_problems_are_reported_at_once_each_naming_its_node()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 3, 4, 4));
        var left = builder.Add(new Conv2d(5, 2, 3), x, name: "left");
        var right = builder.Add(new MaxPool2d(9) { Stride = 1 }, x, name: "right");
        var behind = builder.Add(new Relu(), left, name: "behind");
        var error = Assert.Throws<ShapeException>(() => builder.Build(behind, right));
        Assert.Contains("Conv2d 'left': expects 5 input channels", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxPool2d 'right': window of 9", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("behind", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_of_the_wrong_shape_is_named()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 3, 4, 4));
        using Tensor weight = new(new Shape(2, 3, 5, 5)), bias = new(new Shape(2));
        var node = builder.Add(new Conv2d(3, 2, 3), x, [weight, bias], "conv");
        var error = Assert.Throws<ShapeException>(() => builder.Build(node));
        Assert.Contains("Conv2d 'conv': parameter 'weight' must be [2, 3, 3, 3]; it is [2, 3, 5, 5]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_unique()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1));
        builder.Add(new Relu(), x, name: "same");
        Assert.Contains("'same'", Assert.Throws<ArgumentException>(() => builder.Add(new Relu(), x, name: "same")).Message, StringComparison.Ordinal);
        Assert.NotEqual(builder.Add(new Relu(), x).Name, builder.Add(new Relu(), x).Name);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_other_seeds_do_not()
    {
        float[] Weights(int seed)
        {
            var builder = new GraphBuilder(seed);
            using var graph = builder.Build(builder.Add(new Conv2d(3, 2, 3), builder.Input("x", new Shape(1, 3, 4, 4)), name: "conv"));
            return graph["conv"].Parameters[0].Values.ToArray();
        }

        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Nodes_that_no_output_needs_are_left_out()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 2, 4, 4));
        var used = builder.Add(new Relu(), x, name: "used");
        builder.Add(new Relu6(), x, name: "unused");
        using var graph = builder.Build(used);
        Assert.Equal(["x", "used"], graph.Nodes.Select(node => node.Name));
    }
}
