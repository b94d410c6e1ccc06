using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Studio;

/// <summary>
/// A window that is on a page elsewhere: what is done there is posted from any thread and happens on the demo's, between two pictures,
/// as what is done to a window does. Its monitor has 60 pictures a second.
/// </summary>
/// <param name="size">Height and width of the picture, in pixels.</param>
internal sealed class PageWindow(Size2d size) : IGlWindow
{
    private const int MostWaiting = 1024;
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1 / 60.0);
    private readonly ConcurrentQueue<Action> _waiting = new();
    private readonly AutoResetEvent _posted = new(false), _never = new(false);
    private long _shownAt = Stopwatch.GetTimestamp();

    public event EventHandler<Size2d>? FramebufferResized;

    public event EventHandler<KeyPress>? KeyPressed;

    public event EventHandler<ConsoleKey>? KeyReleased;

    public event EventHandler<Rune>? CharacterTyped;

    public event EventHandler<PointerEvent>? PointerUsed;

    public event EventHandler<IReadOnlyList<string>>? FilesDropped;

    /// <summary>Raised in each turn of the demo's loop.</summary>
    public event Action? Turned;

    public Size2d FramebufferSize => size;

    public float ContentScale => 1;

    public bool IsFullscreen { get; set; }

    public bool IsMinimized => false;

    public bool IsClosing { get; private set; }

    /// <summary>Has something happen on the demo's thread.</summary>
    /// <exception cref="StudioException">Too much is waiting to be done.</exception>
    public void Post(Action deed)
    {
        if (_waiting.Count >= MostWaiting)
            throw new StudioException("The demo has not come to what was asked of it before; try again.");
        _waiting.Enqueue(deed);
        _posted.Set();
    }

    /// <summary>Has the picture drawn anew though its network says nothing new.</summary>
    public void Redraw() => FramebufferResized?.Invoke(this, size);

    public void Press(KeyPress press) => KeyPressed?.Invoke(this, press);

    public void Release(ConsoleKey key) => KeyReleased?.Invoke(this, key);

    public void Type(Rune letter) => CharacterTyped?.Invoke(this, letter);

    public void Point(PointerEvent used) => PointerUsed?.Invoke(this, used);

    public void Drop(string path) => FilesDropped?.Invoke(this, [path]);

    public void PollEvents()
    {
        while (_waiting.TryDequeue(out var deed))
            deed();
        Turned?.Invoke();
    }

    public void WaitEvents(TimeSpan timeout) => _posted.WaitOne(timeout);

    public void SwapBuffers()
    {
        var left = Refresh - Stopwatch.GetElapsedTime(_shownAt);
        if (left > TimeSpan.Zero)
            _never.WaitOne(left);
        _shownAt = Stopwatch.GetTimestamp();
    }

    public void MakeCurrent()
    {
    }

    public void Close() => IsClosing = true;

    public void SetTitle(string title)
    {
    }

    public void Dispose()
    {
        _posted.Dispose();
        _never.Dispose();
    }
}
