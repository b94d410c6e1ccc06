using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ElementwiseLossCases
{
    private static readonly Shape[] Shapes = [new(1), new(3, 7), new(2, 5, 3, 17), new(2, 4096), new(3, 4099)];

    public static IEnumerable<LayerCase> All =>
    [
        .. Shapes.SelectMany(shape => new[]
        {
            Case($"{shape}", new MeanSquaredError(), shape, (x, t) => Math.Pow(x - t, 2)),
            Case($"{shape}", new MeanAbsoluteError(), shape, (x, t) => Math.Abs(x - t)),
            Case($"{shape}", new Huber(), shape, (x, t) => HuberOf(x - t, 1)),
            Case($"{shape}", new BinaryCrossEntropy(), shape, CrossEntropy),
            Case($"{shape}", new Focal(), shape, (x, t) => FocalOf(x, t, 0.25f, 2)),
        }),
        Case("delta 0.3", new Huber { Delta = 0.3f }, new Shape(5, 17), (x, t) => HuberOf(x - t, 0.3f)),
        Case("blocked", new MeanSquaredError(), new Shape(2, 5, 3, 17), (x, t) => Math.Pow(x - t, 2)) with { BlockedInputs = true },
        Case("far logits", new BinaryCrossEntropy(), new Shape(5, 17), CrossEntropy) with { Input = (input, random) => input == 1 ? random.Next(2) : 200 * (random.NextSingle() - 0.5f) },
        Case("gamma 0", new Focal { Gamma = 0, Alpha = 0.6f }, new Shape(5, 17), (x, t) => FocalOf(x, t, 0.6f, 0)),
        Case("gamma 1, labels", new Focal { Gamma = 1, Alpha = 0.5f }, new Shape(5, 17), (x, t) => FocalOf(x, t, 0.5f, 1)) with { Input = (input, random) => input == 1 ? random.Next(2) : (random.NextSingle() * 8) - 4 },
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new MeanSquaredError(), [new Shape(3, 4), new Shape(3)], "must be [3, 4]"),
        new(new Huber { Delta = 0 }, [new Shape(3), new Shape(3)], "delta 0"),
        new(new Focal { Alpha = 1.5f }, [new Shape(3), new Shape(3)], "alpha 1.5"),
        new(new Focal { Gamma = 0.5f }, [new Shape(3), new Shape(3)], "gamma 0.5"),
    ];

    private static LayerCase Case(string name, ElementwiseLoss loss, Shape shape, Func<double, double, double> function) => new(name, loss, (x, _) =>
    {
        var result = new DoubleTensor(new Shape());
        result[0] = x[0].Values.Zip(x[1].Values, function).Average();
        return result;
    }, 2e-6, shape, shape)
    {
        Input = (input, random) => loss is BinaryCrossEntropy or Focal && input == 1 ? random.NextSingle() : (random.NextSingle() * 4) - 2,
        CpuOnly = true,
        Onnx = OnnxForm.None,
    };

    private static double HuberOf(double difference, double delta) => Math.Abs(difference) > delta ? delta * (Math.Abs(difference) - (delta / 2)) : difference * difference / 2;

    private static double CrossEntropy(double x, double t) => -((t * LogSigmoid(x)) + ((1 - t) * LogSigmoid(-x)));

    private static double FocalOf(double x, double t, double alpha, double gamma)
    {
        double p = 1 / (1 + Math.Exp(-x)), right = (p * t) + ((1 - p) * (1 - t));
        return ((alpha * t) + ((1 - alpha) * (1 - t))) * Math.Pow(1 - right, gamma) * CrossEntropy(x, t);
    }

    private static double LogSigmoid(double x) => x >= 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));
}
