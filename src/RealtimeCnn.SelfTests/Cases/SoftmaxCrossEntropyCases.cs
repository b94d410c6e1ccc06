using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class SoftmaxCrossEntropyCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (1, 2), (3, 5), (7, 17), (33, 10), (2, 1000) }.Select(size => Case($"{size.Item1} of {size.Item2} classes", size.Item1, size.Item2)),
        Case("logits far apart", 4, 6) with { Input = (input, random) => input == 1 ? random.Next(6) : 200 * (random.NextSingle() - 0.5f) },
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new SoftmaxCrossEntropy(), [new Shape(3, 4), new Shape(4)], "must be [3]"),
        new(new SoftmaxCrossEntropy(), [new Shape(3, 4), new Shape(3, 1)], "must be [3]"),
        new(new SoftmaxCrossEntropy(), [new Shape(2, 3, 4, 4), new Shape(2)], "[N, K]"),
    ];

    private static LayerCase Case(string name, int batch, int classes) => new(name, new SoftmaxCrossEntropy(), (x, _) =>
    {
        var loss = new DoubleTensor(new Shape());
        for (int n = 0; n < batch; n++)
        {
            double[] row = x[0].Values[(n * classes)..((n + 1) * classes)];
            double most = row.Max();
            loss[0] += (most + Math.Log(row.Sum(logit => Math.Exp(logit - most))) - (double.IsNaN(x[1][n]) ? double.NaN : row[(int)x[1][n]])) / batch;
        }

        return loss;
    }, 2e-6, new Shape(batch, classes), new Shape(batch))
    {
        Input = (input, random) => input == 1 ? random.Next(classes) : (random.NextSingle() * 2) - 1,
        CpuOnly = true,
        Onnx = OnnxForm.None,
    };
}
