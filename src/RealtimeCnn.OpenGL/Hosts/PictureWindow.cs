using System.Runtime.InteropServices;
using RealtimeCnn.Images;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>
/// A window that shows pictures from ordinary memory and asks only OpenGL 3.2 or OpenGL ES 3.0 for it: for machines without compute
/// shaders (macOS, old drivers), where networks run on the CPU.
/// </summary>
public sealed unsafe class PictureWindow : GlfwWindow
{
    private static readonly GlVersion[] Least = [new(3, 2), new(3, 0, GlClientApi.Embedded)];
    private readonly Entries _gl;
    private readonly uint _texture, _framebuffer;

    private PictureWindow(GlfwApi glfw, nint window, WindowOptions options)
        : base(glfw, window, options.VerticalSync)
    {
        _gl = new Entries(glfw);
        uint texture, framebuffer;
        _gl.GenTextures(1, &texture);
        _gl.GenFramebuffers(1, &framebuffer);
        (_texture, _framebuffer) = (texture, framebuffer);
    }

    /// <summary>Opens a window.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="GlException">There is no GLFW, no display or no such OpenGL; the message says which and what to do.</exception>
    public static PictureWindow Create(WindowOptions? options = null) => Create(options ?? new WindowOptions(), Least);

    /// <summary>The same with a context of the first of some versions that there is.</summary>
    internal static PictureWindow Create(WindowOptions options, IReadOnlyList<GlVersion> versions)
    {
        var (glfw, handle) = Open(options, versions, debug: false);
        return new PictureWindow(glfw, handle, options);
    }

    /// <summary>Shows a picture, stretched to the window.</summary>
    /// <param name="pixels">Tightly packed rows, row 0 at the top.</param>
    /// <param name="format">Size and layout: <see cref="PixelFormat.Rgba"/>.</param>
    /// <exception cref="ArgumentException">The format is another, or does not fit the number of bytes.</exception>
    public void Show(ReadOnlySpan<byte> pixels, FrameFormat format)
    {
        VerifyUsable();
        format.Validate();
        if (format.Pixels != PixelFormat.Rgba || pixels.Length != format.Bytes)
            throw new ArgumentException($"A window shows {PixelFormat.Rgba} pictures; {pixels.Length} bytes of {format} were given.");
        _gl.BindTexture(GL_TEXTURE_2D, _texture);
        fixed (byte* pointer = pixels)
            _gl.TexImage2D(GL_TEXTURE_2D, 0, (int)GL_RGBA8, format.Width, format.Height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pointer);
        _gl.BindFramebuffer(GL_READ_FRAMEBUFFER, _framebuffer);
        _gl.FramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, _texture, 0);

        // Row 0 is the bottom for OpenGL: turned over on the way.
        _gl.BlitFramebuffer(
            0, 0, format.Width, format.Height, 0, FramebufferSize.Height, FramebufferSize.Width, 0, GL_COLOR_BUFFER_BIT, GL_LINEAR);
        SwapBuffers();
    }

    private protected override void DisposeContext()
    {
        uint texture = _texture, framebuffer = _framebuffer;
        _gl.DeleteTextures(1, &texture);
        _gl.DeleteFramebuffers(1, &framebuffer);
    }

    // The few entry points; GlApi would ask for those of compute shaders.
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Entries(GlfwApi glfw)
    {
        public readonly delegate* unmanaged<int, uint*, void> GenTextures = (delegate* unmanaged<int, uint*, void>)glfw.Address("glGenTextures");
        public readonly delegate* unmanaged<int, uint*, void> DeleteTextures = (delegate* unmanaged<int, uint*, void>)glfw.Address("glDeleteTextures");
        public readonly delegate* unmanaged<uint, uint, void> BindTexture = (delegate* unmanaged<uint, uint, void>)glfw.Address("glBindTexture");

        public readonly delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void> TexImage2D =
            (delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void>)glfw.Address("glTexImage2D");

        public readonly delegate* unmanaged<int, uint*, void> GenFramebuffers = (delegate* unmanaged<int, uint*, void>)glfw.Address("glGenFramebuffers");
        public readonly delegate* unmanaged<int, uint*, void> DeleteFramebuffers = (delegate* unmanaged<int, uint*, void>)glfw.Address("glDeleteFramebuffers");
        public readonly delegate* unmanaged<uint, uint, void> BindFramebuffer = (delegate* unmanaged<uint, uint, void>)glfw.Address("glBindFramebuffer");

        public readonly delegate* unmanaged<uint, uint, uint, uint, int, void> FramebufferTexture2D =
            (delegate* unmanaged<uint, uint, uint, uint, int, void>)glfw.Address("glFramebufferTexture2D");

        public readonly delegate* unmanaged<int, int, int, int, int, int, int, int, uint, uint, void> BlitFramebuffer =
            (delegate* unmanaged<int, int, int, int, int, int, int, int, uint, uint, void>)glfw.Address("glBlitFramebuffer");
    }
}
