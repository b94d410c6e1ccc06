using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Images;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class GpuImageToTensorTests(GlFixture gl)
{
    [Theory]
    [MemberData(nameof(PreprocessingCases.Names), MemberType = typeof(PreprocessingCases))]
    public void Gpu_equals_cpu(string name) => gl.Run(device => Compare(device, PreprocessingCases.Get(name)));

    [Theory]
    [InlineData(ReadPath.Buffer, true)]
    [InlineData(ReadPath.Texels, true)]
    [InlineData(ReadPath.Image, true)]
    [InlineData(ReadPath.Buffer, false)]
    public void Gpu_equals_cpu_in_every_read_path_and_without_persistent_mapping(ReadPath path, bool persistent) =>
        gl.RunFresh(new() { ReadPath = path, PersistentMapping = persistent }, device =>
        {
            foreach (var one in PreprocessingCases.All.Where((_, i) => i % 5 == 0))
                Compare(device, one);
        });

    public static TheoryData<PixelFormat> Formats => [.. Enum.GetValues<PixelFormat>()];

    /// <summary>A picture larger than a texture's sides lies in it as a stream of bytes; here the sides are said to be short.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_picture_larger_than_a_texture_gives_the_same(PixelFormat pixels) => gl.Run(device =>
    {
        var format = new FrameFormat(38, 6, pixels);
        byte[] bytes = new byte[format.Bytes];
        new Random(9).NextBytes(bytes);
        using var frame = MakeFrame(bytes, format, new(Rotation.Clockwise90, Mirrored: true));
        foreach (int size in (int[])[5, 41])
        {
            var preprocessing = new Preprocessing { Size = size, Fit = FitMode.Letterbox };
            using var expected = new Tensor(preprocessing.Shape);
            new ImageToTensor(preprocessing).Run(frame, expected);
            using var uploader = new FrameUploader(device) { LongestSide = 16 };
            AssertClose(expected, Converted(device, uploader, frame, preprocessing));
        }
    });

    [Fact]
    public void A_photograph_of_24_megapixels_fits() => gl.Run(device =>
    {
        var format = new FrameFormat(6001, 4000, PixelFormat.Bgr);
        Assert.True(format.Width * 3 > device.Limits.TextureSize, "The device takes it in one piece: enlarge the test.");
        using var frame = Striped(format);
        using var uploader = new FrameUploader(device);
        var preprocessing = new Preprocessing { Size = 16 };
        using var expected = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(frame, expected);
        AssertClose(expected, Converted(device, uploader, frame, preprocessing));
        Assert.InRange(uploader.MappedBytes, format.Bytes, 256L << 20);
    });

    [Fact]
    public void A_panorama_wider_than_a_texture_fits() => gl.Run(device =>
    {
        var format = new FrameFormat(device.Limits.TextureSize + 4000, 9, PixelFormat.Rgba);
        using var frame = Striped(format);
        using var uploader = new FrameUploader(device);
        var preprocessing = new Preprocessing { Size = new Size2d(4, 300), Fit = FitMode.Stretch };
        using var expected = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(frame, expected);
        AssertClose(expected, Converted(device, uploader, frame, preprocessing));
    });

    [Fact]
    public void A_picture_too_large_for_any_texture_is_refused_with_the_limit_and_a_way_out() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device) { LongestSide = 8 };
        using var frame = Striped(new FrameFormat(20, 20, PixelFormat.Bgr));
        var refusal = Assert.Throws<GlException>(() => uploader.TryUpload(frame));
        Assert.Contains("20×20 pixels (Bgr) takes 1200 bytes; a texture of this device holds 256", refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_pixel_made_of_more_pixels_than_a_shader_may_walk_is_refused() => gl.Run(device =>
    {
        using var uploader = new FrameUploader(device);
        using var frame = Striped(new FrameFormat(70_000, 2, PixelFormat.Gray));
        var refusal = Assert.Throws<GlException>(() => Converted(device, uploader, frame, new() { Size = new Size2d(2, 1), Fit = FitMode.Stretch }));
        Assert.Contains("70000×2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("CPU path", refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_hosts_own_texture_is_read_upside_down_where_it_says_so() => gl.Run(device =>
    {
        var format = new FrameFormat(8, 6, PixelFormat.Rgba);
        var pixels = new byte[format.Bytes];
        new Random(4).NextBytes(pixels);
        var flipped = new byte[format.Bytes];
        for (int y = 0; y < 6; y++)
            pixels.AsSpan(y * 32, 32).CopyTo(flipped.AsSpan((5 - y) * 32));
        using var frame = MakeFrame(flipped, format, default);
        using var uploader = new FrameUploader(device);
        var uploaded = uploader.TryUpload(frame)!;
        var host = FrameTexture.FromHost(uploaded.Id, 8, 6, TimeSpan.Zero, bottomUp: true);
        var preprocessing = new Preprocessing { Size = new(6, 8) };
        using var converter = new GpuImageToTensor(device, preprocessing);
        using var output = new GpuBuffer(device, 6 * 8 * 16, "input");
        converter.Run(host, output);
        var actual = new float[6 * 8 * 4];
        output.Read(actual.AsSpan());
        for (int i = 0; i < 48; i++)
            Assert.Equal(pixels[i * 4] / 255f, actual[i * 4], 1e-6f);
        host.Release();
        uploaded.Release();
    });

    internal static Frame MakeFrame(ReadOnlySpan<byte> pixels, FrameFormat format, FrameGeometry geometry, IFrameAllocator? allocator = null)
    {
        var buffer = (allocator ?? new FramePool()).TryRent(format.Bytes)!;
        pixels.CopyTo(buffer.Bytes);
        return new Frame(buffer, format, TimeSpan.FromSeconds(1), 7, geometry);
    }

    private static Frame Striped(FrameFormat format)
    {
        byte[] bytes = new byte[format.Bytes];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)((i / 7) ^ (i >> 12));
        return MakeFrame(bytes, format, default);
    }

    private static float[] Converted(GlDevice device, FrameUploader uploader, Frame frame, Preprocessing preprocessing)
    {
        var texture = uploader.TryUpload(frame);
        Assert.NotNull(texture);
        using var converter = new GpuImageToTensor(device, preprocessing);
        int area = preprocessing.Shape.Area;
        using var output = new GpuBuffer(device, area * 16, "input");
        converter.Run(texture, output);
        texture.Release();
        var actual = new float[area * 4];
        output.Read(actual.AsSpan());
        return actual;
    }

    private static void AssertClose(Tensor expected, float[] blocked)
    {
        for (int i = 0; i < expected.Shape.Area; i++)
        {
            for (int c = 0; c < expected.Shape.Channels; c++)
                Assert.Equal(expected.Span[(c * expected.Shape.Area) + i], blocked[(i * 4) + c], 2e-6f);
        }
    }

    private static void Compare(GlDevice device, PreprocessingCase one)
    {
        using var expected = new Tensor(one.Preprocessing.Shape);
        new ImageToTensor(one.Preprocessing).Run(one.Pixels(), one.Format, one.Geometry, expected);

        using var uploader = new FrameUploader(device);
        using var frame = MakeFrame(one.Pixels(), one.Format, one.Geometry);
        var texture = uploader.TryUpload(frame);
        Assert.NotNull(texture);
        using var converter = new GpuImageToTensor(device, one.Preprocessing);
        int area = expected.Shape.Area;
        int offset = device.Limits.TensorAlignment;
        using var output = new GpuBuffer(device, offset + (2 * area * 16), "input");
        converter.Run(texture, output, offset, batch: 2, item: 1);
        texture.Release();

        var actual = new float[(offset / 4) + (2 * area * 4)];
        output.Read(actual.AsSpan());
        int first = (offset / 4) + (area * 4);
        Assert.All(actual[..first], value => Assert.Equal(0, value));
        float tolerance = (float)(1e-6 * Math.Max(1, 255 * one.Preprocessing.Scale.B));
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
