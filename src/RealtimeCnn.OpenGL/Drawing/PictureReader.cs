using RealtimeCnn.Images;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>
/// Brings smaller copies of what was drawn back from the GPU without waiting for it: each is shrunk there, copied behind the drawing, and picked up
/// once it has arrived. Of one size at a time; in steady state nothing is allocated.
/// </summary>
/// <param name="device">Where.</param>
public sealed unsafe class PictureReader(GlDevice device) : IDisposable
{
    private OffscreenTarget? _small;
    private GpuBuffer? _pixels;
    private ResultReader? _results;

    /// <summary>Size of the pictures that are on their way; zero before the first.</summary>
    public Size2d Size { get; private set; }

    /// <summary>Asks for what has been drawn so far.</summary>
    /// <param name="framebuffer">OpenGL name of where; 0 is the window, before its buffers are swapped. One sample for each pixel.</param>
    /// <param name="from">Height and width of the part that is wanted, from the lower left corner on.</param>
    /// <param name="to">Height and width of the copy, in pixels; another than before forgets those on their way.</param>
    /// <param name="tag">Comes back with the picture.</param>
    /// <returns>False when as many pictures as can be are on their way; nothing is done then.</returns>
    /// <exception cref="GlException">There is no memory, or a side is longer than the device takes.</exception>
    public bool TryRequest(uint framebuffer, Size2d from, Size2d to, long tag)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.VerifyThread();
        if (to != Size)
            Resize(to);
        if (!_results!.HasRoom)
            return false;
        var gl = device.Gl;
        gl.BindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
        gl.BindFramebuffer(GL_DRAW_FRAMEBUFFER, _small!.Framebuffer);
        gl.BlitFramebuffer(0, 0, from.Width, from.Height, 0, 0, to.Width, to.Height, GL_COLOR_BUFFER_BIT, GL_LINEAR);
        gl.BindFramebuffer(GL_READ_FRAMEBUFFER, _small.Framebuffer);
        gl.BindBuffer(GL_PIXEL_PACK_BUFFER, _pixels!.Id);
        gl.PixelStorei(GL_PACK_ALIGNMENT, 1);
        gl.PixelStorei(GL_PACK_ROW_LENGTH, 0);
        gl.ReadPixels(0, 0, to.Width, to.Height, GL_RGBA, GL_UNSIGNED_BYTE, null);
        gl.BindBuffer(GL_PIXEL_PACK_BUFFER, 0);
        gl.BindFramebuffer(GL_FRAMEBUFFER, 0);
        return _results.TryRequest([new ResultRange(_pixels, 0, _pixels.Bytes)], tag);
    }

    /// <summary>Picks up the oldest picture if it is there. Never waits.</summary>
    /// <param name="destination">Takes 4 bytes of red, green, blue and opacity for each pixel of <see cref="Size"/>, row 0 at the bottom.</param>
    /// <param name="tag">What it was asked for with.</param>
    /// <returns>False when there is none yet.</returns>
    public bool TryRead(Span<byte> destination, out long tag)
    {
        tag = 0;
        return _results != null && _results.TryRead(destination, out tag);
    }

    /// <summary>Forgets pictures on their way and frees the memory.</summary>
    public void Dispose()
    {
        _results?.Dispose();
        _pixels?.Dispose();
        _small?.Dispose();
        (_results, _pixels, _small, Size) = (null, null, null, default);
    }

    private void Resize(Size2d size)
    {
        Dispose();
        long bytes = new FrameFormat(size.Width, size.Height, PixelFormat.Rgba).Bytes;
        _small = new OffscreenTarget(device, size.Width, size.Height);
        _pixels = new GpuBuffer(device, bytes, "picture read back");
        _results = new ResultReader(device, bytes);
        Size = size;
    }
}
