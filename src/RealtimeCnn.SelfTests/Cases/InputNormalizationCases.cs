using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class InputNormalizationCases
{
    public static IEnumerable<LayerCase> All => Enum.GetValues<InputScale>().SelectMany(scale => new[]
    {
        Case($"{scale}, given, 3 channels", new InputNormalization(3, scale), new Shape(2, 3, 5, 7)),
        Case($"{scale}, given, 17 features", new InputNormalization(17, scale), new Shape(3, 17)),
        Case($"{scale}, measured, 3 channels", new InputNormalization(3, scale) { IsMeasured = true }, new Shape(2, 3, 5, 7)),
        Case($"{scale}, measured, 17 channels, bytes", new InputNormalization(17, scale) { IsMeasured = true }, new Shape(1, 17, 13, 11)) with { Lowest = 0, Highest = 255 },
        Case($"{scale}, measured, constant", new InputNormalization(3, scale) { IsMeasured = true }, new Shape(1, 3, 4, 4)) with { Lowest = 7, Highest = 7 },
    });

    private static LayerCase Case(string name, InputNormalization layer, Shape input) => new(name, layer, (x, parameters) => DoubleTensor.Fill(input, (n, c, h, w) =>
    {
        double[] channel = [.. Enumerable.Range(0, input.Area).Select(i => x[0][(((n * input.Channels) + c) * input.Area) + i])];
        double mean = layer.IsMeasured ? channel.Average() : parameters[0][c];
        double divisor = (layer.Scale, layer.IsMeasured) switch
        {
            (InputScale.Range, true) => channel.Max() - channel.Min(),
            (InputScale.Range, false) => parameters[2][c] - parameters[1][c],
            (_, true) => Math.Sqrt(NormalizationOracle.Measure(channel).Variance),
            _ => parameters[1][c],
        };
        return divisor == 0 ? 0 : (x[0][n, c, h, w] - mean) / divisor;
    }), 5e-6, input)
    {
        Parameter = (spec, random) => spec.Name switch
        {
            "maximum" or "standard_deviation" => 0.5f + random.NextSingle(),
            "minimum" => -0.5f - random.NextSingle(),
            _ => random.NextSingle() - 0.5f,
        },
        Onnx = layer.IsMeasured ? OnnxForm.None : OnnxForm.Same,
    };
}
