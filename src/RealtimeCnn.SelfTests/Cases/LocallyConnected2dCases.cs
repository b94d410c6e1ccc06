using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class LocallyConnected2dCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (3, 17), (16, 4), (17, 15) }.Select(channels =>
            Case($"{channels.Item1} in, {channels.Item2} out", new LocallyConnected2d(channels.Item1, channels.Item2, 3, new Size2d(4, 5)) { Padding = 1 }, 1)),
        Case("batch of 3, asymmetric", new LocallyConnected2d(2, 5, new Size2d(2, 3), new Size2d(5, 7)) { Padding = new Padding2d(1, 0, 0, 1), Stride = new Size2d(2, 3) }, 3),
        Case("dilated, same upper, no bias", new LocallyConnected2d(2, 3, 3, 6) { Dilation = 2, Padding = Padding2d.SameUpper, HasBias = false }, 1),
        Case("fused sigmoid", new LocallyConnected2d(3, 5, 2, 4) { Activation = Activation.Sigmoid }, 2),
        Case("fused ReLU", new LocallyConnected2d(3, 5, 2, 4) { Activation = Activation.Relu }, 2),
    ];

    public static IEnumerable<RefusedCase> Refused => [new(new LocallyConnected2d(1, 1, 3, new Size2d(4, 5)), [new Shape(1, 1, 5, 5)], "[N, 1, 4, 5]", "[1, 1, 5, 5]")];

    public static IEnumerable<RecordedCase> Recorded => [new("unfold and einsum", new LocallyConnected2d(3, 4, 3, new Size2d(5, 6)) { Padding = 1, Stride = 2 })];

    private static LayerCase Case(string name, LocallyConnected2d layer, int batch) =>
        new(name, layer, (x, parameters) => Compute(layer, x[0], parameters), 2e-6, new Shape(batch, layer.InChannels, layer.InputSize.Height, layer.InputSize.Width)) { Onnx = OnnxForm.None };

    private static DoubleTensor Compute(LocallyConnected2d layer, DoubleTensor x, DoubleTensor[] parameters)
    {
        var rows = SlidingAxis.Rows(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        var columns = SlidingAxis.Columns(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        return DoubleTensor.Fill(new Shape(x.Shape[0], layer.OutChannels, rows.Starts.Count, columns.Starts.Count), (n, oc, oh, ow) =>
        {
            int place = (oh * columns.Starts.Count) + ow;
            double sum = layer.HasBias ? parameters[1][(oc * rows.Starts.Count * columns.Starts.Count) + place] : 0;
            for (int ic = 0; ic < layer.InChannels; ic++)
            for (int kh = 0; kh < layer.Kernel.Height; kh++)
            for (int kw = 0; kw < layer.Kernel.Width; kw++)
            {
                int h = rows.Starts[oh] + (kh * layer.Dilation.Height), w = columns.Starts[ow] + (kw * layer.Dilation.Width);
                int weight = (((((((place * layer.OutChannels) + oc) * layer.InChannels) + ic) * layer.Kernel.Height) + kh) * layer.Kernel.Width) + kw;
                sum += parameters[0][weight] * ConvolutionOracle.Padded(x, n, ic, h, w, PaddingMode.Zero);
            }

            return ActivationOracle.Apply(layer.Activation, sum);
        });
    }
}
