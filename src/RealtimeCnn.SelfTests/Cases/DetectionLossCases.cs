using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

/// <summary>Losses of detectors, and the sum that several losses come to.</summary>
internal static class DetectionLossCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { new Shape(1), new Shape(3, 7), new Shape(2, 3, 5, 17), new Shape(2, 4096), new Shape(3, 4099) }.Select(shape => Heat($"{shape}", new CentreFocal(), shape)),
        Heat("no centres", new CentreFocal(), new Shape(5, 17)) with { Input = (input, random) => input == 1 ? 0.9f * random.NextSingle() : (random.NextSingle() * 8) - 4 },
        Heat("far logits", new CentreFocal(), new Shape(5, 17)) with { Input = (input, random) => input == 1 ? random.Next(2) : 160 * (random.NextSingle() - 0.5f) },
        Heat("alpha 0, beta 0", new CentreFocal { Alpha = 0, Beta = 0 }, new Shape(5, 17)),
        Heat("alpha 1.5, beta 3", new CentreFocal { Alpha = 1.5f, Beta = 3 }, new Shape(5, 17)),
        .. new[] { new Shape(1, 1), new Shape(3, 4), new Shape(2, 4, 3, 17), new Shape(5, 3, 7) }.Select(shape => Boxes($"{shape}", new BoxRegression(), shape)),
        Boxes("beta 0.5", new BoxRegression { Beta = 0.5f }, new Shape(2, 4, 3, 17)),
        Boxes("less than one box", new BoxRegression(), new Shape(2, 4, 3, 5)) with { Input = (input, random) => input == 1 ? 0.01f * random.NextSingle() : random.NextSingle() },
        Boxes("no boxes", new BoxRegression(), new Shape(2, 4, 3, 5)) with { Input = (input, random) => input == 1 ? 0 : random.NextSingle() },
        .. new[] { new Shape(1, 1), new Shape(3, 4), new Shape(2, 10, 3, 17), new Shape(5, 3, 7) }.Select(shape => Classes($"{shape}", shape)),
        Classes("far logits", new Shape(2, 3, 3, 5)) with { Input = (input, random) => input == 1 ? 1 : 160 * (random.NextSingle() - 0.5f) },
        Classes("no places", new Shape(2, 3, 3, 5)) with { Input = (input, random) => input == 1 ? 0 : random.NextSingle() },
        .. new[] { 1, 2, 5 }.Select(Sum),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new CentreFocal(), [new Shape(3, 4), new Shape(3)], "must be [3, 4]"),
        new(new CentreFocal { Alpha = 0.5f }, [new Shape(3), new Shape(3)], "alpha 0.5"),
        new(new CentreFocal { Beta = -1 }, [new Shape(3), new Shape(3)], "beta -1"),
        new(new PlaceClassification(), [new Shape(2, 4, 3, 5), new Shape(2, 4, 3, 5)], "must be [2, 2, 3, 5]"),
        new(new PlaceClassification(), [new Shape(3), new Shape(3)], "[N, K, …]"),
        new(new BoxRegression(), [new Shape(2, 4, 3, 5), new Shape(2, 4, 3, 5)], "must be [2, 5, 3, 5]"),
        new(new BoxRegression(), [new Shape(3), new Shape(3)], "[N, C, …]"),
        new(new BoxRegression { Beta = float.NaN }, [new Shape(3, 4), new Shape(3, 5)], "beta NaN"),
    ];

    private static LayerCase Heat(string name, CentreFocal loss, Shape shape) => new(name, loss, (x, _) => Scalar(
        x[0].Values.Zip(x[1].Values, (logit, t) => HeatOf(logit, t, loss.Alpha, loss.Beta)).Sum() / Math.Max(1, x[1].Values.Count(t => t == 1))), 2e-6, shape, shape)
    {
        // One in eight is a centre.
        Input = (input, random) => input == 0 ? (random.NextSingle() * 8) - 4 : random.Next(8) == 0 ? 1 : 0.95f * random.NextSingle(),
        CpuOnly = true,
        Onnx = OnnxForm.None,
    };

    private static double HeatOf(double x, double t, double alpha, double beta)
    {
        double p = 1 / (1 + Math.Exp(-x)), q = 1 / (1 + Math.Exp(x));
        return t == 1 ? -Math.Pow(q, alpha) * LogSigmoid(x) : -Math.Pow(1 - t, beta) * Math.Pow(p, alpha) * LogSigmoid(-x);
    }

    private static double LogSigmoid(double x) => x >= 0 ? -Math.Log(1 + Math.Exp(-x)) : x - Math.Log(1 + Math.Exp(x));

    /// <summary>Targets are 0 or 1, which is a label and what a place counts alike.</summary>
    private static LayerCase Classes(string name, Shape shape) => new(name, new PlaceClassification(), (x, _) =>
    {
        int area = shape.Product(2, shape.Rank), classes = shape[1];
        double sum = 0, weight = 0;
        for (int n = 0; n < shape[0]; n++)
        {
            for (int place = 0; place < area; place++)
            {
                double label = x[1][(2 * n * area) + place], m = x[1][(((2 * n) + 1) * area) + place];
                double[] logits = [.. Enumerable.Range(0, classes).Select(k => x[0][(((n * classes) + k) * area) + place])];
                weight += m;
                sum += m == 0 ? 0 : m * (Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max()))) + logits.Max() - logits[(int)label]);
            }
        }

        return Scalar(sum / Math.Max(1, weight));
    }, 2e-6, shape, shape.With(1, 2))
    {
        Input = (input, random) => input == 0 ? (random.NextSingle() * 8) - 4 : random.Next(Math.Min(2, shape[1])),
        CpuOnly = true,
        Onnx = OnnxForm.None,
    };

    private static LayerCase Boxes(string name, BoxRegression loss, Shape shape) => new(name, loss, (x, _) =>
    {
        int area = shape.Product(2, shape.Rank), channels = shape[1];
        double sum = 0, weight = 0;
        for (int n = 0; n < shape[0]; n++)
        {
            for (int place = 0; place < area; place++)
            {
                double m = x[1][(n * (channels + 1) * area) + place];
                weight += m;
                for (int c = 0; c < channels && m != 0; c++)
                {
                    double d = Math.Abs(x[0][(((n * channels) + c) * area) + place] - x[1][(((n * (channels + 1)) + 1 + c) * area) + place]);
                    sum += m * (d < loss.Beta ? d * d / (2 * loss.Beta) : d - (loss.Beta / 2.0));
                }
            }
        }

        return Scalar(sum / Math.Max(1, weight));
    }, 2e-6, shape, shape.With(1, shape[1] + 1))
    {
        Input = (input, random) => input == 0 ? (random.NextSingle() * 2) - 1 : Math.Max(0, (random.NextSingle() * 2) - 0.6f),
        CpuOnly = true,
        Onnx = OnnxForm.None,
    };

    private static LayerCase Sum(int terms)
    {
        float[] weights = [.. Enumerable.Range(0, terms).Select(i => 0.3f - i)];
        return new LayerCase($"{terms} losses", new LossSum(weights), (x, _) => Scalar(x.Select((term, i) => weights[i] * term[0]).Sum()), 1e-6, [.. Enumerable.Repeat(new Shape(), terms)])
        {
            CpuOnly = true, Onnx = OnnxForm.None,
        };
    }

    private static DoubleTensor Scalar(double value) => DoubleTensor.Map(new DoubleTensor(new Shape()), _ => value);
}
