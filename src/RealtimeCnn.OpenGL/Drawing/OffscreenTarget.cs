using RealtimeCnn.Images;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>A picture in GPU memory that can be drawn on like a window, and read back.</summary>
public sealed unsafe class OffscreenTarget : IDisposable
{
    private readonly GlDevice _device;
    private readonly GpuTexture _texture;
    private readonly GpuFramebuffer _framebuffer;

    /// <summary>An RGBA picture of 8 bits a sample.</summary>
    /// <param name="device">Where.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <exception cref="GlException">A side is longer than the device takes, or there is no memory.</exception>
    public OffscreenTarget(GlDevice device, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _texture = new GpuTexture(device, width, height, GL_RGBA8, "offscreen target");
        _framebuffer = new GpuFramebuffer(_texture);
    }

    /// <summary>Width, in pixels.</summary>
    public int Width => _texture.Width;

    /// <summary>Height, in pixels.</summary>
    public int Height => _texture.Height;

    /// <summary>OpenGL name of the framebuffer.</summary>
    public uint Framebuffer => _framebuffer.Id;

    /// <summary>OpenGL name of the texture; its row 0 is the bottom one.</summary>
    public uint Texture => _texture.Id;

    /// <summary>Waits for the GPU and copies the picture out. For screenshots: it blocks, and counts as that.</summary>
    /// <returns>Rows from the top, and their format, <see cref="PixelFormat.Rgba"/>.</returns>
    public (byte[] Pixels, FrameFormat Format) Read()
    {
        _device.VerifyThread();
        _device.CountBlockingCall();
        var format = new FrameFormat(Width, Height, PixelFormat.Rgba);
        byte[] bottomUp = new byte[format.Bytes], pixels = new byte[format.Bytes];
        var gl = _device.Gl;
        gl.BindFramebuffer(GL_READ_FRAMEBUFFER, Framebuffer);
        gl.BindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        gl.PixelStorei(GL_PACK_ALIGNMENT, 1);
        gl.PixelStorei(GL_PACK_ROW_LENGTH, 0);
        fixed (byte* pointer = bottomUp)
            gl.ReadPixels(0, 0, Width, Height, GL_RGBA, GL_UNSIGNED_BYTE, pointer);
        gl.BindFramebuffer(GL_READ_FRAMEBUFFER, 0);
        for (int row = 0; row < Height; row++)
            bottomUp.AsSpan((Height - 1 - row) * format.RowBytes, format.RowBytes).CopyTo(pixels.AsSpan(row * format.RowBytes));
        return (pixels, format);
    }

    /// <summary>Frees the picture.</summary>
    public void Dispose()
    {
        _framebuffer.Dispose();
        _texture.Dispose();
    }
}
