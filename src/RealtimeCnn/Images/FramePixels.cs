using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RealtimeCnn.Images;

/// <summary>
/// Pixels of any <see cref="PixelFormat"/> as red, green, blue in [0, 1]: the CPU twin of <c>shaders/include/frame.glsl</c>,
/// with the same constants and order of operations.
/// </summary>
internal static class FramePixels
{
    /// <summary>Floats of one pixel in a row that was read: red, green, blue, and one that means nothing.</summary>
    public const int Lanes = 4;

    // Dividing each sample anew would take longer than all the rest; these are the same numbers.
    private static readonly float[] Units = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>Reads pixels along a line.</summary>
    /// <param name="pixels">The frame, as <see cref="Frame.Pixels"/> has it.</param>
    /// <param name="format">Its layout.</param>
    /// <param name="x">Column of the first one.</param>
    /// <param name="y">Row of the first one, 0 at the top.</param>
    /// <param name="stepX">From one to the next, in columns: −1, 0 or 1.</param>
    /// <param name="stepY">From one to the next, in rows: −1, 0 or 1.</param>
    /// <param name="line">Takes as many as it has room for, <see cref="Lanes"/> floats each.</param>
    public static void ReadLine(ReadOnlySpan<byte> pixels, in FrameFormat format, int x, int y, int stepX, int stepY, Span<float> line)
    {
        var colors = MemoryMarshal.Cast<float, Vector128<float>>(line);
        switch (format.Pixels)
        {
            case PixelFormat.Gray:
                ReadColors(pixels, format, x, y, stepX, stepY, 0, 0, 0, colors);
                break;
            case PixelFormat.Rgb or PixelFormat.Rgba:
                ReadColors(pixels, format, x, y, stepX, stepY, 0, 1, 2, colors);
                break;
            case PixelFormat.Bgr or PixelFormat.Bgra:
                ReadColors(pixels, format, x, y, stepX, stepY, 2, 1, 0, colors);
                break;
            case PixelFormat.Yuyv or PixelFormat.Nv12:
                ReadYuv(pixels, format, x, y, stepX, stepY, colors);
                break;
            default:
                throw new ArgumentException($"There is no pixel format {format.Pixels}.");
        }
    }

    private static void ReadColors(
        ReadOnlySpan<byte> pixels, in FrameFormat format, int x, int y, int stepX, int stepY, int red, int green, int blue, Span<Vector128<float>> colors)
    {
        var units = Units;
        int bytes = format.RowBytes / format.Width;
        int at = (y * format.RowBytes) + (x * bytes), step = (stepY * format.RowBytes) + (stepX * bytes);
        for (int i = 0; i < colors.Length; i++, at += step)
            colors[i] = Vector128.Create(units[pixels[at + red]], units[pixels[at + green]], units[pixels[at + blue]], 0);
    }

    // R = y + a·v, G = y − b·u − c·v, B = y + d·u; a = 2(1 − Kr), d = 2(1 − Kb), with (Kr, Kb) = (0.299, 0.114) for
    // BT.601 and (0.2126, 0.0722) for BT.709. Source: ITU-R BT.601-7 and BT.709-6, section 3 of each. A colour in each lane.
    private static void ReadYuv(ReadOnlySpan<byte> pixels, in FrameFormat format, int x, int y, int stepX, int stepY, Span<Vector128<float>> colors)
    {
        var units = Units;
        var (ofU, ofV) = format.Matrix == YuvMatrix.Bt709
            ? (Vector128.Create(0, -0.18732427f, 1.8556f, 0), Vector128.Create(1.5748f, -0.46812427f, 0, 0))
            : (Vector128.Create(0, -0.34413629f, 1.772f, 0), Vector128.Create(1.402f, -0.71413629f, 0, 0));
        bool limited = format.Range == YuvRange.Limited, interleaved = format.Pixels == PixelFormat.Yuyv;
        for (int i = 0; i < colors.Length; i++, x += stepX, y += stepY)
        {
            int row = y * format.RowBytes;
            var (lumaAt, chromaAt, apart) = interleaved
                ? (row + (x * 2), row + (x / 2 * 4) + 1, 2)
                : (row + x, ((format.Height + (y / 2)) * format.RowBytes) + (x / 2 * 2), 1);
            float luma = units[pixels[lumaAt]], u = units[pixels[chromaAt]] - (128f / 255f), v = units[pixels[chromaAt + apart]] - (128f / 255f);
            if (limited)
            {
                luma = (luma - (16f / 255f)) * (255f / 219f);
                u *= 255f / 224f;
                v *= 255f / 224f;
            }

            var color = Vector128.Create(luma) + (ofU * u) + (ofV * v);
            colors[i] = Vector128.Min(Vector128.Max(color, Vector128<float>.Zero), Vector128<float>.One);
        }
    }
}
