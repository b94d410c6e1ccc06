using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class WeightedAveragePool2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 16, 17 }.Select(channels => Case($"{channels} channels", new WeightedAveragePool2d(3, 0.8f) { Stride = 1 }, new Shape(1, channels, 5, 7))),
        Case("padded, stride 2", new WeightedAveragePool2d(5, 1.5f) { Padding = 2, Stride = 2 }, new Shape(2, 5, 7, 8)),
        Case("even, not square", new WeightedAveragePool2d(new Size2d(4, 2), 1) { Stride = 1, Padding = new Padding2d(1, 0, 2, 1) }, new Shape(1, 3, 6, 5)),
        Case("dilated, ceil mode", new WeightedAveragePool2d(2, 1) { Dilation = 2, Stride = 2, CeilMode = true }, new Shape(1, 3, 8, 9)),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new WeightedAveragePool2d(3, 0), [new Shape(1, 1, 4, 4)], "above 0")];

    public static IEnumerable<VastCase> Vast => [new(new WeightedAveragePool2d(1, 1), 3)];

    private static LayerCase Case(string name, WeightedAveragePool2d layer, Shape input) => new(name, layer, (x, _) => PoolingOracle.Slide(layer, x[0], (taps, _, _, _) =>
    {
        double Weight(Tap tap) => Math.Exp(
            -(Math.Pow(tap.KernelRow - ((layer.Kernel.Height - 1) / 2.0), 2) + Math.Pow(tap.KernelColumn - ((layer.Kernel.Width - 1) / 2.0), 2)) / (2 * Math.Pow(layer.Sigma, 2)));
        return taps.Sum(tap => Weight(tap) * tap.Value) / taps.Sum(Weight);
    }), 1e-6, input)
    {
        Onnx = layer.Padding != default(Padding2d) || layer.CeilMode ? OnnxForm.None : OnnxForm.Same,
    };
}
