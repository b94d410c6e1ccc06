using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>All of it goes to the first largest element, as in PyTorch; a NaN is the largest.</summary>
internal readonly unsafe struct MaxPoolingGradient : IPoolingGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights) => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights)
    {
        var taken = open & (Vector512.Equals(x, y) | (Vector512.IsNaN(x) & Vector512.IsNaN(y)));
        open = Vector512.AndNot(open, taken);
        return share & taken;
    }
}

/// <summary>Equal parts.</summary>
internal readonly unsafe struct AveragePoolingGradient : IPoolingGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights) =>
        dy / Vector512.Create((float)Math.Max(g.CountIncludePad ? window.PaddedCount : window.Count, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights) => share;
}

/// <summary>Parts by the weights of the window's places inside the input.</summary>
internal readonly unsafe struct WeightedAveragePoolingGradient : IPoolingGradient
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights)
    {
        float total = 0;
        for (int i = 0; i < window.Rows.Count; i++)
        {
            for (int j = 0; j < window.Columns.Count; j++)
                total += weights[0][((window.Rows.Tap + i) * g.KernelWidth) + window.Columns.Tap + j];
        }

        return total > 0 ? dy / Vector512.Create(total) : Vector512<float>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights) =>
        share * Vector512.Create(weights[0][tap]);
}

/// <summary><c>dy·sign(x)·(|x|/y)^(p − 1)</c>; 0 where all of the window is 0, as in PyTorch.</summary>
internal readonly unsafe struct LpPoolingGradient : IPoolingGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights) => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights)
    {
        var slope = g.P switch
        {
            1 => Vector512<float>.One,
            2 => Vector512.Abs(x) / y,
            _ => Lanes.Pow(Vector512.Abs(x) / y, Vector512.Create(g.P - 1)),
        };
        // The sign of x, by its bit; nothing for 0, whose slope on its two sides differs.
        var signed = (share * slope) ^ (x & Vector512.Create(-0f));
        return Vector512.AndNot(signed, Vector512.Equals(x, Vector512<float>.Zero));
    }
}

/// <summary><c>dy·(x/y)^(p − 1) / count</c> for elements above epsilon; what counts as epsilon has no slope.</summary>
internal readonly unsafe struct GemPoolingGradient : IPoolingGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Start(Vector512<float> dy, in PoolingWindow window, in PoolingGeometry g, float** weights) => dy / Vector512.Create((float)Math.Max(window.Count, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Part(Vector512<float> share, Vector512<float> x, Vector512<float> y, int tap, int plane, ref Vector512<float> open, in PoolingGeometry g, float** weights)
    {
        var p = Vector512.Load(weights[0] + (plane % g.Blocks * Lanes.Count));
        return Vector512.AndNot(share * Lanes.Pow(x / y, p - Vector512<float>.One), Vector512.LessThanOrEqual(x, Vector512.Create(g.P)));
    }
}
