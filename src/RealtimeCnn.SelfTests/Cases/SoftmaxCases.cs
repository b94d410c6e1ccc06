using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class SoftmaxCases
{
    private static readonly (int Axis, Shape Input)[] Inputs =
    [
        (0, new Shape(1)), (-1, new Shape(37)), (1, new Shape(3, 10)), (0, new Shape(3, 10)), (1, new Shape(1, 1000)), (1, new Shape(2, 5, 7, 3)), (1, new Shape(1, 21, 4, 5)),
        (1, new Shape(2, 3, 8, 8)), (-3, new Shape(1, 70, 3, 4)), (1, new Shape(3, 18, 5)), (2, new Shape(2, 3, 5, 17)), (-1, new Shape(2, 3, 5, 17)), (-2, new Shape(2, 3, 5, 4)),
    ];

    public static IEnumerable<LayerCase> All => Inputs.SelectMany(input => new[]
    {
        Case(new Softmax(input.Axis), input.Input, 2e-6, power => power),
        Case(new LogSoftmax(input.Axis), input.Input, 5e-6, Math.Log),
        Case(new Softmax(input.Axis), input.Input, 2e-6, power => power) with { Name = $"large logits, axis {input.Axis} of {input.Input}", Lowest = -90, Highest = 90 },
    }).Concat(
    [
        Case(new Softmax(), new Shape(2, 9, 3, 7), 2e-6, power => power) with { Name = "a NaN spoils its line", Input = NaNs, WithoutSlopes = "a NaN has none" },
        Case(new LogSoftmax(-1), new Shape(5, 9), 5e-6, Math.Log) with { Name = "a NaN spoils its line", Input = NaNs, WithoutSlopes = "a NaN has none" },
    ]);

    public static IEnumerable<RefusedCase> Refused => [new(new Softmax(2), [new Shape(1, 3)], "axis 2")];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("softmax, axis 0", new Softmax(0)),
        new("softmax, axis 1", new Softmax(1)),
        new("softmax, axis -1", new Softmax(-1)),
        new("log_softmax", new LogSoftmax()),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("1000 classes", new Softmax(1), new Shape(1, 1000)),
        LayerCase.Realistic("segmentation", new Softmax(1), new Shape(1, 21, 112, 112)),
    ];

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
            double largest = line.Max();
            y[i] = finish(Math.Exp(x[i] - largest) / line.Sum(value => Math.Exp(value - largest)));
        }

        return y;
    }
}
