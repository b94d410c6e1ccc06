using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class Conv2dCases
{
    public static IEnumerable<LayerCase> All
    {
        get
        {
            for (int channels = 1; channels <= 33; channels += channels % 5 == 2 ? 1 : 3)
                yield return Case($"{channels} in, {34 - channels} out", new Conv2d(channels, 34 - channels, 3) { Padding = 1 }, new Shape(1, channels, 5, 7));
            yield return Case("one pixel", new Conv2d(1, 1, 1), new Shape(1, 1, 1, 1));
            yield return Case("no bias", new Conv2d(3, 4, 3) { HasBias = false }, new Shape(1, 3, 5, 5));
            yield return Case("batch of 3, primes", new Conv2d(7, 13, new Size2d(3, 5)) { Padding = new Padding2d(1, 2, 0, 1) }, new Shape(3, 7, 11, 13));
            yield return Case("stride above kernel", new Conv2d(5, 6, 2) { Stride = new Size2d(3, 4) }, new Shape(1, 5, 11, 17));
            yield return Case("stride that does not divide", new Conv2d(4, 4, 3) { Stride = 2, Padding = 1 }, new Shape(1, 4, 8, 10));
            yield return Case("dilated", new Conv2d(3, 17, 3) { Dilation = new Size2d(2, 3), Padding = 2 }, new Shape(1, 3, 9, 11));
            yield return Case("kernel as large as the input", new Conv2d(6, 5, new Size2d(4, 6)), new Shape(2, 6, 4, 6));
            yield return Case("padding far beyond the input", new Conv2d(2, 3, 3) { Padding = 5 }, new Shape(1, 2, 2, 3));
            yield return Case("groups inside a block", new Conv2d(6, 9, 3) { Groups = 3, Padding = 1 }, new Shape(1, 6, 5, 6));
            yield return Case("groups of whole blocks", new Conv2d(32, 32, 3) { Groups = 2, Padding = 1 }, new Shape(1, 32, 4, 9));
            yield return Case("groups of four", new Conv2d(20, 20, 3) { Groups = 5, Padding = 1, Stride = 2, Activation = Activation.Tanh }, new Shape(2, 20, 9, 7));
            yield return Case("groups that meet in a block, + x", new Conv2d(60, 72, 1) { Groups = 3, AddsResidual = true, Activation = Activation.Relu }, new Shape(1, 60, 9, 11), new Shape(1, 72, 9, 11));
            yield return Case("groups of 24 on long rows", new Conv2d(48, 48, 3) { Groups = 2, Padding = 1 }, new Shape(1, 48, 2, 67));
            yield return Case("groups of whole blocks into parts of one", new Conv2d(64, 40, new Size2d(1, 3)) { Groups = 2 }, new Shape(1, 64, 3, 20));
            yield return Case("groups across blocks", new Conv2d(40, 20, 3) { Groups = 2 }, new Shape(2, 40, 5, 4));
            yield return Case("replicate", new Conv2d(3, 4, 5) { Padding = 3, PaddingMode = PaddingMode.Replicate }, new Shape(1, 3, 6, 5));
            yield return Case("reflect", new Conv2d(3, 4, 5) { Padding = 3, PaddingMode = PaddingMode.Reflect }, new Shape(1, 3, 6, 5));
            yield return Case("same upper", new Conv2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameUpper }, new Shape(1, 3, 10, 11));
            yield return Case("same lower", new Conv2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameLower }, new Shape(1, 3, 10, 11));
            yield return Case("fused ReLU", new Conv2d(5, 7, 3) { Activation = Activation.Relu }, new Shape(1, 5, 6, 6));
            yield return Case("fused ReLU6", new Conv2d(9, 7, 3) { Activation = Activation.Relu6 }, new Shape(1, 9, 6, 6)) with { Highest = 4 };
            yield return Case("residual", new Conv2d(5, 7, 3) { Padding = 1, AddsResidual = true, Activation = Activation.Relu }, new Shape(2, 5, 6, 7), new Shape(2, 7, 6, 7));
            yield return Case("one dimension: H is 1", new Conv2d(3, 18, new Size2d(1, 5)) { Padding = new Size2d(0, 2), Stride = new Size2d(1, 2), Dilation = new Size2d(1, 3) }, new Shape(2, 3, 1, 41));
            yield return Case("Winograd 4×4", new Conv2d(31, 161, 3) { Padding = 1 }, new Shape(1, 31, 14, 11));
            yield return Case("Winograd 4×4, no padding", new Conv2d(32, 144, 3) { HasBias = false, Activation = Activation.Relu }, new Shape(1, 32, 15, 10));
            yield return Case("Winograd 4×4, reflect, batch of 2, residual", new Conv2d(33, 160, 3) { Padding = new Padding2d(2, 3, 1, 0), PaddingMode = PaddingMode.Reflect, AddsResidual = true, Activation = Activation.Silu }, new Shape(2, 33, 10, 13), new Shape(2, 160, 11, 14));
            yield return Case("Winograd 4×4, few channels, residual", new Conv2d(13, 64, 3) { Padding = 1, AddsResidual = true }, new Shape(2, 13, 30, 43), new Shape(2, 64, 30, 43));
            yield return Case("Winograd 4×4, few channels into fewer, residual", new Conv2d(14, 3, 3) { Padding = new Padding2d(0, 1, 2, 1), AddsResidual = true, Activation = Activation.Relu }, new Shape(1, 14, 42, 67), new Shape(1, 3, 42, 67));
            yield return Case("Winograd 2×2", new Conv2d(75, 160, 3) { Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 75, 8, 8));
            yield return Case("Winograd 2×2, odd sizes, residual", new Conv2d(200, 200, 3) { Padding = 1, AddsResidual = true }, new Shape(1, 200, 7, 7), new Shape(1, 200, 7, 7));
            yield return Case("a picture of many strips", new Conv2d(1, 3, 3) { Padding = 1 }, new Shape(1, 1, 139, 5));
            yield return Case("a picture's 7×7, batch of 2, a pair of blocks and one", new Conv2d(4, 40, 7) { Stride = 2, Padding = 3, Activation = Activation.HardSwish }, new Shape(2, 4, 21, 35));
            // Read row-major, from each place of four neighbours on.
            yield return Case("a picture's 3×3, not padded", new Conv2d(4, 7, 3) { Stride = 2 }, new Shape(1, 4, 9, 36));
            yield return Case("a picture's 7×7, grey", new Conv2d(1, 6, 7) { Stride = 2, Padding = 3, Activation = Activation.Relu }, new Shape(2, 1, 11, 36));
            yield return Case("a picture's 5×5", new Conv2d(2, 5, 5) { Stride = 2, Padding = 2 }, new Shape(1, 2, 12, 44));
            yield return Case("a picture's 3×3", new Conv2d(3, 8, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 3, 9, 40));
            yield return Case("few channels in rows, dilated, in training", new Conv2d(2, 5, new Size2d(3, 5)) { Dilation = new Size2d(2, 1) }, new Shape(3, 2, 9, 39)) with { Mode = RunMode.Training() };
            yield return Case("few channels in whole vectors, sums alone, in training", new Conv2d(1, 6, new Size2d(4, 3)) { HasBias = false }, new Shape(9, 1, 9, 34)) with { Mode = RunMode.Training() };
            yield return Case("few channels into many, narrow, batch of 3", new Conv2d(6, 19, new Size2d(5, 4)), new Shape(3, 6, 9, 14));
            yield return Case("few channels into many, rows left out between dilated ones", new Conv2d(3, 7, 2) { Dilation = 4 }, new Shape(2, 3, 6, 23));
            yield return Case("wide row", new Conv2d(3, 8, 3) { Padding = 1 }, new Shape(1, 3, 2, 131));
        }
    }

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Conv2d(1, 1, 3), [new Shape(1, 1, 2, 5)], "window of 3"),
        new(new Conv2d(4, 1, 3), [new Shape(1, 3, 5, 5)], "4 input channels", "[1, 3, 5, 5]"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("conv2d, dilated, stride, asymmetric", new Conv2d(3, 5, new Size2d(3, 2)) { Stride = new Size2d(2, 1), Padding = new Size2d(2, 1), Dilation = new Size2d(1, 2) }),
        new("conv2d, groups", new Conv2d(4, 6, 3) { Padding = 1, Groups = 2 }),
        new("conv2d, replicate", new Conv2d(2, 3, 3) { Padding = 2, PaddingMode = PaddingMode.Replicate }),
        new("conv2d, reflect", new Conv2d(2, 3, 3) { Padding = 2, PaddingMode = PaddingMode.Reflect }),
        new("conv2d, one dimension", new Conv2d(3, 4, new Size2d(1, 3)) { Stride = new Size2d(1, 2), Padding = new Size2d(0, 1), Dilation = new Size2d(1, 2) }),
    ];

    public static IEnumerable<VastCase> Vast =>
    [
        new(new Conv2d(1, 1, 3) { Padding = 1, HasBias = false }, 3),
        new(new Conv2d(1, 1, 1) { HasBias = false }, 3),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("VGG, first", new Conv2d(3, 64, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 3, 224, 224)),
        LayerCase.Realistic("VGG, second", new Conv2d(64, 64, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 64, 224, 224)),
        LayerCase.Realistic("ResNet, stage 1", new Conv2d(64, 64, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 64, 56, 56)),
        LayerCase.Realistic("ResNet, stage 2", new Conv2d(128, 128, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 128, 28, 28)),
        LayerCase.Realistic("ResNet, stage 3", new Conv2d(256, 256, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 256, 14, 14)),
        LayerCase.Realistic("ResNet, stage 4", new Conv2d(512, 512, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 512, 7, 7)),
        LayerCase.Realistic("SqueezeNet, expand", new Conv2d(16, 64, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 16, 55, 55)),
        LayerCase.Realistic("GoogLeNet, 3a", new Conv2d(96, 128, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 96, 28, 28)),
        LayerCase.Realistic("few channels, many pixels", new Conv2d(16, 16, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 16, 112, 112)),
        LayerCase.Realistic("some channels", new Conv2d(32, 32, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 32, 56, 56)),
        LayerCase.Realistic("few pixels", new Conv2d(64, 64, 3) { Padding = 1, Activation = Activation.Relu }, new Shape(1, 64, 7, 7)),
        LayerCase.Realistic("MobileNet, first", new Conv2d(3, 32, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu6 }, new Shape(1, 3, 224, 224)),
        LayerCase.Realistic("ResNet, first", new Conv2d(3, 64, 7) { Stride = 2, Padding = 3, Activation = Activation.Relu }, new Shape(1, 3, 224, 224)),
        LayerCase.Realistic("ResNet, halving", new Conv2d(128, 256, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, new Shape(1, 128, 28, 28)),
        LayerCase.Realistic("LeNet-5, first", new Conv2d(1, 6, 5) { Activation = Activation.Tanh }, new Shape(1, 1, 32, 32)),
        LayerCase.Realistic("LeNet-5, second", new Conv2d(6, 16, 5) { Activation = Activation.Tanh }, new Shape(1, 6, 14, 14)),
    ];

    private static LayerCase Case(string name, Conv2d layer, params Shape[] inputs) =>
        new(name, layer, (x, parameters) => ConvolutionOracle.Compute(layer, x, parameters), 2e-6, inputs);
}
