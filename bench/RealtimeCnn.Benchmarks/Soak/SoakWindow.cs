using System.Text;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks.Soak;

/// <summary>A window that nobody sees: it has a size, fills the screen and is minimised as it is told, and gives its owner each turn of the loop.</summary>
/// <param name="size">Height and width, in pixels.</param>
/// <param name="turned">Called in each turn.</param>
internal sealed class SoakWindow(Size2d size, Action turned) : IGlWindow
{
    private static readonly Size2d Screen = new(1080, 1920);
    private Size2d _size = size;

    public event EventHandler<Size2d>? FramebufferResized;

    // A script does what people do.
    public event EventHandler<KeyPress>? KeyPressed
    {
        add { }
        remove { }
    }

    public event EventHandler<ConsoleKey>? KeyReleased
    {
        add { }
        remove { }
    }

    public event EventHandler<Rune>? CharacterTyped
    {
        add { }
        remove { }
    }

    public event EventHandler<PointerEvent>? PointerUsed
    {
        add { }
        remove { }
    }

    public event EventHandler<IReadOnlyList<string>>? FilesDropped
    {
        add { }
        remove { }
    }

    public Size2d FramebufferSize => IsFullscreen ? Screen : _size;

    public float ContentScale { get; private set; } = 1;

    public bool IsFullscreen
    {
        get;
        set
        {
            field = value;
            FramebufferResized?.Invoke(this, FramebufferSize);
        }
    }

    public bool IsMinimized { get; set; }

    public bool IsClosing { get; private set; }

    public void Resize(Size2d size, float density)
    {
        (_size, ContentScale) = (size, density);
        FramebufferResized?.Invoke(this, FramebufferSize);
    }

    public void PollEvents() => turned();

    public void WaitEvents(TimeSpan timeout) => Thread.Sleep(timeout);

    public void SwapBuffers()
    {
        // Nothing is shown.
    }

    public void MakeCurrent()
    {
        // No context comes with it.
    }

    public void Close() => IsClosing = true;

    public void SetTitle(string title)
    {
        // It has no title bar.
    }

    public void Dispose()
    {
        // There is nothing to free.
    }
}
