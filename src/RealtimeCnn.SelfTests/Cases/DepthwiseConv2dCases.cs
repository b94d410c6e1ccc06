using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class DepthwiseConv2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { 1, 3, 4, 5, 15, 16, 17, 31, 33 }.Select(channels =>
            Case($"{channels} channels", new DepthwiseConv2d(channels, 3) { Padding = 1 }, new Shape(1, channels, 5, 7))),
        Case("stride 2, 5×5", new DepthwiseConv2d(19, 5) { Stride = 2, Padding = 2 }, new Shape(2, 19, 11, 8)),
        Case("3×3, tiles that overlap", new DepthwiseConv2d(17, 3) { Padding = 1 }, new Shape(1, 17, 9, 23)),
        Case("3×3, stride 2, a wide row", new DepthwiseConv2d(16, 3) { Stride = 2, Padding = 1 }, new Shape(1, 16, 7, 29)),
        Case("5×5, a wide row, fused hard-swish", new DepthwiseConv2d(18, 5) { Padding = 2, Activation = Activation.HardSwish }, new Shape(1, 18, 12, 13)),
        Case("5×5, stride 2, a wide row, fused clip above 0", new DepthwiseConv2d(5, 5) { Stride = 2, Padding = 2, Activation = Activation.Clip(0.1f, 0.5f) }, new Shape(1, 5, 9, 27)),
        Case("3×3, a high picture, fused ReLU6", new DepthwiseConv2d(2, 3) { Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 2, 30, 9)),
        Case("3×3, stride 2, a high picture, fused ReLU6", new DepthwiseConv2d(2, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 2, 59, 8)),
        Case("5×5, a high picture, fused ReLU6", new DepthwiseConv2d(2, 5) { Padding = 2, Activation = Activation.Relu6 }, new Shape(1, 2, 30, 7)),
        Case("5×5, stride 2, a high picture, fused ReLU6", new DepthwiseConv2d(2, 5) { Stride = 2, Padding = 2, Activation = Activation.Relu6 }, new Shape(1, 2, 61, 9)),
        Case("3×3, a high picture, residual", new DepthwiseConv2d(2, 3) { Padding = 1, AddsResidual = true }, new Shape(1, 2, 31, 6), new Shape(1, 2, 31, 6)),
        Case("7×7", new DepthwiseConv2d(3, 7) { Padding = 3 }, new Shape(1, 3, 9, 19)),
        Case("stride above kernel", new DepthwiseConv2d(6, 2) { Stride = 3 }, new Shape(1, 6, 7, 13)),
        Case("dilated, asymmetric", new DepthwiseConv2d(6, new Size2d(3, 2)) { Dilation = 2, Padding = new Padding2d(2, 0, 1, 1) }, new Shape(1, 6, 7, 9)),
        Case("multiplier 2", new DepthwiseConv2d(5, 3, 2) { Padding = 1 }, new Shape(1, 5, 6, 4)),
        Case("multiplier 16", new DepthwiseConv2d(2, 3, 16), new Shape(1, 2, 6, 4)),
        Case("replicate", new DepthwiseConv2d(3, 3) { Padding = 2, PaddingMode = PaddingMode.Replicate }, new Shape(1, 3, 4, 5)),
        Case("fused hard-swish, residual", new DepthwiseConv2d(21, 3) { Padding = 1, AddsResidual = true, Activation = Activation.HardSwish }, new Shape(1, 21, 4, 9), new Shape(1, 21, 4, 9)),
        Case("fused ReLU6, residual", new DepthwiseConv2d(7, 3) { Padding = 1, AddsResidual = true, Activation = Activation.Relu6 }, new Shape(1, 7, 4, 5), new Shape(1, 7, 4, 5)) with { Highest = 5 },
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new DepthwiseConv2d(1 << 16, 1, (1 << 16) + 1), [new Shape(1, 1 << 16, 1, 1)], "65537 filters")];

    public static IEnumerable<RecordedCase> Recorded => [new("conv2d, depthwise", new DepthwiseConv2d(5, 3, 2) { Stride = 2, Padding = 1 })];

    public static IEnumerable<VastCase> Vast => [new(new DepthwiseConv2d(1, 3) { Padding = 1, HasBias = false }, 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("MobileNetV2, first", new DepthwiseConv2d(32, 3) { Stride = 1, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 32, 112, 112)),
        LayerCase.Realistic("MobileNetV2, halving", new DepthwiseConv2d(96, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 96, 112, 112)),
        LayerCase.Realistic("MobileNetV2, stage 2", new DepthwiseConv2d(144, 3) { Stride = 1, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 144, 56, 56)),
        LayerCase.Realistic("MobileNetV2, stage 3", new DepthwiseConv2d(192, 3) { Stride = 1, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 192, 28, 28)),
        LayerCase.Realistic("MobileNetV2, stage 4", new DepthwiseConv2d(576, 3) { Stride = 1, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 576, 14, 14)),
        LayerCase.Realistic("MobileNetV2, stage 5", new DepthwiseConv2d(960, 3) { Stride = 1, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 960, 7, 7)),
        LayerCase.Realistic("MobileNetV3, halving", new DepthwiseConv2d(72, 5) { Stride = 2, Padding = 2, Activation = Activation.Relu6 }, new Shape(1, 72, 56, 56)),
        LayerCase.Realistic("MobileNetV3, stage 4", new DepthwiseConv2d(240, 5) { Stride = 1, Padding = 2, Activation = Activation.Relu6 }, new Shape(1, 240, 14, 14)),
        LayerCase.Realistic("MobileNetV3, stage 5", new DepthwiseConv2d(672, 5) { Stride = 1, Padding = 2, Activation = Activation.Relu6 }, new Shape(1, 672, 7, 7)),
    ];

    private static LayerCase Case(string name, DepthwiseConv2d layer, params Shape[] inputs) =>
        new(name, layer, (x, parameters) => ConvolutionOracle.Compute(layer, x, parameters), 2e-6, inputs);
}
