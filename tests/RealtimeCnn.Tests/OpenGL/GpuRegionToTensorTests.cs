using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Regions;
using RealtimeCnn.Tests.Images;
using RealtimeCnn.Tests.Regions;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class GpuRegionToTensorTests(GlFixture gl)
{
    [Fact]
    public void Gpu_equals_cpu() => gl.Run(device =>
    {
        foreach (var one in RegionCases.All)
            Compare(device, one, new FrameUploader(device));
    });

    /// <summary>Far from the origin floats have few digits left for parts of a pixel.</summary>
    [Fact]
    public void Places_are_exact_in_large_pictures() => gl.Run(device =>
    {
        var picture = new PreprocessingCase("large", new(4000, 60, PixelFormat.Gray), default, new() { Size = new(50, 70) });
        foreach (float side in (float[])[40, 300, 3000])
            Compare(device, new RegionCase(picture, new RegionOfInterest(3900.37f, 31.9f, side, side, 0.3f)), new FrameUploader(device));
    });

    /// <summary>A picture larger than a texture's sides lies in it as a stream of bytes; here the sides are said to be short.</summary>
    [Fact]
    public void A_picture_larger_than_a_texture_gives_the_same() => gl.Run(device =>
    {
        foreach (var pixels in Enum.GetValues<PixelFormat>())
        {
            var picture = new PreprocessingCase("stream", new(38, 6, pixels), new(Rotation.Clockwise90, Mirrored: true), new() { Size = new(5, 6) });
            Compare(device, new RegionCase(picture, new RegionOfInterest(3, 19, 20, 20, 0.3f)), new FrameUploader(device) { LongestSide = 16 });
        }
    });

    [Fact]
    public void What_is_no_region_is_refused() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        using var frame = GpuImageToTensorTests.MakeFrame(new byte[64], new(8, 8, PixelFormat.Gray), default);
        var texture = uploader.TryUpload(frame)!;
        using var converter = new GpuRegionToTensor(device, new() { Size = 4 });
        using var output = new GpuBuffer(device, 4 * 4 * 16, "input");
        Assert.Contains("no rectangle", Assert.Throws<ArgumentException>(() => converter.Run(texture, new RegionOfInterest(0, 0, float.NaN, 1), output)).Message, StringComparison.Ordinal);
        texture.Release();
    });

    private static void Compare(GlDevice device, RegionCase one, FrameUploader uploader)
    {
        using var own = uploader;
        var (picture, preprocessing) = (one.Picture, one.Picture.Preprocessing);
        using var expected = new Tensor(preprocessing.Shape);
        new RegionToTensor(preprocessing).Run(picture.Pixels(), picture.Format, picture.Geometry, one.Region, expected);
        using var frame = GpuImageToTensorTests.MakeFrame(picture.Pixels(), picture.Format, picture.Geometry);
        var texture = uploader.TryUpload(frame);
        Assert.NotNull(texture);
        using var converter = new GpuRegionToTensor(device, preprocessing);
        int area = expected.Shape.Area, offset = device.Limits.TensorAlignment;
        using var output = new GpuBuffer(device, offset + (2 * area * 16), "input");
        converter.Run(texture, one.Region, output, offset, batch: 2, item: 1);
        texture.Release();
        var actual = new float[(offset / 4) + (2 * area * 4)];
        output.Read(actual.AsSpan());
        int first = (offset / 4) + (area * 4);
        Assert.All(actual[..first], value => Assert.Equal(0, value));
        float tolerance = (float)(2e-6 * Math.Max(1, 255 * preprocessing.Scale.B));
        for (int i = 0; i < area; i++)
        {
            for (int c = 0; c < 4; c++)
            {
                float want = c < expected.Shape.Channels ? expected.Span[(c * area) + i] : 0, got = actual[first + (i * 4) + c];
                Assert.True(Math.Abs(want - got) <= tolerance, $"{one.Name}: channel {c}, pixel {i}: expected {want:R}, got {got:R}");
            }
        }
    }
}
