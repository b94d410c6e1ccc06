using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>A 2D texture of fixed size without mipmaps.</summary>
internal sealed unsafe class GpuTexture : GlObject
{
    /// <param name="device">Where.</param>
    /// <param name="width">In texels.</param>
    /// <param name="height">In texels.</param>
    /// <param name="internalFormat">A sized format, such as <c>GL_RGBA8</c>.</param>
    /// <param name="label">What it is for, as reports show it.</param>
    /// <exception cref="GlException">A side is longer than the device takes, or there is no memory.</exception>
    public GpuTexture(GlDevice device, int width, int height, uint internalFormat, string label)
        : base(device, label)
    {
        if (Math.Max(width, height) > device.Limits.TextureSize)
            throw new GlException($"Texture '{label}' would have {width}×{height} texels; this device takes sides of at most {device.Limits.TextureSize}.");
        var gl = device.Gl;
        uint id;
        gl.GenTextures(1, &id);
        (Id, Width, Height, InternalFormat) = (id, width, height, internalFormat);
        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, id);
        device.Objects.Add(new GlName(GlKind.Texture, id), label);
        gl.TexStorage2D(GL_TEXTURE_2D, 1, internalFormat, width, height);
        gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, (int)GL_NEAREST);
        gl.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, (int)GL_NEAREST);
        try
        {
            device.ThrowOnError($"allocate texture '{label}' of {width}×{height} texels");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The OpenGL name.</summary>
    public uint Id { get; }

    /// <summary>In texels.</summary>
    public int Width { get; }

    /// <summary>In texels.</summary>
    public int Height { get; }

    /// <summary>Its sized format.</summary>
    public uint InternalFormat { get; }

    /// <summary>Fills it with tightly packed bytes from the start of a buffer.</summary>
    /// <param name="buffer">OpenGL name of the buffer.</param>
    /// <param name="format">Channels of the bytes, <c>GL_RGBA</c> or <c>GL_RED</c>.</param>
    public void CopyFrom(uint buffer, uint format) => CopyFrom(buffer, format, (long)Width * Height);

    /// <summary>Fills its first texels, row by row, with tightly packed bytes from the start of a buffer.</summary>
    /// <param name="buffer">OpenGL name of the buffer.</param>
    /// <param name="format">Channels of the bytes, <c>GL_RGBA</c> or <c>GL_RED</c>.</param>
    /// <param name="texels">How many; the rest keeps what it has.</param>
    public void CopyFrom(uint buffer, uint format, long texels)
    {
        VerifyUsable();
        var gl = Device.Gl;
        gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, buffer);
        gl.PixelStorei(GL_UNPACK_ALIGNMENT, 1);
        gl.PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
        gl.PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
        gl.PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
        if (!gl.Version.IsEmbedded)
        {
            gl.PixelStorei(GL_UNPACK_SWAP_BYTES, 0);
            gl.PixelStorei(GL_UNPACK_LSB_FIRST, 0);
        }

        gl.ActiveTexture(GL_TEXTURE0);
        gl.BindTexture(GL_TEXTURE_2D, Id);
        int rows = (int)(texels / Width), rest = (int)(texels % Width), bytesOfTexel = format == GL_RGBA ? 4 : 1;
        if (rows > 0)
            gl.TexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, Width, rows, format, GL_UNSIGNED_BYTE, null);
        if (rest > 0)
            gl.TexSubImage2D(GL_TEXTURE_2D, 0, 0, rows, rest, 1, format, GL_UNSIGNED_BYTE, (void*)((nint)rows * Width * bytesOfTexel));
        gl.BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    }

    private protected override void ReleaseNames(List<GlName> names)
    {
        if (Id != 0)
            names.Add(new GlName(GlKind.Texture, Id));
    }
}
