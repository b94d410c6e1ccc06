using Emgu.CV;
using Emgu.CV.CvEnum;
using Emgu.CV.Structure;
using RealtimeCnn.Images;
using Rgb = Emgu.CV.Structure.Rgb;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>
/// The steps between OpenCV's pictures and ours. Each <c>To…</c> copies: the result has memory of its own, to be disposed by the caller. Each
/// <c>HandOver</c> copies nothing where the memory allows that, and takes the picture's place: what it was made of is disposed with the frame.
/// OpenCV keeps colours in the order blue, green, red.
/// </summary>
public static class MatConversions
{
    private const int MostChannels = 512; // CV_CN_MAX

    /// <summary>An OpenCV picture as a frame.</summary>
    /// <param name="mat">8 bits a sample; 1 channel (gray), 3 (blue, green, red) or 4 (blue, green, red, alpha). Rows may be padded.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">It is empty, or of another kind.</exception>
    public static Frame ToFrame(this Mat mat, TimeSpan? timestamp = null, long sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return ToFrame(mat, PixelsOf(mat.NumberOfChannels), timestamp, sequence);
    }

    /// <summary>An OpenCV picture that may lie on the GPU as a frame; it is brought to the CPU.</summary>
    /// <param name="mat">As for a <see cref="Mat"/>.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">It is empty, or of another kind.</exception>
    public static Frame ToFrame(this UMat mat, TimeSpan? timestamp = null, long sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(mat);
        using var onCpu = mat.GetMat(AccessType.Read);
        return onCpu.ToFrame(timestamp, sequence);
    }

    /// <summary>An Emgu.CV image as a frame with the same order of colours.</summary>
    /// <typeparam name="TColor"><see cref="Gray"/>, <see cref="Bgr"/>, <see cref="Bgra"/>, <see cref="Rgb"/> or <see cref="Rgba"/>.</typeparam>
    /// <param name="image">The image.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">The colours are of another kind.</exception>
    public static Frame ToFrame<TColor>(this Image<TColor, byte> image, TimeSpan? timestamp = null, long sequence = 0)
        where TColor : struct, IColor
    {
        ArgumentNullException.ThrowIfNull(image);
        return ToFrame(image.Mat, PixelsOf<TColor>(), timestamp, sequence);
    }

    /// <summary>An OpenCV picture that becomes a frame, without a copy where its rows are not padded and it begins where frames may.</summary>
    /// <param name="mat">As for <see cref="ToFrame(Mat, TimeSpan?, long)"/>. It is the frame's from now on: do not write, dispose or resize it. Where this throws it stays the caller's.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">It is empty, or of another kind.</exception>
    public static Frame HandOver(this Mat mat, TimeSpan? timestamp = null, long sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(mat);
        return HandOver(mat, PixelsOf(mat.NumberOfChannels), timestamp, sequence, mat);
    }

    /// <summary>The same for a picture that may lie on the GPU: it is mapped, or brought to the CPU once.</summary>
    /// <param name="mat">As for a <see cref="Mat"/>.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">It is empty, or of another kind.</exception>
    public static Frame HandOver(this UMat mat, TimeSpan? timestamp = null, long sequence = 0)
    {
        ArgumentNullException.ThrowIfNull(mat);
        var onCpu = mat.GetMat(AccessType.Read);
        try
        {
            return HandOver(onCpu, PixelsOf(onCpu.NumberOfChannels), timestamp, sequence, onCpu, mat);
        }
        catch
        {
            onCpu.Dispose();
            throw;
        }
    }

    /// <summary>The same for an Emgu.CV image, with the same order of colours.</summary>
    /// <typeparam name="TColor"><see cref="Gray"/>, <see cref="Bgr"/>, <see cref="Bgra"/>, <see cref="Rgb"/> or <see cref="Rgba"/>.</typeparam>
    /// <param name="image">The image.</param>
    /// <param name="timestamp">When it was taken, on the clock of <see cref="FrameClock"/>; null for now.</param>
    /// <param name="sequence">Its number in its source.</param>
    /// <exception cref="ArgumentException">The colours are of another kind.</exception>
    public static Frame HandOver<TColor>(this Image<TColor, byte> image, TimeSpan? timestamp = null, long sequence = 0)
        where TColor : struct, IColor
    {
        ArgumentNullException.ThrowIfNull(image);
        return HandOver(image.Mat, PixelsOf<TColor>(), timestamp, sequence, image);
    }

    /// <summary>A frame as an OpenCV picture: 1 channel for gray, 4 (blue, green, red, alpha) where there is alpha, else 3 (blue, green, red).</summary>
    /// <param name="frame">A frame of any format. Its stored pixels are copied; its <see cref="Frame.Geometry"/> is left to the caller.</param>
    public static Mat ToMat(this Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var format = frame.Format;
        int channels = format.Pixels switch
        {
            PixelFormat.Gray => 1,
            PixelFormat.Rgba or PixelFormat.Bgra => 4,
            _ => 3,
        };
        var mat = new Mat(format.Height, format.Width, DepthType.Cv8U, channels);
        bool isYuv = format.Pixels is PixelFormat.Yuyv or PixelFormat.Nv12, isRedFirst = isYuv || format.Pixels is PixelFormat.Rgb or PixelFormat.Rgba;
        ReadOnlySpan<byte> pixels = isYuv ? ToRgb(frame) : frame.Pixels;
        int rowBytes = format.Width * channels;
        for (int row = 0; row < format.Height; row++)
        {
            var target = Row(mat, row, rowBytes);
            pixels.Slice(row * rowBytes, rowBytes).CopyTo(target);
            if (isRedFirst)
                SwapRedAndBlue(target, channels);
        }

        return mat;
    }

