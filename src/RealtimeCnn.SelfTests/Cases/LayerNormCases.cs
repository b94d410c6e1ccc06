using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class LayerNormCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("the last axis", new LayerNorm(new Shape(7)), new Shape(2, 3, 5, 7)),
        Case("two axes", new LayerNorm(new Shape(5, 7)), new Shape(2, 3, 5, 7)),
        Case("everything", new LayerNorm(new Shape(3, 5)), new Shape(3, 5)),
        Case("a vector", new LayerNorm(new Shape(37)), new Shape(37)),
        Case("long rows far from zero", new LayerNorm(new Shape(1031)), new Shape(3, 1031)) with { Lowest = 100, Highest = 104 },
        Case("large epsilon", new LayerNorm(new Shape(4)) { Epsilon = 0.5f }, new Shape(3, 4)),
        Case("channels only, from blocks", new LayerNorm(new Shape(19, 1, 1)), new Shape(2, 19, 1, 1)),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new LayerNorm(new Shape(5)), [new Shape(2, 7)], "[5]", "[2, 7]")];

    public static IEnumerable<RecordedCase> Recorded => [new("layer_norm", new LayerNorm(new Shape(4, 5)))];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("vision transformer", new LayerNorm(new Shape(768)), new Shape(1, 197, 768)),
    ];

    private static LayerCase Case(string name, LayerNorm layer, Shape input) => new(name, layer, (x, parameters) =>
    {
        int length = layer.NormalizedShape.Count;
        var y = new DoubleTensor(input);
        for (int row = 0; row < input.Count / length; row++)
        {
            var (mean, variance) = NormalizationOracle.Measure(x[0].Values[(row * length)..((row + 1) * length)]);
            for (int i = 0; i < length; i++)
                y[(row * length) + i] = ((x[0][(row * length) + i] - mean) / Math.Sqrt(variance + layer.Epsilon) * parameters[0][i]) + parameters[1][i];
        }

        return y;
    }, 5e-6, input);
}
