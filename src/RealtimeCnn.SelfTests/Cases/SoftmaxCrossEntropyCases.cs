using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class SoftmaxCrossEntropyCases
{
    private static readonly float[] Weights = [0.5f, 2, 1, 0.25f, 1.5f];

    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (1, 2), (3, 5), (7, 17), (33, 10), (2, 1000) }.Select(size => Case($"{size.Item1} of {size.Item2} classes", size.Item1, size.Item2, new SoftmaxCrossEntropy())),
        Case("logits far apart", 4, 6, new SoftmaxCrossEntropy()) with { Input = (input, random) => input == 1 ? random.Next(6) : 200 * (random.NextSingle() - 0.5f) },
        Case("smoothed", 7, 5, new SoftmaxCrossEntropy { LabelSmoothing = 0.1f }),
        Case("weighted", 7, 5, new SoftmaxCrossEntropy { ClassWeights = Weights }),
        Case("one ignored", 17, 5, new SoftmaxCrossEntropy { IgnoredLabel = 3 }),
        Case("ignored outside the classes", 17, 5, new SoftmaxCrossEntropy { IgnoredLabel = -100 }) with { Input = (input, random) => input == 0 ? random.NextSingle() : random.Next(6) is var label && label == 5 ? -100 : label },
        Case("smoothed, weighted, one ignored", 17, 5, new SoftmaxCrossEntropy { LabelSmoothing = 0.2f, ClassWeights = Weights, IgnoredLabel = 2 }),
        Case("probabilities", 7, 17, new SoftmaxCrossEntropy { TakesProbabilities = true }),
        Case("probabilities, smoothed, weighted", 7, 5, new SoftmaxCrossEntropy { TakesProbabilities = true, LabelSmoothing = 0.2f, ClassWeights = Weights }),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new SoftmaxCrossEntropy(), [new Shape(3, 4), new Shape(4)], "must be [3]"),
        new(new SoftmaxCrossEntropy(), [new Shape(3, 4), new Shape(3, 1)], "must be [3]"),
        new(new SoftmaxCrossEntropy(), [new Shape(2, 3, 4, 4), new Shape(2)], "[N, K]"),
        new(new SoftmaxCrossEntropy { TakesProbabilities = true }, [new Shape(3, 4), new Shape(3)], "must be [3, 4]"),
        new(new SoftmaxCrossEntropy { TakesProbabilities = true, IgnoredLabel = 0 }, [new Shape(3, 4), new Shape(3, 4)], "ignored"),
        new(new SoftmaxCrossEntropy { LabelSmoothing = 1 }, [new Shape(3, 4), new Shape(3)], "smoothing 1"),
        new(new SoftmaxCrossEntropy { LabelSmoothing = float.NaN }, [new Shape(3, 4), new Shape(3)], "smoothing NaN"),
        new(new SoftmaxCrossEntropy { ClassWeights = Weights }, [new Shape(3, 4), new Shape(3)], "4 classes need as many weights"),
        new(new SoftmaxCrossEntropy { ClassWeights = [1, 1, -1] }, [new Shape(3, 3), new Shape(3)], "at least 0"),
    ];

    private static LayerCase Case(string name, int batch, int classes, SoftmaxCrossEntropy loss) =>
        new(name, loss, (x, _) => Oracle(loss, batch, classes, x[0].Values, x[1].Values), 2e-6, new Shape(batch, classes), loss.TakesProbabilities ? new Shape(batch, classes) : new Shape(batch))
        {
            Input = (input, random) => input == 0 ? (random.NextSingle() * 2) - 1 : loss.TakesProbabilities ? random.NextSingle() : random.Next(classes),
            CpuOnly = true,
            Onnx = OnnxForm.None,
        };

    private static DoubleTensor Oracle(SoftmaxCrossEntropy loss, int batch, int classes, double[] logits, double[] targets)
    {
        double sum = 0, weights = 0;
        for (int n = 0; n < batch; n++)
        {
            if (!loss.TakesProbabilities && targets[n] == loss.IgnoredLabel)
                continue;
            double[] row = logits[(n * classes)..((n + 1) * classes)];
            double most = row.Max(), logarithm = most + Math.Log(row.Sum(logit => Math.Exp(logit - most)));
            for (int k = 0; k < classes; k++)
            {
                double weight = loss.ClassWeights.Count > 0 ? loss.ClassWeights[k] : 1;
                double target = loss.TakesProbabilities ? targets[(n * classes) + k] : targets[n] == k ? 1 : double.IsNaN(targets[n]) ? double.NaN : 0;
                double share = target + (loss.LabelSmoothing * ((1.0 / classes) - target));
                if (share != 0)
                    sum += weight * share * (logarithm - row[k]);
                weights += loss.TakesProbabilities ? 1.0 / classes : weight * target;
            }
        }

        var result = new DoubleTensor(new Shape());
        result[0] = sum / weights;
        return result;
    }
}
