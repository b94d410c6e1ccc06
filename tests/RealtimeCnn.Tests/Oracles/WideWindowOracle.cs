using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.Tests.Oracles;

/// <summary>
/// What windows with any numbers see, in 64 bits and double. It walks the elements of the input and asks which tap of the window
/// lies on them, so that a window of 2^30 elements costs no more than a small one.
/// </summary>
internal static class WideWindowOracle
{
    /// <summary>Places along an axis, and how many taps of the window lie inside the padded input.</summary>
    public sealed record Line(IReadOnlyList<int> Inside, double Padded);

    /// <summary>What the window at <paramref name="position"/> sees of an axis.</summary>
    public static Line See(long position, int length, int kernel, int stride, int dilation, int before, int after)
    {
        long start = (position * stride) - before;
        var inside = new List<int>();
        for (int i = 0; i < length; i++)
        {
            if (i >= start && (i - start) % dilation == 0 && (i - start) / dilation < kernel)
                inside.Add(i);
        }

        return new Line(inside, Math.Clamp((length + (long)after - start + dilation - 1) / dilation, 0, kernel));
    }

    /// <summary>Windows along an axis; null where there is none, or more than 32 bits count.</summary>
    public static int? Count(int length, int kernel, int stride, int dilation, int before, int after, bool ceil)
    {
        Int128 room = (Int128)length + before + after - ((Int128)dilation * (kernel - 1)) - 1;
        if (room < 0)
            return null;
        Int128 count = (room / stride) + 1;
        if (ceil && room % stride != 0 && count * stride < (Int128)length + before)
            count++;
        return count > int.MaxValue ? null : (int)count;
    }

    /// <summary>An average or the largest of each window.</summary>
    public static DoubleTensor Pool(PoolingLayer layer, DoubleTensor x, Shape output, Func<IReadOnlyList<double>, double, double> reduce)
    {
        var (kernel, stride, dilation, padding) = (layer.Kernel, layer.Stride, layer.Dilation, layer.Padding);
        return DoubleTensor.Fill(output, (n, c, h, w) =>
        {
            var rows = See(h, x.Shape.Height, kernel.Height, stride.Height, dilation.Height, padding.Top, padding.Bottom);
            var columns = See(w, x.Shape.Width, kernel.Width, stride.Width, dilation.Width, padding.Left, padding.Right);
            return reduce([.. rows.Inside.SelectMany(row => columns.Inside.Select(column => x[n, c, row, column]))], rows.Padded * columns.Padded);
        });
    }
}
