using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Graphs;

public class ReceptiveFieldTests
{
    [Fact]
    public void Three_3x3_windows_see_7x7()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 32, 32)).Conv2d(1, 3).Conv2d(1, 3).Conv2d(1, 3, name: "last"));
        Assert.Equal(new ReceptiveField(4, 5, 10, 11), graph.ReceptiveField(graph["last"], 4, 5));
    }

    [Fact]
    public void ResNet_18_sees_435_rows()
    {
        using var graph = RealtimeCnn.Models.ResNet.Create18();
        var field = graph.ReceptiveField(graph["layer4.1.add"]);
        Assert.Equal((435, 435), (field.Height, field.Width));
    }

    [Fact]
    public void Errors_name_the_unit()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 5, 5)).Conv2d(1, 3, name: "conv"));
        var error = Assert.Throws<ArgumentException>(() => graph.ReceptiveField(graph["conv"], 3, 0));
        Assert.Contains("no unit (3, 0)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Perturbs each element of the input: exactly those inside the field change the unit (weights are positive, so nothing cancels).</summary>
    [Theory]
    [InlineData("conv")]
    [InlineData("strided")]
    [InlineData("dilated")]
    [InlineData("pooled")]
    [InlineData("residual")]
    [InlineData("gated")]
    [InlineData("inception")]
    [InlineData("transposed")]
    [InlineData("padded")]
    [InlineData("adaptive")]
    public void A_unit_changes_with_exactly_the_elements_it_sees(string name)
    {
        var builder = new GraphBuilder(seed: 1);
        var x = builder.Start(new Shape(1, 1, 13, 11));
        var y = name switch
        {
            "conv" => x.Conv2d(1, new Size2d(3, 5), padding: new Padding2d(1, 2, 0, 1)),
            "strided" => x.Conv2d(1, 3, stride: new Size2d(2, 3)).Conv2d(1, 2),
            "dilated" => x.Conv2d(1, 2, dilation: 1).Conv2d(1, 2, stride: 2).AveragePool2d(2),
            "pooled" => x.AveragePool2d(2, stride: 2).Conv2d(1, 3, padding: 1),
            "residual" => x.Conv2d(1, 3, padding: 1).Add(x),
            "gated" => x.Multiply(x.GlobalAveragePool()),
            "transposed" => x.Then(new ConvTranspose2d(1, 1, 4) { Stride = 2, Padding = 1 }).Conv2d(1, 2),
            "padded" => x.Then(Pad.Spatial(new Padding2d(2, 1, 0, 0))).Conv2d(1, 2, stride: 2),
            "adaptive" => x.AdaptiveAveragePool2d(new Size2d(5, 4)),
            _ => x.Conv2d(1, 3, padding: 1).Concat([x.Conv2d(1, 5, padding: 2), x]).Conv2d(1, 1),
        };
        using var graph = builder.Build(y);
        foreach (var node in graph.Nodes.Where(node => node.Parameters.Count > 0))
            node.Parameters[0].Write(Enumerable.Repeat(0.25f, node.Parameters[0].Shape.Count).ToArray());
        int row = y.Shape.Height / 2, column = y.Shape.Width / 3;
        var field = graph.ReceptiveField(y, row, column);

        using var input = new Tensor(new Shape(1, 1, 13, 11));
        input.Span.Fill(1);
        float before = Unit();
        for (int h = 0; h < 13; h++)
        {
            for (int w = 0; w < 11; w++)
            {
                input[0, 0, h, w] = 1000;
                Assert.True((Unit() != before) == field.Contains(h, w), $"({h}, {w}): the unit went from {before} to {Unit()}; it sees {field}");
                input[0, 0, h, w] = 1;
            }
        }

        float Unit()
        {
            var outputs = GraphRuns.RunAsItStands(graph, [input]);
            float value = outputs[0][0, 0, row, column];
            GraphRuns.Dispose(outputs);
            return value;
        }
    }
}
