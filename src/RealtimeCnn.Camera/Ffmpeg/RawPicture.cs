using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// A picture as FFmpeg's raw video encoder packs it. Unlike a <see cref="FrameFormat"/> it may have odd sides with shared
/// chroma; the frame then leaves out the last row or column.
/// </summary>
internal readonly record struct RawPicture(
    int Width, int Height, PixelFormat Pixels, YuvMatrix Matrix = YuvMatrix.Bt601, YuvRange Range = YuvRange.Limited)
{
    /// <summary>Bytes in one row of the first plane.</summary>
    public int RowBytes => Pixels == PixelFormat.Yuyv ? Even(Width + 1) * 2 : new FrameFormat(Width, 1, Pixels).RowBytes;

    /// <summary>Bytes of the whole picture.</summary>
    public int Bytes => Pixels == PixelFormat.Nv12
        ? checked((Width * Height) + (Even(Width + 1) * (Even(Height + 1) / 2)))
        : checked(RowBytes * Height);

    /// <summary>The frame made of it.</summary>
    public FrameFormat Frame => Pixels switch
    {
        PixelFormat.Nv12 => new FrameFormat(Even(Width), Even(Height), Pixels, Matrix, Range),
        PixelFormat.Yuyv => new FrameFormat(Even(Width), Height, Pixels, Matrix, Range),
        _ => new FrameFormat(Width, Height, Pixels),
    };

    /// <summary>Whether the frame has every byte of the picture, in the same order.</summary>
    public bool IsWhole => Frame.Bytes == Bytes;

    private static int Even(int side) => side & ~1;
}
