using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace RealtimeCnn.Cpu;

/// <summary>Operations on the 16 lanes of one channel block.</summary>
internal static class Lanes
{
    /// <summary>Lanes of a vector, and channels of a block of the blocked layout.</summary>
    public const int Count = 1 << Shift;

    /// <summary>What a channel is shifted by to give its block; the bits that are lost are its lane.</summary>
    public const int Shift = 4;

    // The native and estimating operations of Vector512 itself are not compiled ahead of time, because they need not be the same everywhere.

    /// <summary><c>x·y + z</c>, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Fma.IsSupported || AdvSimd.IsSupported ? Vector512.FusedMultiplyAdd(x, y, z) : (x * y) + z;

    /// <summary>The larger of a bound and a number; NaN where the number is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> bound, Vector512<float> x) => Avx512F.IsSupported ? Avx512F.Max(bound, x) : Vector512.MaxNative(bound, x);

    /// <summary>The smaller of a bound and a number; NaN where the number is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> bound, Vector512<float> x) => Avx512F.IsSupported ? Avx512F.Min(bound, x) : Vector512.MinNative(bound, x);

    /// <summary>A vector of two halves. Unlike <c>Vector512.Create</c>, it is made of nothing else, so that no earlier vector is waited for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Join<T>(Vector256<T> lower, Vector256<T> upper) => lower.ToVector512Unsafe().WithUpper(upper);

    /// <inheritdoc cref="Join{T}(Vector256{T}, Vector256{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Join<T>(Vector128<T> lower, Vector128<T> upper) => lower.ToVector256Unsafe().WithUpper(upper);

    /// <summary>Zeroes all but the first <paramref name="count"/> lanes, bit by bit, so that even a NaN in the tail becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepFirst(Vector512<float> value, int count) =>
        count >= Count ? value : value & Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary>All bits of the last <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Last(int count) => Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(Count - count)).AsSingle();

    /// <summary>Writes the first <paramref name="count"/> lanes, and nothing behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreFirst(Vector512<float> value, float* to, int count)
    {
        if (count >= Count)
        {
            value.Store(to);
            return;
        }

        var eight = value.GetLower();
        if ((count & 8) != 0)
        {
            eight.Store(to);
            eight = value.GetUpper();
            to += 8;
        }

        var four = eight.GetLower();
        if ((count & 4) != 0)
        {
            four.Store(to);
            four = eight.GetUpper();
            to += 4;
        }

        var two = four.GetLower();
        if ((count & 2) != 0)
        {
            two.Store(to);
            two = four.GetUpper();
            to += 2;
        }

        if ((count & 1) != 0)
            *to = two.ToScalar();
    }

    /// <summary>The sum of all lanes: the halves are added to each other until one number is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value)
    {
        var half = value.GetLower() + value.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return (quarter[0] + quarter[1]) + (quarter[2] + quarter[3]);
    }

    /// <summary><c>min(upper, max(lower, x))</c>. The bounds stand first, because a processor's minimum or maximum gives its second operand where one is NaN: NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Clamp(Vector512<float> x, Vector512<float> lower, Vector512<float> upper) => Min(upper, Max(lower, x));

    /// <summary>Zeroes some blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Clear(float* blocks, int count)
    {
        for (int i = 0; i < count; i++)
            Vector512<float>.Zero.StoreAligned(blocks + (i * Count));
    }

    /// <summary>Zeroes all but the first <paramref name="channels"/> lanes of each of <paramref name="count"/> blocks.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static unsafe void ClearTail(float* blocks, int count, int channels)
    {
        for (int i = 0; i < count; i++, blocks += Count)
            KeepFirst(Vector512.LoadAligned(blocks), channels).StoreAligned(blocks);
    }

    /// <summary><c>x^p</c> for x ≥ 0 and p &gt; 0; 0 for x = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> p) => VectorMath.Exp(p * Vector512.Log(x));

    /// <summary>The first halves of two vectors in turns: <c>a0 b0 a1 b1</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipLower(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>The second halves of two vectors in turns: <c>a2 b2 a3 b3</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ZipUpper(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
