using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ConvTranspose2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (3, 5), (15, 17), (16, 16), (17, 15), (33, 4) }.Select(channels =>
            Case($"{channels.Item1} in, {channels.Item2} out", new ConvTranspose2d(channels.Item1, channels.Item2, 3) { Stride = 2, Padding = 1 }, new Shape(1, channels.Item1, 3, 5))),
        Case("stride 1", new ConvTranspose2d(3, 4, 3), new Shape(2, 3, 4, 5)),
        Case("batch of 3, asymmetric", new ConvTranspose2d(5, 7, new Size2d(3, 4)) { Stride = new Size2d(2, 3), Padding = new Padding2d(1, 0, 0, 2) }, new Shape(3, 5, 4, 3)),
        Case("stride above kernel", new ConvTranspose2d(3, 4, 2) { Stride = 3 }, new Shape(1, 3, 4, 5)),
        Case("output padding", new ConvTranspose2d(3, 4, 3) { Stride = new Size2d(2, 3), Padding = 1, OutputPadding = new Size2d(1, 2) }, new Shape(1, 3, 4, 5)),
        Case("dilated", new ConvTranspose2d(3, 4, 3) { Stride = 2, Dilation = new Size2d(2, 3), Padding = 2, OutputPadding = 1 }, new Shape(1, 3, 4, 5)),
        Case("longer rows than a tile", new ConvTranspose2d(18, 33, 4) { Stride = 2, Padding = 1, Activation = Activation.Tanh }, new Shape(2, 18, 3, 19)),
        Case("one pixel", new ConvTranspose2d(4, 3, 4), new Shape(1, 4, 1, 1)),
        Case("groups inside a block", new ConvTranspose2d(6, 9, 3) { Groups = 3, Stride = 2 }, new Shape(1, 6, 3, 4)),
        Case("groups of whole blocks", new ConvTranspose2d(32, 32, 2) { Groups = 2, Stride = 2 }, new Shape(1, 32, 3, 4)),
        Case("groups across blocks", new ConvTranspose2d(40, 20, 2) { Groups = 2 }, new Shape(2, 40, 3, 4)),
        Case("depthwise", new ConvTranspose2d(19, 19, 4) { Groups = 19, Stride = 2, Padding = 1 }, new Shape(1, 19, 3, 4)),
        Case("same upper", new ConvTranspose2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameUpper }, new Shape(1, 3, 4, 5)),
        Case("same lower", new ConvTranspose2d(3, 4, 4) { Stride = 3, Padding = Padding2d.SameLower }, new Shape(1, 3, 4, 5)),
        Case("fused sigmoid", new ConvTranspose2d(2, 3, 2) { Stride = 2, Activation = Activation.Sigmoid }, new Shape(1, 2, 3, 3)),
        Case("fused ReLU, no bias", new ConvTranspose2d(5, 6, 3) { HasBias = false, Activation = Activation.Relu }, new Shape(1, 5, 4, 4)),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new ConvTranspose2d(1, 1, 3) { Stride = 2, OutputPadding = 2 }, [new Shape(1, 1, 4, 4)], "output padding 2"),
        new(new ConvTranspose2d(1, 1, 3) { Padding = 2 }, [new Shape(1, 1, 2, 2)], "cuts off all"),
        new(new ConvTranspose2d(4, 6, 3) { Groups = 3 }, [new Shape(1, 4, 5, 5)], "3 groups"),
        new(new ConvTranspose2d(4, 6, 3), [new Shape(1, 3, 5, 5)], "expects 4"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("conv_transpose2d, output padding", new ConvTranspose2d(3, 5, 3) { Stride = new Size2d(2, 3), Padding = 1, OutputPadding = new Size2d(1, 2) }),
        new("conv_transpose2d, groups, dilated", new ConvTranspose2d(4, 6, new Size2d(3, 2)) { Stride = 2, Padding = 1, Groups = 2, Dilation = new Size2d(2, 1) }),
    ];

    public static IEnumerable<VastCase> Vast => [new(new ConvTranspose2d(1, 1, 1) { HasBias = false }, 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("a decoder", new ConvTranspose2d(64, 32, 4) { Stride = 2, Padding = 1 }, new Shape(1, 64, 28, 28)),
        LayerCase.Realistic("a decoder, late", new ConvTranspose2d(32, 16, 2) { Stride = 2 }, new Shape(1, 32, 112, 112)),
    ];

    private static LayerCase Case(string name, ConvTranspose2d layer, Shape input) => new(name, layer, (x, parameters) => Compute(layer, x[0], parameters), 2e-6, input);

    /// <summary>Scatters into the full result, as the definition of a transposed convolution is usually told, and cuts off its borders; the kernels gather.</summary>
    private static DoubleTensor Compute(ConvTranspose2d layer, DoubleTensor x, DoubleTensor[] parameters)
    {
        int inPerGroup = layer.InChannels / layer.Groups, outPerGroup = layer.OutChannels / layer.Groups;
        // The last element of the last window is the end of the full result.
        int fullHeight = LastOf(x.Shape.Height, layer.Kernel.Height, layer.Stride.Height, layer.Dilation.Height) + 1 + layer.OutputPadding.Height;
        int fullWidth = LastOf(x.Shape.Width, layer.Kernel.Width, layer.Stride.Width, layer.Dilation.Width) + 1 + layer.OutputPadding.Width;
        var full = new DoubleTensor(new Shape(x.Shape[0], layer.OutChannels, fullHeight, fullWidth));
        for (int n = 0; n < x.Shape.Batch; n++)
        for (int ic = 0; ic < layer.InChannels; ic++)
        for (int h = 0; h < x.Shape.Height; h++)
        for (int w = 0; w < x.Shape.Width; w++)
        for (int o = 0; o < outPerGroup; o++)
        for (int kh = 0; kh < layer.Kernel.Height; kh++)
        for (int kw = 0; kw < layer.Kernel.Width; kw++)
        {
            int oh = (h * layer.Stride.Height) + (kh * layer.Dilation.Height), ow = (w * layer.Stride.Width) + (kw * layer.Dilation.Width);
            full[n, (ic / inPerGroup * outPerGroup) + o, oh, ow] += x[n, ic, h, w] * parameters[0][ic, o, kh, kw];
        }

        var (top, bottom) = Cut(layer.Padding.Rule, layer.Padding.Top, layer.Padding.Bottom, fullHeight - (layer.Stride.Height * x.Shape.Height));
        var (left, right) = Cut(layer.Padding.Rule, layer.Padding.Left, layer.Padding.Right, fullWidth - (layer.Stride.Width * x.Shape.Width));
        return DoubleTensor.Fill(
            new Shape(x.Shape[0], layer.OutChannels, fullHeight - top - bottom, fullWidth - left - right),
            (n, oc, oh, ow) => ActivationOracle.Apply(layer.Activation, full[n, oc, oh + top, ow + left] + (layer.HasBias ? parameters[1][oc] : 0)));
    }

    private static int LastOf(int length, int kernel, int stride, int dilation) => ((length - 1) * stride) + ((kernel - 1) * dilation);

    /// <summary>What is cut off in front and behind: what is given, or what is left over of stride times the input, the odd element on the side of the name.</summary>
    private static (int Before, int After) Cut(PaddingRule rule, int before, int after, int surplus) => rule switch
    {
        PaddingRule.Explicit => (before, after),
        PaddingRule.SameUpper => (surplus / 2, surplus - (surplus / 2)),
        _ => (surplus - (surplus / 2), surplus / 2),
    };
}