    /// <summary>A tensor as OpenCV has them: <c>[1, C, H, W] → H × W</c> elements of C channels, 32-bit floats. The order of channels stays.</summary>
    /// <param name="tensor">Batch 1, at most 512 channels.</param>
    /// <exception cref="ShapeException">It has another batch, more channels, or no elements.</exception>
    public static unsafe Mat ToMat(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        if (shape.Batch != 1 || shape.Channels is < 1 or > MostChannels || shape.Area < 1)
            throw new ShapeException($"OpenCV has room for a tensor [1, 1 to {MostChannels} channels, H, W]; this one is {shape}.");
        var mat = new Mat(shape.Height, shape.Width, DepthType.Cv32F, shape.Channels);
        var values = tensor.Span;
        for (int row = 0; row < shape.Height; row++)
        {
            var target = new Span<float>((byte*)mat.DataPointer + ((nint)row * mat.Step), shape.Width * shape.Channels);
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                var line = values.Slice((channel * shape.Area) + (row * shape.Width), shape.Width);
                for (int column = 0; column < line.Length; column++)
                    target[(column * shape.Channels) + channel] = line[column];
            }
        }

        return mat;
    }

    /// <summary>What OpenCV's pictures with so many channels are; null where that says nothing.</summary>
    internal static PixelFormat? PixelsOf(int channels) => channels switch
    {
        1 => PixelFormat.Gray,
        3 => PixelFormat.Bgr,
        4 => PixelFormat.Bgra,
        _ => null,
    };

    /// <summary>The pixels of a row. Rows may be padded, and the last one ends with its pixels.</summary>
    internal static unsafe Span<byte> Row(Mat mat, int row, int bytes) => new((byte*)mat.DataPointer + ((nint)row * mat.Step), bytes);

    private static PixelFormat PixelsOf<TColor>()
        where TColor : struct, IColor => default(TColor) switch
    {
        Gray => PixelFormat.Gray,
        Bgr => PixelFormat.Bgr,
        Bgra => PixelFormat.Bgra,
        Rgb => PixelFormat.Rgb,
        Rgba => PixelFormat.Rgba,
        _ => throw new ArgumentException($"A frame has no colours of kind {typeof(TColor).Name}; convert the image to Bgr first."),
    };

    private static Frame HandOver(Mat mat, PixelFormat? pixels, TimeSpan? timestamp, long sequence, params IDisposable[] owners)
    {
        var format = FormatOf(mat, pixels);
        if (mat.IsContinuous && MatBuffer.Fits(mat))
            return new Frame(new MatBuffer(mat, format.Bytes, owners), format, timestamp ?? FrameClock.Now, sequence);
        var copy = ToFrame(mat, pixels, timestamp, sequence);
        foreach (var owner in owners)
            owner.Dispose();
        return copy;
    }

    private static FrameFormat FormatOf(Mat mat, PixelFormat? pixels)
    {
        if (mat.IsEmpty)
            throw new ArgumentException("An empty Mat is no picture.", nameof(mat));
        if (mat.Depth != DepthType.Cv8U || pixels is not { } known)
            throw new ArgumentException($"A frame has 1, 3 or 4 channels of 8 bits; this Mat has {mat.NumberOfChannels} of {mat.Depth}. Convert it first.", nameof(mat));
        var format = new FrameFormat(mat.Cols, mat.Rows, known);
        format.Validate();
        return format;
    }

    private static Frame ToFrame(Mat mat, PixelFormat? pixels, TimeSpan? timestamp, long sequence)
    {
        var format = FormatOf(mat, pixels);

        // The pool frees what is still on lease when it comes back.
        using var pool = new FramePool(capacity: 1);
        var buffer = pool.TryRent(format.Bytes)!;
        for (int row = 0; row < format.Height; row++)
            Row(mat, row, format.RowBytes).CopyTo(buffer.Bytes[(row * format.RowBytes)..]);
        return new Frame(buffer, format, timestamp ?? FrameClock.Now, sequence);
    }

    private static byte[] ToRgb(Frame frame)
    {
        var preprocessing = new Preprocessing { Size = new Size2d(frame.Format.Height, frame.Format.Width) };
        using var colors = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(frame.Pixels, frame.Format, default, colors);
        return PixelTensor.ToPixels(colors).Pixels;
    }

    private static void SwapRedAndBlue(Span<byte> pixels, int channels)
    {
        for (int i = 0; i < pixels.Length; i += channels)
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
    }
}
