using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class AdaptivePoolingCases
{
    private static readonly (Size2d Output, Shape Input)[] Sizes =
    [
        (1, new Shape(1, 3, 7, 5)), (2, new Shape(2, 17, 4, 6)), (new Size2d(3, 5), new Shape(1, 16, 7, 11)),
        (6, new Shape(1, 5, 13, 13)), (7, new Shape(1, 4, 3, 5)), (new Size2d(1, 4), new Shape(1, 1, 1, 4)),
    ];

    public static IEnumerable<LayerCase> All => Sizes.SelectMany(size => new[]
    {
        Case(new AdaptiveAveragePool2d(size.Output), size.Input, 1e-6, PoolingOracle.Average),
        Case(new AdaptiveMaxPool2d(size.Output), size.Input, 0, PoolingOracle.Max),
    });

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new AdaptiveMaxPool2d(new Size2d(0, 3)), [new Shape(1, 1, 4, 4)], "at least 1"),
        new(new AdaptiveAveragePool2d(new Size2d(1 << 20, 1)), [new Shape(1, 1, 1 << 12, 1)], "1048576×1"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("adaptive_avg_pool2d", new AdaptiveAveragePool2d(new Size2d(3, 5))),
        new("adaptive_max_pool2d", new AdaptiveMaxPool2d(new Size2d(3, 5))),
    ];

    public static IEnumerable<VastCase> Vast => [new(new AdaptiveMaxPool2d(new Size2d(VastCase.Side, 1)), 3)];

    private static LayerCase Case(AdaptivePoolingLayer layer, Shape input, double tolerance, PoolingOracle.Reduction reduce) =>
        new($"{input} to {layer.OutputSize}", layer, (x, _) => PoolingOracle.Share(new Shape(input[0], input[1], layer.OutputSize.Height, layer.OutputSize.Width), x[0], reduce), tolerance, input)
        {
            Onnx = IsOne(layer.OutputSize) || (input.Height % layer.OutputSize.Height == 0 && input.Width % layer.OutputSize.Width == 0) ? OnnxForm.Same : OnnxForm.None,
        };

    private static bool IsOne(Size2d size) => size.Height == 1 && size.Width == 1;
}
