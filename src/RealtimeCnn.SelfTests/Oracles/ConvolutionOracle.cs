using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>Convolution straight from its definition, in double.</summary>
internal static class ConvolutionOracle
{
    public static DoubleTensor Compute(ConvolutionLayer layer, DoubleTensor[] inputs, DoubleTensor[] parameters)
    {
        DoubleTensor x = inputs[0], weight = parameters[0];
        var rows = SlidingAxis.Rows(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        var columns = SlidingAxis.Columns(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        int inPerGroup = layer.InChannels / layer.GroupCount, outPerGroup = layer.OutChannels / layer.GroupCount;
        return DoubleTensor.Fill(new Shape(x.Shape[0], layer.OutChannels, rows.Starts.Count, columns.Starts.Count), (n, oc, oh, ow) =>
        {
            double sum = layer.HasBias ? parameters[1][oc] : 0;
            for (int ic = 0; ic < inPerGroup; ic++)
            for (int kh = 0; kh < layer.Kernel.Height; kh++)
            for (int kw = 0; kw < layer.Kernel.Width; kw++)
            {
                int h = rows.Starts[oh] + (kh * layer.Dilation.Height), w = columns.Starts[ow] + (kw * layer.Dilation.Width);
                // A zero over the border is not multiplied, whatever the weight is.
                if (layer.PaddingMode != PaddingMode.Zero || (h >= 0 && h < x.Shape.Height && w >= 0 && w < x.Shape.Width))
                    sum += weight[oc, ic, kh, kw] * Padded(x, n, (oc / outPerGroup * inPerGroup) + ic, h, w, layer.PaddingMode);
            }

            if (layer.AddsResidual)
                sum += inputs[1][n, oc, oh, ow];
            return ActivationOracle.Apply(layer.Activation, sum);
        });
    }

    /// <summary>The element at a position that may lie outside.</summary>
    public static double Padded(DoubleTensor x, int n, int c, int h, int w, PaddingMode mode)
    {
        int height = x.Shape.Height, width = x.Shape.Width;
        if (mode == PaddingMode.Zero)
            return h < 0 || h >= height || w < 0 || w >= width ? 0 : x[n, c, h, w];
        return mode == PaddingMode.Replicate
            ? x[n, c, Math.Min(Math.Max(h, 0), height - 1), Math.Min(Math.Max(w, 0), width - 1)]
            : x[n, c, Reflected(h, height), Reflected(w, width)];
    }

    private static int Reflected(int i, int length)
    {
        while (i < 0 || i >= length)
            i = i < 0 ? -i : (2 * (length - 1)) - i;
        return i;
    }
}
