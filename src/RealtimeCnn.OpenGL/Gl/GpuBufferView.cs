using RealtimeCnn.OpenGL.Kernels;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A range of a buffer as an array of vec4, of floats or of halves, that shaders read through the device's <see cref="ReadPath"/>, declared
/// there by <c>READ_TENSOR</c> (<c>shaders/include/tensor.glsl</c>).
/// </summary>
internal sealed unsafe class GpuBufferView : GlObject
{
    private readonly GpuBuffer _buffer;
    private readonly ReadPath _path;
    private readonly uint _texture;
    private readonly uint _format;

    /// <summary>Views <paramref name="bytes"/> bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="ArgumentException">The offset is not aligned, or the range is not whole vec4s inside the buffer.</exception>
    /// <exception cref="GlException">The range is longer than the device can read.</exception>
    public GpuBufferView(GpuBuffer buffer, long offset, long bytes, ElementType element = ElementType.Float32)
        : this(buffer, offset, bytes, buffer.Device.Info.ReadPath, element)
    {
    }

    /// <summary>Views a range for a shader that was compiled for <paramref name="path"/>.</summary>
    internal GpuBufferView(GpuBuffer buffer, long offset, long bytes, ReadPath path, ElementType element = ElementType.Float32)
        : base(buffer.Device, buffer.Label)
    {
        var limits = Device.Limits;
        int vector = GpuKernels.Block * element.Size();
        if (offset < 0 || offset % limits.TensorAlignment != 0)
            throw new ArgumentException($"A view of buffer '{buffer.Label}' must start at a multiple of {limits.TensorAlignment} bytes; {offset} was asked for.");
        if (bytes <= 0 || bytes % vector != 0 || offset > buffer.Bytes - bytes)
            throw new ArgumentException($"A view of buffer '{buffer.Label}' ({buffer.Bytes} bytes) must be whole vec4s inside it; {bytes} bytes from {offset} were asked for.");
        if (bytes > limits.ReadableBytes(path, element))
            throw new GlException($"Buffer '{buffer.Label}': a shader can read {limits.ReadableBytes(path, element)} bytes at once on this device; {bytes} were asked for.");

        (_buffer, Offset, Bytes, _path, _format) = (buffer, offset, bytes, path, element == ElementType.Float16 ? GL_RGBA16F : GL_RGBA32F);
        if (path == ReadPath.Buffer)
            return;
        uint texture;
        Device.Gl.GenTextures(1, &texture);
        Device.Gl.ActiveTexture(GL_TEXTURE0);
        Device.Gl.BindTexture(GL_TEXTURE_BUFFER, texture);
        Device.Gl.TexBufferRange(GL_TEXTURE_BUFFER, _format, buffer.Id, (nint)offset, (nint)Math.Min(TextureBytes(bytes), limits.ReadableBytes(path, element)));
        Device.Objects.Add(new GlName(GlKind.Texture, texture), $"view of {buffer.Label}");
        _texture = texture;
        Device.ThrowOnError($"view {bytes} bytes of buffer '{buffer.Label}' as a buffer texture");
    }

    public GpuBuffer Buffer => _buffer;

    public long Offset { get; }

    public long Bytes { get; }

    /// <summary>Binds the range for reading at <paramref name="unit"/>.</summary>
    public void Bind(uint unit)
    {
        var gl = Device.Gl;
        switch (_path)
        {
            case ReadPath.Texels:
                gl.ActiveTexture(GL_TEXTURE0 + unit);
                gl.BindTexture(GL_TEXTURE_BUFFER, _texture);
                break;
            case ReadPath.Image:
                gl.BindImageTexture(unit, _texture, 0, 0, 0, GL_READ_ONLY, _format);
                break;
            default:
                _buffer.BindStorage(unit, Offset, Bytes);
                break;
        }
    }

    private protected override void ReleaseNames(List<GlName> names)
    {
        if (_texture != 0)
            names.Add(new GlName(GlKind.Texture, _texture));
    }

    // llvmpipe compiles a program once more for buffer textures in whose size the second byte is zero, which it takes for the number of
    // their levels of detail. These reach into what lies behind; shaders do not.
    private static long TextureBytes(long bytes) => ((bytes >> 8) & 0xFF) == 0 ? bytes + GpuBuffer.Slack : bytes;
}
