using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class PointwiseConv2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (3, 5), (4, 4), (16, 17), (17, 16), (33, 31), (64, 1) }.Select(channels =>
            Case($"{channels.Item1} to {channels.Item2}", new PointwiseConv2d(channels.Item1, channels.Item2), new Shape(1, channels.Item1, 3, 7))),
        Case("more than a group's pixels and channels, batch of 2, residual", new PointwiseConv2d(37, 42) { AddsResidual = true, Activation = Activation.Relu }, new Shape(2, 37, 9, 8), new Shape(2, 42, 9, 8)),
        Case("few pixels, a long sum, batch of 2, residual", new PointwiseConv2d(270, 37) { AddsResidual = true, Activation = Activation.Relu }, new Shape(2, 270, 5, 7), new Shape(2, 37, 5, 7)),
        Case("batch of 2, stride 2", new PointwiseConv2d(5, 6) { Stride = 2 }, new Shape(2, 5, 5, 8)),
        Case("1,000 channels", new PointwiseConv2d(1000, 3), new Shape(1, 1000, 1, 1)),
        Case("residual, ReLU", new PointwiseConv2d(6, 18) { AddsResidual = true, Activation = Activation.Relu }, new Shape(1, 6, 4, 4), new Shape(1, 18, 4, 4)),
        Case("Strassen, an odd number of pixels, batch of 2", new PointwiseConv2d(64, 96) { Activation = Activation.Relu }, new Shape(2, 64, 5, 7)),
        Case("Strassen, no more channels and pixels than it is taken for", new PointwiseConv2d(512, 512), new Shape(1, 512, 8, 16)),
        Case("Strassen, several strips, residual", new PointwiseConv2d(32, 32) { AddsResidual = true, Activation = Activation.HardSwish }, new Shape(1, 32, 13, 29), new Shape(1, 32, 13, 29)),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("conv2d, pointwise", new PointwiseConv2d(5, 7))];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("MobileNetV2, first", new PointwiseConv2d(32, 16), new Shape(1, 32, 112, 112)),
        LayerCase.Realistic("MobileNetV2, expand", new PointwiseConv2d(24, 144), new Shape(1, 24, 56, 56)),
        LayerCase.Realistic("MobileNetV2, project", new PointwiseConv2d(192, 32), new Shape(1, 192, 28, 28)),
        LayerCase.Realistic("MobileNetV2, expand late", new PointwiseConv2d(96, 576), new Shape(1, 96, 14, 14)),
        LayerCase.Realistic("MobileNetV2, project late", new PointwiseConv2d(960, 160), new Shape(1, 960, 7, 7)),
        LayerCase.Realistic("MobileNetV2, last", new PointwiseConv2d(320, 1280), new Shape(1, 320, 7, 7)),
        LayerCase.Realistic("ResNet-50, stage 1", new PointwiseConv2d(256, 64), new Shape(1, 256, 56, 56)),
        LayerCase.Realistic("ResNet-50, stage 3", new PointwiseConv2d(1024, 256), new Shape(1, 1024, 14, 14)),
        LayerCase.Realistic("SqueezeNet, squeeze", new PointwiseConv2d(128, 16), new Shape(1, 128, 55, 55)),
    ];

    private static LayerCase Case(string name, PointwiseConv2d layer, params Shape[] inputs) =>
        new(name, layer, (x, parameters) => ConvolutionOracle.Compute(layer, x, parameters), 2e-6, inputs);
}
