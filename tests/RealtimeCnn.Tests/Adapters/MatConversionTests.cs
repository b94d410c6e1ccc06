using System.Runtime.InteropServices;
using Emgu.CV;
using Emgu.CV.CvEnum;
using Emgu.CV.Structure;
using RealtimeCnn.Camera.Emgu;
using RealtimeCnn.Images;
using Rgb = Emgu.CV.Structure.Rgb;

namespace RealtimeCnn.Tests.Adapters;

/// <summary>Pictures and tensors to OpenCV and back; the same tests run against the stubs and against the real library.</summary>
public sealed class MatConversionTests
{
    private const int Height = 4, Width = 5; // Rows of 5 × 3 bytes, which images pad to 16.

    /// <summary>True where the real library is built in and loads, or the stubs stand in for it.</summary>
    private static bool Works => new EmguBackend() is not { IsBuiltIn: true, WhyUnavailable: not null };

    [Theory]
    [InlineData(1, PixelFormat.Gray)]
    [InlineData(3, PixelFormat.Bgr)]
    [InlineData(4, PixelFormat.Bgra)]
    public void A_mat_becomes_a_frame_and_the_frame_the_same_mat(int channels, PixelFormat pixels)
    {
        if (!Works)
            return;
        using var mat = Ramp(new Mat(Height, Width, DepthType.Cv8U, channels));
        using var frame = mat.ToFrame(TimeSpan.FromSeconds(7), 3);
        Assert.Equal(new FrameFormat(Width, Height, pixels), frame.Format);
        Assert.Equal((TimeSpan.FromSeconds(7), 3), (frame.Timestamp, frame.Sequence));
        Assert.Equal(Bytes(mat), frame.Pixels);
        using var back = frame.ToMat();
        Assert.Equal((channels, DepthType.Cv8U), (back.NumberOfChannels, back.Depth));
        Assert.Equal(Bytes(mat), Bytes(back));
    }

    [Fact]
    public void A_umat_becomes_a_frame()
    {
        if (!Works)
            return;
        using var mat = Ramp(new Mat(Height, Width, DepthType.Cv8U, 3));
        using var onGpu = new UMat();
        mat.CopyTo(onGpu);
        using var frame = onGpu.ToFrame();
        Assert.Equal(Bytes(mat), frame.Pixels);
    }

    [Theory]
    [InlineData(0, 0, true)] // As OpenCV makes them.
    [InlineData(0, 3, false)] // Padded rows.
    [InlineData(8, 0, false)] // A part of another picture.
    public unsafe void A_mat_that_is_handed_over_is_not_copied_where_its_memory_allows_it(int offset, int padding, bool isShared)
    {
        if (!Works)
            return;
        byte* memory = (byte*)NativeMemory.AlignedAlloc(1024, 64) + offset;
        try
        {
            var mat = Ramp(new Mat(Height, Width, DepthType.Cv8U, 3, (nint)memory, (Width * 3) + padding));
            byte[] expected = Bytes(mat);
            var frame = mat.HandOver(TimeSpan.FromSeconds(7), 3);
            Assert.Equal(isShared, frame.Buffer.Address == memory);
            Assert.Equal((new FrameFormat(Width, Height, PixelFormat.Bgr), TimeSpan.FromSeconds(7), 3), (frame.Format, frame.Timestamp, frame.Sequence));
            Assert.Equal(expected, frame.Pixels);
            // The real one must not be asked any more.
            bool mayAsk = !new EmguBackend().IsBuiltIn;
            if (mayAsk && isShared)
                Assert.Equal(Height, mat.Rows);
            frame.Dispose();
            if (mayAsk)
                Assert.Throws<ObjectDisposedException>(() => mat.Rows);
        }
        finally
        {
            NativeMemory.AlignedFree(memory - offset);
        }
    }

