using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class MaxoutCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (2, 2), (3, 3), (2, 34), (5, 85), (1, 17), (16, 32), (7, 7) }.Select(size => Case($"{size.Item2} channels by {size.Item1}", size.Item1, new Shape(1, size.Item2, 3, 5))),
        Case("batch of 3", 3, new Shape(3, 51, 2, 3)),
        Case("a vector", 2, new Shape(2, 10)),
        Case("a NaN wins", 3, new Shape(1, 9, 6, 7)) with { Input = (_, random) => random.Next(9) == 0 ? float.NaN : random.NextSingle() + 0.5f, WithoutSlopes = "a NaN has none" },
        Case("all negative", 4, new Shape(1, 20, 2, 3)) with { Lowest = -3, Highest = -2 },
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new Maxout(3), [new Shape(1, 4, 5, 5)], "groups of 3")];

    public static IEnumerable<RecordedCase> Recorded => [new("amax of pieces", new Maxout(4))];

    private static LayerCase Case(string name, int pieces, Shape input) => new(name, new Maxout(pieces), (x, _) =>
        DoubleTensor.Fill(input.With(1, input.Channels / pieces), (n, c, h, w) => Enumerable.Range(c * pieces, pieces).Aggregate(double.NegativeInfinity, (largest, channel) => Math.Max(largest, x[0][n, channel, h, w]))), 0, input);
}
