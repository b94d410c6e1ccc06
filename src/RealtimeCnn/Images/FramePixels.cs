namespace RealtimeCnn.Images;

/// <summary>
/// A pixel of any <see cref="PixelFormat"/> as red, green, blue in [0, 1]: the CPU twin of
/// <c>shaders/include/frame.glsl</c>, with the same constants and order of operations.
/// </summary>
internal static class FramePixels
{
    /// <summary>Reads one pixel.</summary>
    /// <param name="pixels">The frame, as <see cref="Frame.Pixels"/> has it.</param>
    /// <param name="format">Its layout.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row, 0 at the top.</param>
    /// <param name="r">Red.</param>
    /// <param name="g">Green.</param>
    /// <param name="b">Blue.</param>
    public static void Read(ReadOnlySpan<byte> pixels, in FrameFormat format, int x, int y, out float r, out float g, out float b)
    {
        int row = y * format.RowBytes;
        switch (format.Pixels)
        {
            case PixelFormat.Gray:
                r = g = b = Unit(pixels[row + x]);
                break;
            case PixelFormat.Rgb:
                (r, g, b) = (Unit(pixels[row + (x * 3)]), Unit(pixels[row + (x * 3) + 1]), Unit(pixels[row + (x * 3) + 2]));
                break;
            case PixelFormat.Bgr:
                (b, g, r) = (Unit(pixels[row + (x * 3)]), Unit(pixels[row + (x * 3) + 1]), Unit(pixels[row + (x * 3) + 2]));
                break;
            case PixelFormat.Rgba:
                (r, g, b) = (Unit(pixels[row + (x * 4)]), Unit(pixels[row + (x * 4) + 1]), Unit(pixels[row + (x * 4) + 2]));
                break;
            case PixelFormat.Bgra:
                (b, g, r) = (Unit(pixels[row + (x * 4)]), Unit(pixels[row + (x * 4) + 1]), Unit(pixels[row + (x * 4) + 2]));
                break;
            case PixelFormat.Yuyv:
                int pair = row + (x / 2 * 4);
                FromYuv(format, pixels[row + (x * 2)], pixels[pair + 1], pixels[pair + 3], out r, out g, out b);
                break;
            case PixelFormat.Nv12:
                int chroma = ((format.Height + (y / 2)) * format.RowBytes) + (x / 2 * 2);
                FromYuv(format, pixels[row + x], pixels[chroma], pixels[chroma + 1], out r, out g, out b);
                break;
            default:
                throw new ArgumentException($"There is no pixel format {format.Pixels}.");
        }
    }

    private static float Unit(byte value) => value / 255f;

    // R = y + a·v, G = y − b·u − c·v, B = y + d·u; a = 2(1 − Kr), d = 2(1 − Kb), with (Kr, Kb) = (0.299, 0.114) for
    // BT.601 and (0.2126, 0.0722) for BT.709. Source: ITU-R BT.601-7 and BT.709-6, section 3 of each.
    private static void FromYuv(in FrameFormat format, byte luma, byte blueChroma, byte redChroma, out float r, out float g, out float b)
    {
        float y = Unit(luma), u = Unit(blueChroma) - (128f / 255f), v = Unit(redChroma) - (128f / 255f);
        if (format.Range == YuvRange.Limited)
        {
            y = (y - (16f / 255f)) * (255f / 219f);
            u *= 255f / 224f;
            v *= 255f / 224f;
        }

        (float a, float bu, float cv, float d) = format.Matrix == YuvMatrix.Bt709
            ? (1.5748f, 0.18732427f, 0.46812427f, 1.8556f)
            : (1.402f, 0.34413629f, 0.71413629f, 1.772f);
        r = Math.Clamp(y + (a * v), 0f, 1f);
        g = Math.Clamp(y - (bu * u) - (cv * v), 0f, 1f);
        b = Math.Clamp(y + (d * u), 0f, 1f);
    }
}
