using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.App;

/// <summary>A window that a device draws.</summary>
/// <param name="window">The window.</param>
/// <param name="isOwn">Whether it is the app's to close.</param>
internal sealed class WindowScreen(IWindowHost window, bool isOwn) : AppScreen
{
    private static readonly TimeSpan Minimized = TimeSpan.FromMilliseconds(100), NothingYet = TimeSpan.FromMilliseconds(5);

    public override GlDevice Device => window.Device;

    public override bool IsClosing => window.IsClosing;

    public override void MakeCurrent() => window.MakeCurrent();

    public override bool TakeTurn(CameraNetwork network, Action<Canvas, Area, LiveResult> overlay)
    {
        window.PollEvents();
        if (window.IsMinimized)
            window.WaitEvents(Minimized);
        else if (network.Draw(0, window.FramebufferSize, overlay, background: Color.Black))
            window.SwapBuffers();
        else
            window.WaitEvents(NothingYet);
        return true;
    }

    public override void Dispose()
    {
        if (isOwn)
            window.Dispose();
    }
}

/// <summary>Memory of a device without a window.</summary>
internal sealed class OffscreenScreen : AppScreen
{
    private readonly EglHost _host;
    private readonly OffscreenTarget _target;
    private long _drawn;

    /// <param name="host">The device's; the screen's to dispose.</param>
    /// <param name="size">Of the picture, in pixels.</param>
    public OffscreenScreen(EglHost host, Size2d size)
    {
        _host = host;
        try
        {
            _target = new OffscreenTarget(host.Device, size.Width, size.Height);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public override GlDevice Device => _host.Device;

    public override void MakeCurrent() => _host.MakeCurrent();

    public override bool TakeTurn(CameraNetwork network, Action<Canvas, Area, LiveResult> overlay)
    {
        if (network.Revision == _drawn)
            return false;
        _drawn = network.Revision;
        return network.Draw(_target.Framebuffer, new Size2d(_target.Height, _target.Width), overlay, background: Color.Black);
    }

    public override (byte[] Pixels, FrameFormat Format) Read() => _target.Read();

    public override void Dispose()
    {
        _target.Dispose();
        _host.Dispose();
    }
}
