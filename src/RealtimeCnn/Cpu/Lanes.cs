using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Cpu;

/// <summary>Operations on the 16 lanes of one channel block.</summary>
internal static class Lanes
{
    /// <summary>Lanes of a vector, and channels of a block of the blocked layout.</summary>
    public const int Count = 1 << Shift;

    /// <summary>What a channel is shifted by to give its block; the bits that are lost are its lane.</summary>
    public const int Shift = 4;

    /// <summary>Zeroes all but the first <paramref name="count"/> lanes, bit by bit, so that even a NaN in the tail becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepFirst(Vector512<float> value, int count) =>
        count >= Count ? value : value & Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary><c>min(upper, max(lower, x))</c>. The bounds stand first, because a native minimum or maximum gives its second operand where one is NaN: NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Clamp(Vector512<float> x, Vector512<float> lower, Vector512<float> upper) => Vector512.MinNative(upper, Vector512.MaxNative(lower, x));

    /// <summary><c>x^p</c> for x ≥ 0 and p &gt; 0; 0 for x = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> p) => VectorMath.Exp(p * Vector512.Log(x));
}
