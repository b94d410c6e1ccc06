using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class BatchNorm2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 15, 16, 17, 33 }.Select(channels => Case($"{channels} channels", new BatchNorm2d(channels), new Shape(1, channels, 5, 7))),
        Case("after a Linear", new BatchNorm2d(37), new Shape(3, 37)),
        Case("many pixels", new BatchNorm2d(3), new Shape(2, 3, 31, 37)),
        Case("large epsilon", new BatchNorm2d(5) { Epsilon = 0.5f }, new Shape(2, 5, 3, 3)),
        .. new[] { 1, 15, 17 }.Select(channels => Case($"batch statistics, {channels} channels", new BatchNorm2d(channels), new Shape(3, channels, 5, 7), RunMode.Training())),
        Case("batch statistics after a Linear", new BatchNorm2d(21), new Shape(5, 21), RunMode.Training()),
        Case("batch statistics far from zero", new BatchNorm2d(3), new Shape(2, 3, 9, 9), RunMode.Training()) with { Lowest = 100, Highest = 104 },
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new BatchNorm2d(4), [new Shape(1, 3, 5, 5)], "expects 4 channels")];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("batch_norm", new BatchNorm2d(5) { Epsilon = 1e-3f }),
        new("batch_norm, batch statistics", new BatchNorm2d(5)) { Mode = RunMode.Training() },
        new("batch_norm, after Linear", new BatchNorm2d(7)),
    ];

    public static IEnumerable<VastCase> Vast => [new(new BatchNorm2d(1) { Epsilon = 0 }, 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("alone", new BatchNorm2d(64), new Shape(1, 64, 112, 112)),
    ];

    private static LayerCase Case(string name, BatchNorm2d layer, Shape input, RunMode mode = default) =>
        new(name, layer, (x, parameters) => mode.IsTraining
            ? NormalizationOracle.Compute(x[0], parameters[0], parameters[1], layer.Epsilon, (_, c) => ((n, other) => other == c))
            : DoubleTensor.Fill(input, (n, c, h, w) =>
                ((x[0][n, c, h, w] - parameters[2][c]) / Math.Sqrt(parameters[3][c] + layer.Epsilon) * parameters[0][c]) + parameters[1][c]), 5e-6, input)
        {
            Mode = mode,
            Parameter = (spec, random) => spec.Name == "running_variance" ? 0.1f + random.NextSingle() : (random.NextSingle() * 2) - 1,
        };
}
