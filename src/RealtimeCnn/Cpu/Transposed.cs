using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RealtimeCnn.Cpu;

/// <summary>4×4 numbers, read as rows and held as columns.</summary>
internal readonly unsafe struct Transposed
{
    public readonly Vector128<float> R0, R1, R2, R3;

    /// <summary>Reads the first rows that there are; the others are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Transposed(float* rows, int count, long step)
    {
        var a = count > 0 ? Vector128.Load(rows) : default;
        var b = count > 1 ? Vector128.Load(rows + step) : default;
        var c = count > 2 ? Vector128.Load(rows + (2 * step)) : default;
        var d = count > 3 ? Vector128.Load(rows + (3 * step)) : default;
        Vector128<float> ac = Lanes.ZipLower(a, c), bd = Lanes.ZipLower(b, d);
        (R0, R1) = (Lanes.ZipLower(ac, bd), Lanes.ZipUpper(ac, bd));
        (ac, bd) = (Lanes.ZipUpper(a, c), Lanes.ZipUpper(b, d));
        (R2, R3) = (Lanes.ZipLower(ac, bd), Lanes.ZipUpper(ac, bd));
    }
}

/// <summary>16 rows of 4 numbers, held as columns: lane = row. For processors with AVX-512.</summary>
internal readonly unsafe struct TransposedLanes
{
    public readonly Vector512<float> R0, R1, R2, R3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TransposedLanes(float* rows, nint step)
    {
        // Each quarter of a vector is a transposition of its own.
        Vector512<float> a = Fourth(rows, 4 * step), b = Fourth(rows + step, 4 * step), c = Fourth(rows + (2 * step), 4 * step), d = Fourth(rows + (3 * step), 4 * step);
        Vector512<float> ac = Avx512F.UnpackLow(a, c), bd = Avx512F.UnpackLow(b, d);
        (R0, R1) = (Avx512F.UnpackLow(ac, bd), Avx512F.UnpackHigh(ac, bd));
        (ac, bd) = (Avx512F.UnpackHigh(a, c), Avx512F.UnpackHigh(b, d));
        (R2, R3) = (Avx512F.UnpackLow(ac, bd), Avx512F.UnpackHigh(ac, bd));
    }

    /// <summary>Every fourth row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fourth(float* rows, nint step) => Lanes.Join(
        Lanes.Join(Vector128.Load(rows), Vector128.Load(rows + step)), Lanes.Join(Vector128.Load(rows + (2 * step)), Vector128.Load(rows + (3 * step))));
}
