using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Images;

/// <summary>How the samples of YUV lie in memory. All columns are even.</summary>
internal unsafe interface IYuvLayout
{
    /// <summary>Bytes of a pixel in a row of Y.</summary>
    static abstract int Bytes { get; }

    /// <summary>The samples of 16 pixels: Y of each, and U and V of each two in turns.</summary>
    /// <param name="pixels">Where the first one's Y is.</param>
    /// <param name="chroma">Where its U is, if it is in a plane of its own.</param>
    static abstract (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma);

    /// <summary>The same of <paramref name="count"/> pixels, fewer than 16.</summary>
    /// <inheritdoc cref="Load(byte*, byte*)"/>
    /// <param name="pixels">Where the first one's Y is.</param>
    /// <param name="chroma">Where its U is, if it is in a plane of its own.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="work">32 bytes to work in.</param>
    static abstract (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma, int count, byte* work);
}

/// <summary>One plane: Y0 U Y1 V for each two pixels.</summary>
internal readonly unsafe struct YuyvLayout : IYuvLayout
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma)
    {
        var (lower, upper) = Vector256.Widen(Vector256.Load((ushort*)pixels));
        var both = Vector512.Create(lower, upper);
        return (Vector512.ConvertToSingle((both & Vector512.Create(0xffu)).AsInt32()), Vector512.ConvertToSingle(Vector512.ShiftRightLogical(both, 8).AsInt32()));
    }

    public static (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma, int count, byte* work)
    {
        new ReadOnlySpan<byte>(pixels, 2 * count).CopyTo(new Span<byte>(work, 2 * count));
        return Load(work, work);
    }
}

/// <summary>A plane of Y, and one of half as many rows of U V for each two pixels.</summary>
internal readonly unsafe struct Nv12Layout : IYuvLayout
{
    public static int Bytes => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma) => (Cpu.Bytes.Load(pixels, 0), Cpu.Bytes.Load(chroma, 0));

    public static (Vector512<float> Luma, Vector512<float> Chroma) Load(byte* pixels, byte* chroma, int count, byte* work)
    {
        new ReadOnlySpan<byte>(pixels, count).CopyTo(new Span<byte>(work, count));
        new ReadOnlySpan<byte>(chroma, count).CopyTo(new Span<byte>(work + FrameBlend.Pixels, count));
        return Load(work, work + FrameBlend.Pixels);
    }
}

/// <summary>
/// From samples of YUV to colours from 0 to 255, which are clamped there: <c>R = Luma·y + RedV·v + Red</c>,
/// <c>G = Luma·y + GreenU·u + GreenV·v + Green</c>, <c>B = Luma·y + BlueU·u + Blue</c>.
/// </summary>
/// <remarks>
/// Source: ITU-R BT.601-7 and BT.709-6, section 3 of each. With Y, U − ½ and V − ½ in [0, 1]: <c>R = Y + a·V</c>, <c>G = Y − b·U − c·V</c>,
/// <c>B = Y + d·U</c>; a = 2(1 − Kr), d = 2(1 − Kb), with (Kr, Kb) = (0.299, 0.114) for BT.601 and (0.2126, 0.0722) for BT.709.
/// </remarks>
internal readonly record struct YuvColors(float Luma, float RedV, float GreenU, float GreenV, float BlueU, float Red, float Green, float Blue)
{
    /// <summary>The numbers of a matrix and a range.</summary>
    public static YuvColors Of(YuvMatrix matrix, YuvRange range)
    {
        var (kr, kb) = matrix == YuvMatrix.Bt709 ? (0.2126, 0.0722) : (0.299, 0.114);
        var (luma, chroma, black) = range == YuvRange.Limited ? (255.0 / 219, 255.0 / 224, 16) : (1.0, 1.0, 0);
        double a = 2 * (1 - kr) * chroma, d = 2 * (1 - kb) * chroma, b = d * kb / (1 - kr - kb), c = a * kr / (1 - kr - kb);
        double dark = -black * luma;
        return new((float)luma, (float)a, (float)-b, (float)-c, (float)d, (float)(dark - (128 * a)), (float)(dark + (128 * (b + c))), (float)(dark - (128 * d)));
    }
}
