using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>The largest element; −∞ where the window sees none. NaN wins.</summary>
internal readonly unsafe struct MaxPooling : IPooling
{
    [MethodImpl(KernelCode.Optimized)]
    public static Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            float* row = x + ((long)h * g.InWidth * Lanes.Count);
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
                largest = Vector512.Max(largest, Vector512.Load(row + (w * Lanes.Count)));
        }

        return largest;
    }
}

/// <summary>The mean; 0 where the window sees no element. Rows are summed apart, so that long sums keep their precision.</summary>
internal readonly unsafe struct AveragePooling : IPooling
{
    [MethodImpl(KernelCode.Optimized)]
    public static Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        var sum = Vector512<float>.Zero;
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            float* row = x + ((long)h * g.InWidth * Lanes.Count);
            var rowSum = Vector512<float>.Zero;
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
                rowSum += Vector512.Load(row + (w * Lanes.Count));
            sum += rowSum;
        }

        int count = g.CountIncludePad ? window.PaddedCount : window.Count;
        return sum / Vector512.Create((float)Math.Max(count, 1));
    }
}

/// <summary>The weighted mean with one weight for each place of the window; places outside the input count for nothing.</summary>
internal readonly unsafe struct WeightedAveragePooling : IPooling
{
    [MethodImpl(KernelCode.Optimized)]
    public static Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        var sum = Vector512<float>.Zero;
        float total = 0;
        for (int i = 0; i < window.Rows.Count; i++)
        {
            float* row = x + ((long)(window.Rows.First + (i * window.Rows.Step)) * g.InWidth * Lanes.Count);
            float* weight = weights[0] + ((window.Rows.Tap + i) * g.KernelWidth) + window.Columns.Tap;
            for (int j = 0; j < window.Columns.Count; j++)
            {
                sum = Lanes.MultiplyAdd(Vector512.Load(row + ((window.Columns.First + (j * window.Columns.Step)) * Lanes.Count)), Vector512.Create(weight[j]), sum);
                total += weight[j];
            }
        }

        return total > 0 ? sum / Vector512.Create(total) : Vector512<float>.Zero;
    }
}

/// <summary>
/// The Lp norm. Exponents other than 1 and 2 divide by the largest magnitude first, so that no power leaves the range of a float.
/// </summary>
internal readonly unsafe struct LpPooling : IPooling
{
    [MethodImpl(KernelCode.Optimized)]
    public static Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        var scale = Vector512<float>.One;
        if (g.P is not (1 or 2))
        {
            var largest = Vector512<float>.Zero;
            for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
            {
                float* row = x + ((long)h * g.InWidth * Lanes.Count);
                for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
                    largest = Vector512.Max(largest, Vector512.Abs(Vector512.Load(row + (w * Lanes.Count))));
            }

            scale = Vector512.ConditionalSelect(Vector512.Equals(largest, Vector512<float>.Zero), Vector512<float>.One, largest);
        }

        var sum = Vector512<float>.Zero;
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            float* row = x + ((long)h * g.InWidth * Lanes.Count);
            var rowSum = Vector512<float>.Zero;
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
            {
                var magnitude = Vector512.Abs(Vector512.Load(row + (w * Lanes.Count)));
                rowSum += g.P switch
                {
                    1 => magnitude,
                    2 => magnitude * magnitude,
                    _ => Lanes.Pow(magnitude / scale, Vector512.Create(g.P)),
                };
            }

            sum += rowSum;
        }

        return g.P switch
        {
            1 => sum,
            2 => Vector512.Sqrt(sum),
            _ => scale * Lanes.Pow(sum, Vector512.Create(1 / g.P)),
        };
    }
}

/// <summary>
/// The generalized mean with one exponent for each channel. Divides by the largest base first, so that no power leaves the range
/// of a float.
/// </summary>
internal readonly unsafe struct GemPooling : IPooling
{
    [MethodImpl(KernelCode.Optimized)]
    public static Vector512<float> Reduce(float* x, int plane, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        var p = Vector512.Load(weights[0] + (plane % g.Blocks * Lanes.Count));
        var lowest = Vector512.Create(g.P);
        var largest = lowest;
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            float* row = x + ((long)h * g.InWidth * Lanes.Count);
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
                largest = Vector512.Max(largest, Vector512.Load(row + (w * Lanes.Count)));
        }

        var sum = Vector512<float>.Zero;
        for (int h = window.Rows.First; h < window.Rows.End; h += window.Rows.Step)
        {
            float* row = x + ((long)h * g.InWidth * Lanes.Count);
            var rowSum = Vector512<float>.Zero;
            for (int w = window.Columns.First; w < window.Columns.End; w += window.Columns.Step)
                rowSum += Lanes.Pow(Vector512.Max(Vector512.Load(row + (w * Lanes.Count)), lowest) / largest, p);
            sum += rowSum;
        }

        return window.Count == 0 ? Vector512<float>.Zero : largest * Lanes.Pow(sum / Vector512.Create((float)window.Count), Vector512<float>.One / p);
    }
}
