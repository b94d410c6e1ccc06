using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class LrnCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 15, 16, 17, 33 }.Select(channels => Case($"{channels} channels", new Lrn(5) { Alpha = 2 }, new Shape(1, channels, 3, 5))),
        Case("AlexNet's constants", new Lrn(5) { Alpha = 1e-4f, Beta = 0.75f, Bias = 2 }, new Shape(2, 24, 5, 5)) with { Lowest = -50, Highest = 50 },
        Case("runs of pixels", new Lrn(5) { Alpha = 2 }, new Shape(2, 33, 5, 7)),
        Case("even size", new Lrn(4) { Alpha = 1.5f, Beta = 0.5f }, new Shape(1, 9, 2, 3)),
        Case("a NaN spoils its neighbours", new Lrn(3), new Shape(1, 9, 5, 3)) with { Input = (_, random) => random.Next(20) == 0 ? float.NaN : random.NextSingle(), WithoutSlopes = "a NaN has none" },
        Case("size 1", new Lrn(1) { Alpha = 3, Beta = 1 }, new Shape(1, 5, 2, 3)),
        Case("size beyond all channels", new Lrn(49) { Alpha = 5 }, new Shape(2, 18, 2, 3)),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new Lrn(5) { Bias = 0 }, [new Shape(1, 3, 5, 5)], "bias 0")];

    public static IEnumerable<RecordedCase> Recorded => [new("local_response_norm", new Lrn(5) { Alpha = 0.5f, Beta = 0.75f, Bias = 2 })];

    public static IEnumerable<VastCase> Vast => [new(new Lrn(1) { Alpha = 0 }, 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("GoogLeNet", new Lrn(5), new Shape(1, 64, 56, 56)),
    ];

    private static LayerCase Case(string name, Lrn layer, Shape input) => new(name, layer, (x, _) => DoubleTensor.Fill(input, (n, c, h, w) =>
    {
        double sum = 0;
        for (int d = c - (int)Math.Floor((layer.Size - 1) / 2.0); d <= c + (int)Math.Ceiling((layer.Size - 1) / 2.0); d++)
            sum += d >= 0 && d < input.Channels ? x[0][n, d, h, w] * x[0][n, d, h, w] : 0;
        return x[0][n, c, h, w] / Math.Pow(layer.Bias + (layer.Alpha / (double)layer.Size * sum), layer.Beta);
    }), 5e-6, input);
}
