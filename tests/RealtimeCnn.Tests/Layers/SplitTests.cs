using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class SplitTests
{
    public static IEnumerable<LayerCase> Cases =>
    [
        .. Parts("a vector", new Split(0, 3, 1, 33), new Shape(37)),
        .. Parts("rows of a matrix", new Split(0, 2, 3), new Shape(5, 18)),
        .. Parts("features", new Split(-1, 16, 17), new Shape(3, 33)),
        .. Parts("channels inside blocks", new Split(1, 5, 10, 3), new Shape(2, 18, 3, 5)),
        .. Parts("whole blocks", new Split(1, 16, 32), new Shape(2, 48, 3, 4)),
        .. Parts("halves of 116", new Split(1, 58, 58), new Shape(1, 116, 3, 5)),
        .. Parts("columns", new Split(3, 1, 4, 2), new Shape(2, 17, 3, 7)),
        .. Parts("one part", new Split(2, 5), new Shape(1, 3, 5, 2)),
        .. Parts("five axes", new Split(2, 1, 3), new Shape(2, 3, 4, 2, 3)),
    ];

    private static IEnumerable<LayerCase> Parts(string name, Split layer, Shape input) => layer.Lengths.Select((_, part) =>
    {
        int axis = layer.Axis < 0 ? layer.Axis + input.Rank : layer.Axis, start = layer.Lengths.Take(part).Sum();
        return new LayerCase(
            $"{name}, part {part}", layer, (x, _) => Coordinates.Fill(layer.InferShapes([input])[part], at => Coordinates.At(x[0], at.With(axis, at[axis] + start))), 0, input)
        {
            Output = part,
        };
    });

    [Fact]
    public void A_part_is_a_value_like_any_other()
    {
        var builder = new GraphBuilder();
        var x = builder.Start(new Shape(1, 6, 1, 2));
        var parts = x.Split(1, [2, 3, 1], name: "parts");
        Assert.Equal(["parts", "parts:1", "parts:2"], parts.Select(part => part.Node.Name));
        Assert.Equal([2, 3, 1], parts.Select(part => part.Channels));
        using var graph = builder.Build(parts[2].Relu(), parts[0]);
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(x.Shape, [.. Enumerable.Range(0, 12).Select(i => i - 10.5f)]);
        var outputs = network.Run(input);
        Assert.Equal([0, 0.5f], outputs[0].Span.ToArray());
        Assert.Equal([-10.5f, -9.5f, -8.5f, -7.5f], outputs[1].Span.ToArray());
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(10, 0)]
    [InlineData(11, -1)]
    [InlineData]
    public void Lengths_that_do_not_make_up_the_axis_are_an_error(params int[] lengths)
    {
        var error = Assert.Throws<ShapeException>(() => new Split(1, lengths).InferShapes([new Shape(1, 10, 4)]));
        Assert.Contains("10 together", error.Message, StringComparison.Ordinal);
    }
}
