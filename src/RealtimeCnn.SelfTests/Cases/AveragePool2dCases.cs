using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class AveragePool2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 4, 15, 17, 33 }.Select(channels => Case($"{channels} channels", new AveragePool2d(2) { Stride = 2 }, new Shape(1, channels, 6, 9))),
        .. new[] { false, true }.SelectMany(counted => new[]
        {
            Case($"padded, counted {counted}", new AveragePool2d(3) { Stride = 2, Padding = 1, CountIncludePad = counted }, new Shape(2, 5, 7, 8)),
            Case($"asymmetric, counted {counted}", new AveragePool2d(new Size2d(3, 2)) { Stride = 1, Padding = new Padding2d(2, 0, 1, 1), CountIncludePad = counted }, new Shape(1, 2, 4, 5)),
            Case($"ceil mode, counted {counted}", new AveragePool2d(3) { Stride = 2, CeilMode = true, CountIncludePad = counted }, new Shape(1, 6, 6, 8)),
            Case($"ceil mode and padding, counted {counted}", new AveragePool2d(4) { Stride = 3, Padding = 1, CeilMode = true, CountIncludePad = counted }, new Shape(3, 3, 8, 11)),
            Case($"dilated, some windows empty, counted {counted}", new AveragePool2d(2) { Stride = 1, Dilation = 6, Padding = 3, CountIncludePad = counted }, new Shape(1, 3, 2, 9)),
        }),
        Case("few channels in rows", new AveragePool2d(2), new Shape(2, 6, 4, 28)),
        Case("few channels in rows, odd sizes", new AveragePool2d(2), new Shape(2, 3, 5, 19)),
        Case("stride above kernel", new AveragePool2d(2) { Stride = 3 }, new Shape(1, 2, 8, 11)),
        Case("a row of several buffers", new AveragePool2d(3) { Stride = 2, Padding = 1 }, new Shape(1, 2, 4, 301)),
        Case("window as large as the input", new AveragePool2d(new Size2d(5, 3)) { Stride = 1 }, new Shape(1, 6, 5, 3)),
        Case("same lower", new AveragePool2d(3) { Stride = 2, Padding = Padding2d.SameLower }, new Shape(1, 6, 8, 7)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new AveragePool2d(2), [new Shape(1, 8)], "[N, C, H, W]"),
        new(new AveragePool2d(new Size2d(2147484, 1)) { Dilation = new Size2d(1000, 1), Padding = new Padding2d(2147483000, 0, 0, 0), Stride = new Size2d(1000, 1) }, [new Shape(1, 1, 400, 4096)], "2147483000"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("avg_pool2d, counted true", new AveragePool2d(3) { Stride = 2, Padding = 1, CeilMode = true, CountIncludePad = true }),
        new("avg_pool2d, counted false", new AveragePool2d(3) { Stride = 2, Padding = 1, CeilMode = true, CountIncludePad = false }),
    ];

    public static IEnumerable<VastCase> Vast => [new(new AveragePool2d(2) { Stride = 1, Padding = new Padding2d(1, 1, 0, 0), CountIncludePad = false }, 0.75f)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("LeNet-5", new AveragePool2d(2), new Shape(1, 6, 28, 28)),
        LayerCase.Realistic("DenseNet, transition", new AveragePool2d(2), new Shape(1, 128, 56, 56)),
    ];

    private static LayerCase Case(string name, AveragePool2d layer, Shape input) => new(name, layer, (x, _) => PoolingOracle.Slide(layer, x[0], (taps, padded, _, _) =>
    {
        int count = layer.CountIncludePad ? padded : taps.Count;
        return taps.Count == 0 ? 0 : taps.Sum(tap => tap.Value) / count;
    }), 1e-6, input);
}
