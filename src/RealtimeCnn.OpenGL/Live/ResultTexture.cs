using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>
/// An output of a result as an OpenGL texture of the device's context and of those that share with it; what it shows, <see cref="OutputTexture"/> says. It holds as long
/// as its result, is written behind a barrier (a host samples it, copies from it or draws with it at once), and is the pipeline's: read it only. In steady state
/// it is one of a few textures that are used in turn.
/// </summary>
#pragma warning disable CA1001 // What is freed belongs to the pipeline.
public sealed class ResultTexture
#pragma warning restore CA1001
{
    private readonly GlDevice _device;
    private GpuTexture? _texture;

    internal ResultTexture(GlDevice device, string output, uint internalFormat) => (_device, Output, InternalFormat) = (device, output, internalFormat);

    /// <summary>Name of the output.</summary>
    public string Output { get; }

    /// <summary>OpenGL name of the 2D texture, whose row 0 is the top one and which has one level.</summary>
    public uint Id => _texture?.Id ?? 0;

    /// <summary>In texels.</summary>
    public int Width => _texture?.Width ?? 0;

    /// <summary>In texels.</summary>
    public int Height => _texture?.Height ?? 0;

    /// <summary>Its sized format, as OpenGL numbers it: <c>GL_RGBA8</c>, <c>GL_R32F</c> or <c>GL_RGBA32F</c>.</summary>
    public uint InternalFormat { get; }

    /// <summary>Takes memory of a size; what is there stays where it has that size already.</summary>
    /// <exception cref="GlException">A side is longer than the device takes, or there is no memory.</exception>
    internal void Resize(Size2d size)
    {
        if (_texture != null && _texture.Width == size.Width && _texture.Height == size.Height)
            return;
        if (Math.Max(size.Width, size.Height) > _device.Limits.TextureSize)
            throw new GlException($"The texture of output '{Output}' would have {size.Width}×{size.Height} texels; this device takes sides of at most {_device.Limits.TextureSize}. A mask can be smaller ({nameof(OutputTexture)}.{nameof(OutputTexture.Size)}); other outputs are read from their buffer ({nameof(GpuTensor)}).");
        Free();
        _texture = new GpuTexture(_device, size.Width, size.Height, InternalFormat, $"output '{Output}'");
    }

    internal void Free()
    {
        _texture?.Dispose();
        _texture = null;
    }
}
