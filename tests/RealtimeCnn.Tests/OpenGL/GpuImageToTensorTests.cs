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
