using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class GpuBufferTests(GlFixture gl)
{
    [Fact]
    public void A_new_buffer_is_zero_and_keeps_what_is_written() => gl.Run(device =>
    {
        foreach (int bytes in (int[])[1, 3, 4, 17, 1000, 4099])
        {
            using var buffer = new GpuBuffer(device, bytes, "bytes");
            var actual = new byte[bytes];
            Array.Fill(actual, (byte)7);
            buffer.Read(actual.AsSpan());
            Assert.All(actual, value => Assert.Equal(0, value));

            buffer.Upload<byte>([42], bytes - 1);
            buffer.Read(actual.AsSpan());
            Assert.Equal(42, actual[^1]);
            actual[^1] = 0;
            buffer.Read(actual.AsSpan(bytes - 1), bytes - 1);
            Assert.Equal(42, actual[^1]);
            buffer.Read(Span<byte>.Empty);
        }
    });

    [Theory]
    [InlineData(-4, 1)]
    [InlineData(0, 5)]
    [InlineData(16, 1)]
    [InlineData(4, 4)]
    public void A_range_outside_the_buffer_is_refused(long offset, int floats) => gl.Run(device =>
    {
        using var buffer = new GpuBuffer(device, 16, "sixteen");
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Upload<float>(new float[floats], offset));
        Assert.Contains("'sixteen' has 16 bytes", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read(new float[floats].AsSpan(), offset));
    });

    [Fact]
    public void A_disposed_buffer_is_not_used() => gl.Run(device =>
    {
        var buffer = new GpuBuffer(device, 16, "gone");
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Upload<float>([1]));
    });

    [Fact]
    public void A_misplaced_view_is_refused() => gl.Run(device =>
    {
        using var buffer = new GpuBuffer(device, 4096, "viewed");
        Assert.Throws<ArgumentException>(() => new GpuBufferView(buffer, 4, 16));
        Assert.Throws<ArgumentException>(() => new GpuBufferView(buffer, 0, 8));
        Assert.Throws<ArgumentException>(() => new GpuBufferView(buffer, 0, 4112));
        Assert.Throws<ArgumentException>(() => new GpuBufferView(buffer, 0, 0));
    });

    [Theory]
    [InlineData(ReadPath.Buffer)]
    [InlineData(ReadPath.Texels)]
    [InlineData(ReadPath.Image)]
    public void Shaders_read_ranges_through_each_path(ReadPath path) => gl.RunFresh(new() { ReadPath = path }, device =>
    {
        // y = LOAD(a) + 10 * LOAD_SCALAR(b) + 1000 * previous y read back through a view of the output.
        var library = new ShaderLibrary([], name => name == "sum.comp" ? Shader : ShaderLibrary.ReadEmbedded(name));
        using var program = ShaderProgram.Compute(device, library, "sum.comp", [ProgramCache.ReadDefine(path)]);
        int start = device.Limits.TensorAlignment;
        const int Vectors = 37;
        float[] a = [.. Enumerable.Range(0, Vectors * 4).Select(i => i * 0.5f)];
        float[] b = [.. Enumerable.Range(0, Vectors * 4).Select(i => i - 20f)];
        using var arena = new GpuBuffer(device, (start * 2) + (Vectors * 16), "arena");
        arena.Upload<float>(a, start * 2);
        using var weights = GpuBuffer.Create<float>(device, b, "weights");
        using var parameters = GpuBuffer.Create<int>(device, [Vectors, 0, 0, 0], "parameters");
        using var first = new GpuBuffer(device, Vectors * 16, "first");
        using var second = new GpuBuffer(device, Vectors * 16, "second");
        using var aView = new GpuBufferView(arena, start * 2, Vectors * 16);
        using var bView = new GpuBufferView(weights, 0, Vectors * 16);
        using var firstView = new GpuBufferView(first, 0, first.Bytes);

        program.Use();
        parameters.BindUniform(0, 0, parameters.Bytes);
        aView.Bind(1);
        bView.Bind(2);
        first.BindStorage(0, 0, first.Bytes);
        program.Dispatch(new Extent3d(Vectors, 1, 1));
        device.TensorBarrier();
        firstView.Bind(1);
        second.BindStorage(0, 0, second.Bytes);
        program.Dispatch(new Extent3d(Vectors, 1, 1));

        var actual = new float[Vectors * 4];
        first.Read(actual.AsSpan());
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(a[i] + (10 * b[i / 4]), actual[i]);
        second.Read(actual.AsSpan());
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(a[i] + (20 * b[i / 4]), actual[i]);
    });

    private const string Shader = """
        #version 430 core
        #include "include/tensor.glsl"
        layout(local_size_x = 8) in;
        READ_TENSOR(1, A, a);
        READ_TENSOR(2, B, b);
        layout(std430, binding = 0) writeonly restrict buffer Y { vec4 y[]; };
        layout(std140, binding = 0) uniform Params { int count; };
        void main()
        {
            int i = int(gl_GlobalInvocationID.x);
            if (i < count)
                y[i] = LOAD(a, i) + 10.0 * LOAD_SCALAR(b, i);
        }
        """;
}
