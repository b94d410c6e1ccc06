using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GroupNormCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (1, 5), (5, 5), (3, 12), (2, 34), (32, 64), (4, 64), (1, 12) }.Select(size => Case($"{size.Item2} channels in {size.Item1} groups", new GroupNorm(size.Item1, size.Item2), new Shape(2, size.Item2, 3, 5))),
        Case("a vector", new GroupNorm(2, 10), new Shape(3, 10)),
        Case("one group, three axes", new GroupNorm(1, 7), new Shape(2, 7, 23)),
        Case("long rows of whole blocks far from zero", new GroupNorm(2, 8), new Shape(1, 8, 17, 19)) with { Lowest = 100, Highest = 104 },
        Case("long rows far from zero", new GroupNorm(2, 6), new Shape(1, 6, 17, 19)) with { Lowest = 100, Highest = 104 },
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new GroupNorm(3, 4), [new Shape(1, 4, 5, 5)], "3 groups")];

    public static IEnumerable<RecordedCase> Recorded => [new("group_norm", new GroupNorm(3, 6))];

    private static LayerCase Case(string name, GroupNorm layer, Shape input)
    {
        int perGroup = layer.Channels / layer.Groups;
        return new(name, layer, (x, parameters) => NormalizationOracle.Compute(
            x[0], parameters[0], parameters[1], layer.Epsilon, (n, c) => (item, channel) => item == n && channel / perGroup == c / perGroup), 5e-6, input);
    }
}
