using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RealtimeCnn.Images;

namespace RealtimeCnn.Regions;

/// <summary>A frame whose pixels are read one by one.</summary>
internal unsafe struct StoredFrame
{
    /// <summary>Its bytes.</summary>
    public byte* Pixels;

    /// <summary>Its layout.</summary>
    public FrameFormat Format;

    /// <summary>From YUV to colours.</summary>
    public YuvColors Yuv;
}

/// <summary>How a stored pixel is read: red, green and blue from 0 to 255, and a 1, so that sums of pixels count them.</summary>
internal unsafe interface IStoredPixel
{
    /// <summary>The colours of a pixel, which has to exist.</summary>
    static abstract Vector128<float> Read(in StoredFrame frame, int x, int y);
}

/// <summary><see cref="PixelFormat.Gray"/>.</summary>
internal readonly unsafe struct GrayPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        float value = frame.Pixels[((nint)y * frame.Format.Width) + x];
        return Vector128.Create(value, value, value, 1);
    }
}

/// <summary><see cref="PixelFormat.Rgb"/>.</summary>
internal readonly unsafe struct RgbPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        byte* pixel = frame.Pixels + ((((nint)y * frame.Format.Width) + x) * 3);
        return Vector128.Create(pixel[0], pixel[1], pixel[2], 1f);
    }
}

/// <summary><see cref="PixelFormat.Bgr"/>.</summary>
internal readonly unsafe struct BgrPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        byte* pixel = frame.Pixels + ((((nint)y * frame.Format.Width) + x) * 3);
        return Vector128.Create(pixel[2], pixel[1], pixel[0], 1f);
    }
}

/// <summary><see cref="PixelFormat.Rgba"/>.</summary>
internal readonly unsafe struct RgbaPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        byte* pixel = frame.Pixels + ((((nint)y * frame.Format.Width) + x) * 4);
        return Vector128.Create(pixel[0], pixel[1], pixel[2], 1f);
    }
}

/// <summary><see cref="PixelFormat.Bgra"/>.</summary>
internal readonly unsafe struct BgraPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        byte* pixel = frame.Pixels + ((((nint)y * frame.Format.Width) + x) * 4);
        return Vector128.Create(pixel[2], pixel[1], pixel[0], 1f);
    }
}

/// <summary><see cref="PixelFormat.Yuyv"/>.</summary>
internal readonly unsafe struct YuyvPixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        byte* pair = frame.Pixels + ((((nint)y * frame.Format.Width) + (x & ~1)) * 2);
        return Colors(frame.Yuv, pair[(x & 1) * 2], pair[1], pair[3]);
    }

    /// <summary>Colours of samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Colors(in YuvColors yuv, float y, float u, float v)
    {
        var colors = Vector128.Create((yuv.Luma * y) + (yuv.RedV * v) + yuv.Red, (yuv.Luma * y) + (yuv.GreenU * u) + (yuv.GreenV * v) + yuv.Green, (yuv.Luma * y) + (yuv.BlueU * u) + yuv.Blue, 1);
        return Vector128.Min(Vector128.Max(colors, Vector128<float>.Zero), Vector128.Create(255f, 255f, 255f, 1f));
    }
}

/// <summary><see cref="PixelFormat.Nv12"/>.</summary>
internal readonly unsafe struct Nv12Pixel : IStoredPixel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Read(in StoredFrame frame, int x, int y)
    {
        nint width = frame.Format.Width;
        byte* chroma = frame.Pixels + ((frame.Format.Height + (y >> 1)) * width) + (x & ~1);
        return YuyvPixel.Colors(frame.Yuv, frame.Pixels[(y * width) + x], chroma[0], chroma[1]);
    }
}
