using RealtimeCnn.Layers;

namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>One element of a window.</summary>
/// <param name="Value">The element of the input.</param>
/// <param name="H">Its row in the input.</param>
/// <param name="W">Its column in the input.</param>
/// <param name="KernelRow">Its row in the window.</param>
/// <param name="KernelColumn">Its column in the window.</param>
internal readonly record struct Tap(double Value, int H, int W, int KernelRow, int KernelColumn);

/// <summary>Pooling straight from its definition, in double: lists the elements of each window and reduces them.</summary>
internal static class PoolingOracle
{
    /// <summary>What a layer makes of the elements of a window; <paramref name="padded"/> is how many lie inside the padded input.</summary>
    public delegate double Reduction(IReadOnlyList<Tap> taps, int padded, int n, int c);

    public static DoubleTensor Slide(PoolingLayer layer, DoubleTensor x, Reduction reduce)
    {
        var rows = SlidingAxis.Rows(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding, layer.CeilMode);
        var columns = SlidingAxis.Columns(x.Shape, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding, layer.CeilMode);
        return DoubleTensor.Fill(new Shape(x.Shape[0], x.Shape[1], rows.Starts.Count, columns.Starts.Count), (n, c, oh, ow) =>
        {
            var taps = new List<Tap>();
            int padded = 0;
            for (int kh = 0; kh < layer.Kernel.Height; kh++)
            for (int kw = 0; kw < layer.Kernel.Width; kw++)
            {
                int h = rows.Starts[oh] + (kh * layer.Dilation.Height), w = columns.Starts[ow] + (kw * layer.Dilation.Width);
                if (h < rows.End && w < columns.End)
                    padded++;
                if (h >= 0 && h < x.Shape.Height && w >= 0 && w < x.Shape.Width)
                    taps.Add(new Tap(x[n, c, h, w], h, w, kh, kw));
            }

            return reduce(taps, padded, n, c);
        });
    }

    /// <summary>Each element of an output of some shape sees its share of the input.</summary>
    public static DoubleTensor Share(Shape output, DoubleTensor x, Reduction reduce)
    {
        return DoubleTensor.Fill(output, (n, c, oh, ow) =>
        {
            var taps = new List<Tap>();
            for (int h = 0; h < x.Shape.Height; h++)
            for (int w = 0; w < x.Shape.Width; w++)
            {
                // Row h belongs to output row oh when [h, h + 1) overlaps [oh·H/OH, (oh + 1)·H/OH).
                bool row = (h + 1) * output.Height > oh * x.Shape.Height && h * output.Height < (oh + 1) * x.Shape.Height;
                bool column = (w + 1) * output.Width > ow * x.Shape.Width && w * output.Width < (ow + 1) * x.Shape.Width;
                if (row && column)
                    taps.Add(new Tap(x[n, c, h, w], h, w, 0, 0));
            }

            return reduce(taps, taps.Count, n, c);
        });
    }

    public static double Max(IReadOnlyList<Tap> taps, int padded, int n, int c) => taps.Aggregate(double.NegativeInfinity, (largest, tap) => Math.Max(largest, tap.Value));

    public static double Average(IReadOnlyList<Tap> taps, int padded, int n, int c) => taps.Count == 0 ? 0 : taps.Average(tap => tap.Value);

    public static Reduction Lp(double p) => (taps, _, _, _) => Math.Pow(taps.Sum(tap => Math.Pow(Math.Abs(tap.Value), p)), 1 / p);

    public static Reduction Gem(DoubleTensor p, double epsilon) => (taps, _, _, c) =>
    {
        double exponent = p.Values[p.Values.Length == 1 ? 0 : c];
        return taps.Count == 0 ? 0 : Math.Pow(taps.Average(tap => Math.Pow(Math.Max(tap.Value, epsilon), exponent)), 1 / exponent);
    };
}
