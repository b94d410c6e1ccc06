namespace RealtimeCnn.Images;

/// <summary>The size and memory layout of a picture: what a buffer must hold. Rows are tightly packed.</summary>
/// <param name="Width">Pixels in a row, at least 1; even for <see cref="PixelFormat.Yuyv"/> and <see cref="PixelFormat.Nv12"/>.</param>
/// <param name="Height">Rows, at least 1; even for <see cref="PixelFormat.Nv12"/>.</param>
/// <param name="Pixels">Memory layout of the pixels.</param>
/// <param name="Matrix">YUV matrix; read only for YUV formats.</param>
/// <param name="Range">YUV range; read only for YUV formats.</param>
public readonly record struct FrameFormat(
    int Width, int Height, PixelFormat Pixels, YuvMatrix Matrix = YuvMatrix.Bt601, YuvRange Range = YuvRange.Limited)
{
    /// <summary>Most pixels that a frame can have.</summary>
    public const int MostPixels = 1 << 28;

    /// <summary>Bytes in one row of the first plane.</summary>
    public int RowBytes => Pixels switch
    {
        PixelFormat.Gray or PixelFormat.Nv12 => Width,
        PixelFormat.Yuyv => Width * 2,
        PixelFormat.Rgb or PixelFormat.Bgr => Width * 3,
        _ => Width * 4,
    };

    /// <summary>Bytes of the whole picture, all planes.</summary>
    public int Bytes => checked(Pixels == PixelFormat.Nv12 ? RowBytes * Height * 3 / 2 : RowBytes * Height);

    /// <summary>Checks that a picture can have this format.</summary>
    /// <exception cref="ArgumentException">A side is below 1, too large, or odd where chroma is shared by two pixels.</exception>
    public void Validate()
    {
        if (Width < 1 || Height < 1 || (long)Width * Height > MostPixels)
            throw new ArgumentException($"A frame of {Width}×{Height} pixels is not possible: each side is at least 1, and a frame has at most 2^28 pixels.");
        if (Pixels is PixelFormat.Yuyv or PixelFormat.Nv12 && Width % 2 != 0)
            throw new ArgumentException($"{Pixels} shares chroma between two pixels of a row, so the width must be even; it is {Width}.");
        if (Pixels == PixelFormat.Nv12 && Height % 2 != 0)
            throw new ArgumentException($"{Pixels} shares chroma between two rows, so the height must be even; it is {Height}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Width}×{Height} {Pixels}";
}
