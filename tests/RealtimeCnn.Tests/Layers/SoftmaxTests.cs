using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class SoftmaxTests
{
    private static readonly (int Axis, Shape Input)[] Inputs =
    [
        (0, new Shape(1)), (-1, new Shape(37)), (1, new Shape(3, 10)), (0, new Shape(3, 10)), (1, new Shape(1, 1000)), (1, new Shape(2, 5, 7, 3)), (1, new Shape(1, 21, 4, 5)),
        (1, new Shape(2, 3, 8, 8)), (2, new Shape(2, 3, 5, 17)), (-1, new Shape(2, 3, 5, 17)), (-2, new Shape(2, 3, 5, 4)),
    ];

    public static IEnumerable<LayerCase> Cases => Inputs.SelectMany(input => new[]
    {
        Case(new Softmax(input.Axis), input.Input, 2e-6, power => power),
        Case(new LogSoftmax(input.Axis), input.Input, 5e-6, Math.Log),
        Case(new Softmax(input.Axis), input.Input, 2e-6, power => power) with { Name = $"large logits, axis {input.Axis} of {input.Input}", Lowest = -90, Highest = 90 },
    }).Concat(
    [
        Case(new Softmax(), new Shape(2, 9, 3, 7), 2e-6, power => power) with { Name = "a NaN spoils its line", Input = NaNs },
        Case(new LogSoftmax(-1), new Shape(5, 9), 5e-6, Math.Log) with { Name = "a NaN spoils its line", Input = NaNs },
    ]);

    private static float NaNs(int number, Random random) => random.Next(20) == 0 ? float.NaN : random.NextSingle();

    private static LayerCase Case(SoftmaxLayer layer, Shape input, double tolerance, Func<double, double> finish) =>
        new($"axis {layer.Axis} of {input}", layer, (x, _) => Compute(x[0], (layer.Axis + input.Rank) % input.Rank, finish), tolerance, input) { Lowest = -5, Highest = 5 };

    private static DoubleTensor Compute(DoubleTensor x, int axis, Func<double, double> finish)
    {
        int inner = x.Shape.Product(axis + 1, x.Shape.Rank), length = x.Shape[axis];
        var y = new DoubleTensor(x.Shape);
        for (int i = 0; i < x.Values.Length; i++)
        {
            int first = (i / (inner * length) * inner * length) + (i % inner);
            var line = Enumerable.Range(0, length).Select(j => x[first + (j * inner)]).ToArray();
            y[i] = finish(Math.Exp(x[i] - line.Max()) / line.Sum(value => Math.Exp(value - line.Max())));
        }

        return y;
    }

    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(3, 21, 35)]
    public void Each_line_sums_to_one(int batch, int classes, int area)
    {
        var shape = new Shape(batch, classes, area);
        using var input = new Tensor(shape);
        var random = new Random(11);
        foreach (ref float value in input.Span)
            value = 8 * random.NextSingle();
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Softmax(), builder.Input("x", shape)));
        using var network = new CpuNetwork(graph);
        var y = network.Run(input)[0];
        for (int line = 0; line < batch * area; line++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += y.Span[((line / area * classes) + c) * area + (line % area)];
            Assert.Equal(1, sum, 1e-6);
        }
    }

    [Fact]
    public void An_axis_that_is_not_there_is_an_error()
    {
        var error = Assert.Throws<ShapeException>(() => new Softmax(2).InferShape([new Shape(1, 3)]));
        Assert.Contains("axis 2", error.Message, StringComparison.Ordinal);
    }
}