    [Fact]
    public void Others_that_are_handed_over_go_with_their_frames_too()
    {
        if (!Works)
            return;
        using var mat = Ramp(new Mat(Height, Width, DepthType.Cv8U, 3));
        var onGpu = new UMat();
        mat.CopyTo(onGpu);
        using (var frame = onGpu.HandOver())
            Assert.Equal(Bytes(mat), frame.Pixels);
        var image = new Image<Rgb, byte>(Width, Height);
        byte[] expected = Bytes(Ramp(image.Mat));
        using (var frame = image.HandOver())
        {
            Assert.Equal(PixelFormat.Rgb, frame.Format.Pixels);
            Assert.Equal(expected, frame.Pixels);
        }

        using var other = new Image<Hsv, byte>(Width, Height);
        Assert.Contains("Hsv", Assert.Throws<ArgumentException>(() => other.HandOver()).Message, StringComparison.Ordinal);
        using var empty = new Mat();
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => empty.HandOver()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_becomes_a_frame_with_its_own_order_of_colours()
    {
        if (!Works)
            return;
        Check(new Image<Bgr, byte>(Width, Height), PixelFormat.Bgr);
        Check(new Image<Rgb, byte>(Width, Height), PixelFormat.Rgb);
        Check(new Image<Gray, byte>(Width, Height), PixelFormat.Gray);
        using var other = new Image<Hsv, byte>(Width, Height);
        Assert.Contains("Hsv", Assert.Throws<ArgumentException>(() => other.ToFrame()).Message, StringComparison.Ordinal);

        static void Check<TColor>(Image<TColor, byte> image, PixelFormat pixels)
            where TColor : struct, IColor
        {
            using (image)
            {
                Ramp(image.Mat);
                using var frame = image.ToFrame();
                Assert.Equal(new FrameFormat(Width, Height, pixels), frame.Format);
                Assert.Equal(Bytes(image.Mat), frame.Pixels);
            }
        }
    }

    [Theory]
    [InlineData(PixelFormat.Rgb, 3)]
    [InlineData(PixelFormat.Rgba, 4)]
    public void Red_and_blue_change_places_on_the_way_to_opencv(PixelFormat pixels, int channels)
    {
        if (!Works)
            return;
        using var frame = FrameOf(new FrameFormat(2, 1, pixels), [1, 2, 3, 4, 5, 6, 7, 8]);
        using var mat = frame.ToMat();
        Assert.Equal(channels == 3 ? [3, 2, 1, 6, 5, 4] : [3, 2, 1, 4, 7, 6, 5, 8], Bytes(mat));
    }

    [Fact]
    public void Yuv_becomes_blue_green_red()
    {
        if (!Works)
            return;
        // BT.601, limited range: Y 81, U 90, V 240 is red.
        using var frame = FrameOf(new FrameFormat(2, 1, PixelFormat.Yuyv), [81, 90, 81, 240]);
        using var mat = frame.ToMat();
        Assert.All(Bytes(mat).Chunk(3), pixel => Assert.True(pixel[0] < 4 && pixel[1] < 4 && pixel[2] > 250, string.Join(", ", pixel)));
    }

    [Fact]
    public unsafe void A_tensor_becomes_a_mat_with_its_channels_side_by_side()
    {
        if (!Works)
            return;
        using var tensor = new Tensor(new Shape(1, 2, 2, 3));
        for (int i = 0; i < 12; i++)
            tensor.Span[i] = i;
        using var mat = tensor.ToMat();
        Assert.Equal((2, 3, 2, DepthType.Cv32F), (mat.Rows, mat.Cols, mat.NumberOfChannels, mat.Depth));
        Assert.Equal([3, 9, 4, 10, 5, 11], new ReadOnlySpan<float>((byte*)mat.DataPointer + mat.Step, 6).ToArray());
    }

    [Fact]
    public void What_is_no_picture_is_refused_with_the_reason()
    {
        if (!Works)
            return;
        using var empty = new Mat();
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => empty.ToFrame()).Message, StringComparison.Ordinal);
        using var deep = new Mat(2, 2, DepthType.Cv16U, 3);
        Assert.Contains("Cv16U", Assert.Throws<ArgumentException>(() => deep.ToFrame()).Message, StringComparison.Ordinal);
        using var two = new Mat(2, 2, DepthType.Cv8U, 2);
        Assert.Throws<ArgumentException>(() => two.ToFrame());
        using var batch = new Tensor(new Shape(2, 3, 4, 4));
        Assert.Contains("[2, 3, 4, 4]", Assert.Throws<ShapeException>(() => batch.ToMat()).Message, StringComparison.Ordinal);
    }

    private static Frame FrameOf(FrameFormat format, byte[] pixels)
    {
        using var pool = new FramePool(1);
        var buffer = pool.TryRent(format.Bytes)!;
        pixels.AsSpan(0, format.Bytes).CopyTo(buffer.Bytes);
        return new Frame(buffer, format, default, 0);
    }

    private static unsafe Mat Ramp(Mat mat)
    {
        for (int row = 0; row < mat.Rows; row++)
        {
            for (int i = 0; i < mat.Cols * mat.NumberOfChannels; i++)
                ((byte*)mat.DataPointer)[(row * mat.Step) + i] = (byte)((row * 50) + i);
        }

        return mat;
    }

    private static unsafe byte[] Bytes(Mat mat)
    {
        int width = mat.Cols * mat.NumberOfChannels;
        byte[] bytes = new byte[mat.Rows * width];
        for (int row = 0; row < mat.Rows; row++)
            new ReadOnlySpan<byte>((byte*)mat.DataPointer + (row * mat.Step), width).CopyTo(bytes.AsSpan(row * width));
        return bytes;
    }
}
