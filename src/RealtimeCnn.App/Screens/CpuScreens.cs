using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.App;

/// <summary>Memory that the CPU draws.</summary>
/// <param name="size">Of the picture, in pixels.</param>
internal sealed class MemoryScreen(Size2d size) : AppScreen
{
    private readonly CpuCanvas _canvas = new();
    private long _drawn;

    public override bool TakeTurn(CameraNetwork network, Action<Canvas, Area, LiveResult> overlay)
    {
        if (network.Revision == _drawn)
            return false;
        _drawn = network.Revision;
        _canvas.Begin(size.Width, size.Height, Color.Black);
        return network.Draw(_canvas, overlay);
    }

    public override (byte[] Pixels, FrameFormat Format) Read()
    {
        if (_drawn == 0)
            _canvas.Begin(size.Width, size.Height, Color.Black);
        return (_canvas.Pixels.ToArray(), _canvas.Format);
    }

    public override void Dispose()
    {
        // Memory only.
    }
}

/// <summary>A window that shows what the CPU draws.</summary>
/// <param name="window">The window; the screen's to dispose.</param>
internal sealed class PictureScreen(PictureWindow window) : AppScreen
{
    private static readonly TimeSpan Minimized = TimeSpan.FromMilliseconds(100), NothingNew = TimeSpan.FromMilliseconds(2);
    private readonly CpuCanvas _canvas = new();
    private (long Revision, Size2d Size) _drawn;

    public override bool IsClosing => window.IsClosing;

    public override void MakeCurrent() => window.MakeCurrent();

    public override bool TakeTurn(CameraNetwork network, Action<Canvas, Area, LiveResult> overlay)
    {
        window.PollEvents();
        var size = window.FramebufferSize;
        if (window.IsMinimized)
        {
            window.WaitEvents(Minimized);
            return true;
        }

        if (_drawn == (network.Revision, size))
        {
            window.WaitEvents(NothingNew);
            return true;
        }

        _drawn = (network.Revision, size);
        _canvas.Begin(size.Width, size.Height, Color.Black);
        network.Draw(_canvas, overlay);
        window.Show(_canvas.Pixels, _canvas.Format);
        return true;
    }

    public override void Dispose() => window.Dispose();
}
