using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
