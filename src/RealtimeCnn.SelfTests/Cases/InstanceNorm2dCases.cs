using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class InstanceNorm2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 15, 16, 17, 33 }.Select(channels => Case($"{channels} channels", new InstanceNorm2d(channels), new Shape(2, channels, 5, 7))),
        Case("many pixels", new InstanceNorm2d(3), new Shape(1, 3, 41, 37)),
        Case("far from zero", new InstanceNorm2d(5), new Shape(1, 5, 9, 9)) with { Lowest = 100, Highest = 104 },
        Case("large epsilon, one axis of space", new InstanceNorm2d(5) { Epsilon = 0.5f }, new Shape(2, 5, 11)),
        Case("constant input", new InstanceNorm2d(5), new Shape(1, 5, 3, 4)) with { Lowest = 2, Highest = 2 },
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new InstanceNorm2d(3), [new Shape(2, 3)], "[2, 3]")];

    public static IEnumerable<RecordedCase> Recorded => [new("instance_norm", new InstanceNorm2d(5))];

    private static LayerCase Case(string name, InstanceNorm2d layer, Shape input) => new(name, layer, (x, parameters) =>
        NormalizationOracle.Compute(x[0], parameters[0], parameters[1], layer.Epsilon, (n, c) => (item, channel) => item == n && channel == c), 5e-6, input);
}
