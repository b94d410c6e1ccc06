using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ReduceCases
{
    public static IEnumerable<LayerCase> All => Enum.GetValues<ReduceFunction>().SelectMany(function => new[]
    {
        Case("pixels", new Reduce(function, 2, 3), new Shape(2, 17, 3, 5)),
        Case("pixels of blocks", new Reduce(function, 2, 3), new Shape(2, 17, 3, 5)) with { BlockedInputs = true },
        Case("all but one", new Reduce(function, 0, 2) { KeepAxes = false }, new Shape(3, 5, 4)),
    }).Concat(
    [
        Case("pixels, left out", new Reduce(ReduceFunction.Mean, -1, -2) { KeepAxes = false }, new Shape(2, 18, 4, 3)),
        Case("pixels in blocks", new Reduce(ReduceFunction.Mean, 2, 3), new Shape(2, 18, 4, 3)) with { BlockedInputs = true },
        Case("rows", new Reduce(ReduceFunction.Sum, 2), new Shape(2, 18, 4, 3)),
        Case("columns, left out", new Reduce(ReduceFunction.Max, 3) { KeepAxes = false }, new Shape(2, 18, 4, 3)),
        Case("channels in vectors", new Reduce(ReduceFunction.Mean, 1), new Shape(2, 5, 4, 8)),
        Case("channels in blocks", new Reduce(ReduceFunction.Mean, 1), new Shape(2, 18, 4, 8)) with { BlockedInputs = true },
        Case("channels", new Reduce(ReduceFunction.Mean, 1), new Shape(2, 18, 4, 3)),
        Case("a vector", new Reduce(ReduceFunction.Sum), new Shape(37)),
        Case("a scalar", new Reduce(ReduceFunction.Sum), new Shape()),
        Case("everything", new Reduce(ReduceFunction.L2) { KeepAxes = false }, new Shape(2, 3, 2, 2, 3)),
        Case("every other axis", new Reduce(ReduceFunction.Sum, 0, 2, 4), new Shape(2, 3, 4, 2, 3)),
        Case("a large picture", new Reduce(ReduceFunction.Mean, 2, 3), new Shape(1, 3, 97, 101)),
    ]);

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Reduce(ReduceFunction.Sum, 3), [new Shape(1, 2)], "axis 3"),
        new(new Reduce(ReduceFunction.Max, 1), [new Shape(1, 0)], "no elements"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("reduce, mean", new Reduce(ReduceFunction.Mean, 1, 3)),
        new("reduce, sum", new Reduce(ReduceFunction.Sum, 1, 3)),
        new("reduce, max", new Reduce(ReduceFunction.Max, 1, 3)),
        new("reduce, min", new Reduce(ReduceFunction.Min, 1, 3)),
        new("reduce, l1", new Reduce(ReduceFunction.L1, 1, 3)),
        new("reduce, l2", new Reduce(ReduceFunction.L2, 1, 3)),
        new("reduce, logsumexp", new Reduce(ReduceFunction.LogSumExp, 1, 3)),
    ];

    public static IEnumerable<VastCase> Vast => [new(new Reduce(ReduceFunction.Max, 3), 3)];

    private static LayerCase Case(string name, Reduce layer, Shape input) =>
        new($"{layer.Function}: {name}", layer, (x, _) => Compute(layer, x[0]), layer.Function is ReduceFunction.Max or ReduceFunction.Min ? 0 : 1e-6, input) { Lowest = 0.25f, Highest = 1.5f };

    private static DoubleTensor Compute(Reduce layer, DoubleTensor x)
    {
        int[] axes = [.. (layer.Axes.Count == 0 ? Enumerable.Range(0, x.Shape.Rank) : layer.Axes).Select(axis => axis < 0 ? axis + x.Shape.Rank : axis)];
        var groups = Enumerable.Range(0, x.Shape.Count).GroupBy(
            flat => string.Join(',', Coordinates.Of(x.Shape, flat).Where((_, axis) => !axes.Contains(axis)).Select(index => $"{index}")), flat => x[flat]);
        var y = new DoubleTensor(new Shape([.. x.Shape.ToArray().Select((extent, axis) => axes.Contains(axis) ? 1 : extent).Where((_, axis) => layer.KeepAxes || !axes.Contains(axis))]));
        foreach (var (group, i) in groups.Select((group, i) => (group.ToArray(), i)))
        {
            y[i] = layer.Function switch
            {
                ReduceFunction.Mean => group.Average(),
                ReduceFunction.Sum => group.Sum(),
                ReduceFunction.Max => group.Aggregate((a, b) => Math.Max(a, b)),
                ReduceFunction.Min => group.Min(),
                ReduceFunction.Product => group.Aggregate(1.0, (product, value) => product * value),
                ReduceFunction.L1 => group.Sum(Math.Abs),
                ReduceFunction.L2 => Math.Sqrt(group.Sum(value => value * value)),
                ReduceFunction.LogSum => Math.Log(group.Sum()),
                ReduceFunction.LogSumExp => Math.Log(group.Sum(Math.Exp)),
                ReduceFunction.SumSquare => group.Sum(value => value * value),
                _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "No oracle."),
            };
        }

        return y;
    }
}
