using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

/// <summary>The layers that only backward passes use.</summary>
internal static class GradientSumCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 2, 3, 7 }.SelectMany(terms => new[] { Sum(terms, new Shape(37)), Sum(terms, new Shape(2, 17, 3, 5)) }),
        .. new[] { new Shape(), new Shape(37), new Shape(2, 17, 3, 5) }.Select(shape => new LayerCase($"{shape}", new Filled(shape, 2.5f), (_, _) => DoubleTensor.Map(new DoubleTensor(shape), _ => 2.5), 0) { CpuOnly = true, Onnx = OnnxForm.None }),
    ];

    private static LayerCase Sum(int terms, Shape shape) => new($"{terms} of {shape}", new GradientSum(), (x, _) =>
    {
        var sum = new DoubleTensor(shape);
        for (int i = 0; i < sum.Values.Length; i++)
            sum[i] = x.Sum(term => term[i]);
        return sum;
    }, 1e-6, [.. Enumerable.Repeat(shape, terms)]) { CpuOnly = true, Onnx = OnnxForm.None };
}
