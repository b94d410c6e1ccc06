using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Drawing;

/// <summary>Runs of neighbouring pixels, each the four bytes red, green, blue and opacity in one word: all that a canvas in memory writes.</summary>
internal static class PixelRows
{
    // The opacity of a canvas's own pixels.
    private const uint Opaque = 0xFF000000;

    /// <summary>A colour as an opaque pixel; parts outside [0, 1] are clamped.</summary>
    public static uint Pixel(Color color) => Opaque | (Byte(color.B) << 16) | (Byte(color.G) << 8) | Byte(color.R);

    /// <summary>The colour of a pixel, opaque.</summary>
    public static Color ColorOf(uint pixel) => new((pixel & 255) / 255f, ((pixel >> 8) & 255) / 255f, ((pixel >> 16) & 255) / 255f);

    /// <summary>Blends a colour over a run: <c>under·(1 − opacity) + over·opacity</c>, to the nearest byte.</summary>
    /// <param name="run">The pixels.</param>
    /// <param name="color">Its own opacity is not looked at.</param>
    /// <param name="opacity">In [0, 1].</param>
    public static void Blend(Span<uint> run, Color color, float opacity)
    {
        if (opacity <= 0)
            return;
        if (opacity >= 1)
        {
            run.Fill(Pixel(color));
            return;
        }

        var (keep, add) = Mix(color, opacity);
        int i = 0;
        for (; i + 4 <= run.Length; i += 4)
        {
            ref uint four = ref run[i];
            var bytes = Unsafe.ReadUnaligned<Vector128<byte>>(ref Unsafe.As<uint, byte>(ref four));
            var (low, high) = Vector128.Widen(bytes);
            var mixed = Vector128.Narrow(
                Vector128.Narrow(Over(Vector128.WidenLower(low)), Over(Vector128.WidenUpper(low))),
                Vector128.Narrow(Over(Vector128.WidenLower(high)), Over(Vector128.WidenUpper(high))));
            Unsafe.WriteUnaligned(ref Unsafe.As<uint, byte>(ref four), mixed);
        }

        for (; i < run.Length; i++)
            run[i] = OverOne(run[i], keep, add);

        Vector128<uint> Over(Vector128<uint> under) =>
            Vector128.ConvertToInt32((Vector128.ConvertToSingle(under.AsInt32()) * keep) + add).AsUInt32();
    }

    /// <summary>Blends a colour over one pixel.</summary>
    public static void Blend(ref uint pixel, Color color, float opacity)
    {
        if (opacity <= 0)
            return;
        var (keep, add) = Mix(color, Math.Min(opacity, 1));
        pixel = OverOne(pixel, keep, add);
    }

    /// <summary>Blends a colour over a run, each pixel by how much of it is covered.</summary>
    /// <param name="run">The pixels.</param>
    /// <param name="coverage">Of each pixel, 255 for all of it.</param>
    /// <param name="color">The colour, with its opacity.</param>
    public static void Blend(Span<uint> run, ReadOnlySpan<byte> coverage, Color color)
    {
        uint whole = Pixel(color);
        float step = color.A / 255;
        for (int i = 0; i < run.Length; i++)
        {
            byte part = coverage[i];
            if (part == 255 && color.A >= 1)
                run[i] = whole;
            else if (part != 0)
                Blend(ref run[i], color, part * step);
        }
    }

    /// <summary>Pixels of red, green and blue in [0, 1], three numbers each; numbers outside are clamped.</summary>
    /// <param name="colors">At least one number more than three for each pixel.</param>
    /// <param name="run">Takes them.</param>
    /// <param name="step">Places from a pixel to the next.</param>
    public static void Store(ReadOnlySpan<float> colors, Span<uint> run, int step = 1)
    {
        var (scale, half, most) = (Vector128.Create(255f), Vector128.Create(0.5f), Vector128.Create(255.5f));
        ref float from = ref MemoryMarshal.GetReference(colors);
        for (int i = 0; i < run.Length; i += step, from = ref Unsafe.Add(ref from, 3))
        {
            var whole = Vector128.ConvertToInt32(Vector128.Clamp((Vector128.LoadUnsafe(ref from) * scale) + half, Vector128<float>.Zero, most)).AsUInt32();
            run[i] = Opaque | (whole[2] << 16) | (whole[1] << 8) | whole[0];
        }
    }

    private static (Vector128<float> Keep, Vector128<float> Add) Mix(Color color, float opacity) => (
        Vector128.Create(1 - opacity),
        (Vector128.Create(color.R, color.G, color.B, 1) * (255 * opacity)) + Vector128.Create(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint OverOne(uint under, Vector128<float> keep, Vector128<float> add)
    {
        var parts = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(under).AsByte()));
        var mixed = Vector128.ConvertToInt32((Vector128.ConvertToSingle(parts.AsInt32()) * keep) + add).AsUInt16();
        return Vector128.Narrow(Vector128.Narrow(mixed.AsUInt32(), Vector128<uint>.Zero), Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }

    private static uint Byte(float part) => (uint)((Math.Clamp(part, 0, 1) * 255) + 0.5f);
}
