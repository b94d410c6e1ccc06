using RealtimeCnn.Images;

namespace RealtimeCnn.Tests.Images;

public sealed class PixelTensorTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb, new byte[] { 255, 0, 51, 0, 102, 255 })]
    [InlineData(PixelFormat.Bgr, new byte[] { 51, 0, 255, 255, 102, 0 })]
    [InlineData(PixelFormat.Rgba, new byte[] { 255, 0, 51, 9, 0, 102, 255, 9 })]
    [InlineData(PixelFormat.Bgra, new byte[] { 51, 0, 255, 9, 255, 102, 0, 9 })]
    public void Colours_become_planes_of_red_green_blue(PixelFormat layout, byte[] pixels)
    {
        using var tensor = PixelTensor.FromPixels(pixels, new FrameFormat(1, 2, layout));
        Assert.Equal(new Shape(1, 3, 2, 1), tensor.Shape);
        Assert.Equal([1, 0, 0, 0.4f, 0.2f, 1], tensor.Span);
    }

    [Fact]
    public void A_picture_survives_the_way_there_and_back()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        using var gray = PixelTensor.FromPixels(pixels, new FrameFormat(16, 16, PixelFormat.Gray));
        var (back, format) = PixelTensor.ToPixels(gray);
        Assert.Equal(pixels, back);
        Assert.Equal(new FrameFormat(16, 16, PixelFormat.Gray), format);

        byte[] colours = [.. pixels[..255]];
        using var rgb = PixelTensor.FromPixels(colours, new FrameFormat(17, 5, PixelFormat.Rgb));
        Assert.Equal(colours, PixelTensor.ToPixels(rgb).Pixels);
    }

    [Fact]
    public void Values_outside_are_clamped_and_NaN_is_black()
    {
        using var tensor = new Tensor(new Shape(1, 1, 1, 6), [-3, 0.5f, 2, float.NaN, float.PositiveInfinity, float.NegativeInfinity]);
        Assert.Equal([0, 128, 255, 0, 255, 0], PixelTensor.ToPixels(tensor).Pixels);
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        using var twoChannels = new Tensor(new Shape(1, 2, 4, 4));
        Assert.Contains("[1, 2, 4, 4]", Assert.Throws<ShapeException>(() => PixelTensor.ToPixels(twoChannels)).Message, StringComparison.Ordinal);
        Assert.Contains("8 bytes; 7", Assert.Throws<ArgumentException>(() => PixelTensor.FromPixels(new byte[7], new FrameFormat(2, 2, PixelFormat.Yuyv))).Message, StringComparison.Ordinal);
        Assert.Contains("Yuyv", Assert.Throws<ArgumentException>(() => PixelTensor.FromPixels(new byte[8], new FrameFormat(2, 2, PixelFormat.Yuyv))).Message, StringComparison.Ordinal);
    }
}
