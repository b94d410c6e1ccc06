using RealtimeCnn.Camera;
using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Camera;

/// <summary>What is compressed is what comes out of a decoder, the right way up and with its colours.</summary>
public sealed class JpegEncoderTests
{
    private const int Width = 61, Height = 33;

    [Theory]
    [InlineData(PixelFormat.Rgb, false)]
    [InlineData(PixelFormat.Rgba, false)]
    [InlineData(PixelFormat.Rgba, true)]
    public void A_picture_comes_back_as_it_was(PixelFormat pixels, bool isBottomUp)
    {
        int channels = pixels == PixelFormat.Rgb ? 3 : 4;
        byte[] picture = new byte[Width * Height * channels];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                var (r, g, b) = ColorOf(x, isBottomUp ? Height - 1 - y : y);
                int at = ((y * Width) + x) * channels;
                (picture[at], picture[at + 1], picture[at + 2]) = (r, g, b);
            }
        }

        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.jpg");
        try
        {
            using var encoder = new JpegEncoder(quality: 95);
            File.WriteAllBytes(file, encoder.Encode(picture, new FrameFormat(Width, Height, pixels), isBottomUp));
            using var decoded = Photograph.Load(file);
            Assert.Equal((Width, Height, PixelFormat.Rgb), (decoded.Format.Width, decoded.Format.Height, decoded.Format.Pixels));
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    var (r, g, b) = ColorOf(x, y);
                    var got = decoded.Pixels.Slice(((y * Width) + x) * 3, 3);
                    int error = Math.Max(Math.Abs(got[0] - r), Math.Max(Math.Abs(got[1] - g), Math.Abs(got[2] - b)));
                    Assert.True(error <= 12, $"({x}, {y}): ({got[0]}, {got[1]}, {got[2]}) for ({r}, {g}, {b}).");
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Pictures_after_the_first_allocate_nothing()
    {
        using var encoder = new JpegEncoder();
        byte[] picture = new byte[64 * 48 * 4];
        var format = new FrameFormat(64, 48, PixelFormat.Rgba);
        encoder.Encode(picture, format);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            encoder.Encode(picture, format);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_is_no_such_picture_is_refused()
    {
        using var encoder = new JpegEncoder();
        Assert.Throws<ArgumentException>(() => encoder.Encode(new byte[11], new FrameFormat(2, 2, PixelFormat.Rgb)).Length);
        Assert.Throws<ArgumentException>(() => encoder.Encode(new byte[4], new FrameFormat(2, 2, PixelFormat.Gray)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new JpegEncoder(quality: 0));
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(new byte[12], new FrameFormat(2, 2, PixelFormat.Rgb)).Length);
    }

    // Slopes, which JPEG keeps, and a different end at each side.
    private static (byte R, byte G, byte B) ColorOf(int x, int y) => ((byte)(x * 4), (byte)(y * 7), (byte)(255 - (x * 2) - (y * 3)));
}
