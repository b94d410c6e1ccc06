using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>How a window is made.</summary>
public sealed record WindowOptions
{
    /// <summary>Text in the title bar.</summary>
    public string Title { get; init; } = "RealtimeCnn";

    /// <summary>Size to begin with, in screen coordinates; enlarged on a high-density monitor.</summary>
    public Size2d Size { get; init; } = new(720, 1280);

    /// <summary>Whether swapping waits for the monitor, so that nothing tears.</summary>
    public bool VerticalSync { get; init; } = true;

    /// <summary>Whether the window is shown.</summary>
    public bool Visible { get; init; } = true;
}

/// <summary>
/// A window of the system's GLFW with an OpenGL context. It belongs to the thread that made it (the main thread on macOS and
/// Windows). Handlers run inside <see cref="PollEvents"/>, which also rethrows what they throw.
/// </summary>
public abstract unsafe class GlfwWindow : IGlWindow
{
    // GLFW's hints and error callback are the process's.
    private static readonly Lock OpenLock = new();

    private readonly GlfwApi _glfw;
    private readonly nint _window;
    private readonly GCHandle _self;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private ExceptionDispatchInfo? _thrown;
    private (double X, double Y) _cursor;
    private (int X, int Y, int Width, int Height) _beforeFullscreen;
    private bool _disposed;

    private protected GlfwWindow(GlfwApi glfw, nint window, bool verticalSync)
    {
        (_glfw, _window, _self) = (glfw, window, GCHandle.Alloc(this));
        glfw.MakeContextCurrent(window);
        glfw.SwapInterval(verticalSync ? 1 : 0);
        int width, height;
        glfw.GetFramebufferSize(window, &width, &height);
        FramebufferSize = new(height, width);
        glfw.SetWindowUserPointer(window, GCHandle.ToIntPtr(_self));
        glfw.SetFramebufferSizeCallback(window, (nint)(delegate* unmanaged<nint, int, int, void>)&OnFramebufferSize);
        glfw.SetKeyCallback(window, (nint)(delegate* unmanaged<nint, int, int, int, int, void>)&OnKey);
        glfw.SetCharCallback(window, (nint)(delegate* unmanaged<nint, uint, void>)&OnCharacter);
        glfw.SetCursorPosCallback(window, (nint)(delegate* unmanaged<nint, double, double, void>)&OnCursor);
        glfw.SetCursorEnterCallback(window, (nint)(delegate* unmanaged<nint, int, void>)&OnCursorEnter);
        glfw.SetMouseButtonCallback(window, (nint)(delegate* unmanaged<nint, int, int, int, void>)&OnMouseButton);
        glfw.SetScrollCallback(window, (nint)(delegate* unmanaged<nint, double, double, void>)&OnScroll);
        glfw.SetDropCallback(window, (nint)(delegate* unmanaged<nint, int, byte**, void>)&OnDrop);
    }

    /// <summary>The size of what is drawn has changed, in pixels; 0×0 while minimised on some systems.</summary>
    public event EventHandler<Size2d>? FramebufferResized;

    /// <summary>A key went down or repeats.</summary>
    public event EventHandler<KeyPress>? KeyPressed;

    /// <inheritdoc/>
    public event EventHandler<ConsoleKey>? KeyReleased;

    /// <summary>A character was typed, whatever keys that took.</summary>
    public event EventHandler<Rune>? CharacterTyped;

    /// <summary>The mouse moved, was pressed or turned its wheel over the window.</summary>
    public event EventHandler<PointerEvent>? PointerUsed;

    /// <summary>Files were dropped on the window: their paths.</summary>
    public event EventHandler<IReadOnlyList<string>>? FilesDropped;

    /// <summary>Size of what is drawn, in pixels; not that of the window where the monitor is dense.</summary>
    public Size2d FramebufferSize { get; private set; }

    /// <summary>How many times larger than usual things should be drawn on this monitor; 1 on an ordinary one.</summary>
    public float ContentScale
    {
        get
        {
            VerifyUsable();
            float x, y;
            _glfw.GetWindowContentScale(_window, &x, &y);
            return x;
        }
    }

    /// <summary>Whether the window fills the monitor that most of it is on; size and place of before come back with <c>false</c>.</summary>
    public bool IsFullscreen
    {
        get
        {
            VerifyUsable();
            return _glfw.GetWindowMonitor(_window) != 0;
        }

        set
        {
            if (value == IsFullscreen)
                return;
            if (value)
                FillMonitor();
            else
                _glfw.SetWindowMonitor(_window, 0, _beforeFullscreen.X, _beforeFullscreen.Y, _beforeFullscreen.Width, _beforeFullscreen.Height, GlfwApi.DontCare);
        }
    }

    /// <summary>Whether there is nothing to draw on, and a program had better wait.</summary>
    public bool IsMinimized
    {
        get
        {
            VerifyUsable();
            return FramebufferSize.Width == 0 || FramebufferSize.Height == 0 || _glfw.GetWindowAttrib(_window, GlfwApi.Iconified) != 0;
        }
    }

    /// <summary>Whether the user or <see cref="Close"/> asked to close the window.</summary>
    public bool IsClosing
    {
        get
        {
            VerifyUsable();
            return _glfw.WindowShouldClose(_window) != 0;
        }
    }

    /// <summary>GLFW's handle of the window.</summary>
    public nint Handle => _window;

    /// <summary>Handles what the user did since the last call, without waiting.</summary>
    public void PollEvents()
    {
        VerifyUsable();
        _glfw.PollEvents();
        Rethrow();
    }

    /// <summary>Waits until the user does something, at most for a while: for a minimised window, which has nothing to draw.</summary>
    /// <param name="timeout">Longest wait.</param>
    public void WaitEvents(TimeSpan timeout)
    {
        VerifyUsable();
        _glfw.WaitEventsTimeout(timeout.TotalSeconds);
        Rethrow();
    }

    /// <summary>Shows what was drawn. With vertical sync this waits for the monitor, not for the network.</summary>
    public void SwapBuffers()
    {
        VerifyUsable();
        _glfw.SwapBuffers(_window);
    }

    /// <summary>Makes the window's context current again, after another one was.</summary>
    public void MakeCurrent()
    {
        VerifyUsable();
        _glfw.MakeContextCurrent(_window);
    }

    /// <summary>Asks the window to close, as its close button does. Callable from any thread, while the host is not disposed.</summary>
    public void Close()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _glfw.SetWindowShouldClose(_window, 1);
        _glfw.PostEmptyEvent();
    }

    /// <summary>Changes the text in the title bar.</summary>
    public void SetTitle(string title)
    {
        VerifyUsable();
        fixed (byte* text = Encoding.UTF8.GetBytes(title + "\0"))
            _glfw.SetWindowTitle(_window, text);
    }

    /// <summary>Changes the size of the window, in screen coordinates; <see cref="FramebufferResized"/> follows.</summary>
    public void SetSize(Size2d size)
    {
        VerifyUsable();
        _glfw.SetWindowSize(_window, size.Width, size.Height);
    }

    /// <summary>Minimises the window.</summary>
    public void Minimize()
    {
        VerifyUsable();
        _glfw.IconifyWindow(_window);
    }

    /// <summary>Brings a minimised window back.</summary>
    public void Restore()
    {
        VerifyUsable();
        _glfw.RestoreWindow(_window);
    }

    /// <summary>Frees what lives in the context, then destroys the window.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        MakeCurrent();
        DisposeContext();
        Release();
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what lives in the context, which is current.</summary>
    private protected abstract void DisposeContext();

    /// <summary>GLFW, initialised, and a new window.</summary>
    /// <param name="window">How the window is made.</param>
    /// <param name="versions">The least version of its context, core profile on the desktop; the first that there is.</param>
    /// <param name="debug">Whether the context reports errors.</param>
    /// <exception cref="GlException">There is no GLFW, no display or no such context; the message says which and what to do.</exception>
    private protected static (GlfwApi Glfw, nint Window) Open(WindowOptions window, IReadOnlyList<GlVersion> versions, bool debug)
    {
        var glfw = GlfwApi.Instance ?? throw new GlException(
            "There is no GLFW library on this machine, which windows need. On Debian or Ubuntu: apt-get install libglfw3. Without a window, use EglHost.");
        lock (OpenLock)
        {
            nint callback = glfw.SetErrorCallback(0);
            try
            {
                if (glfw.Init() == 0)
                    throw new GlException($"No window can be opened: {glfw.LastError().Text}. {WithoutDisplay}");
                var refusals = new List<string>();
                foreach (var version in versions)
                {
                    nint handle = CreateWindow(glfw, window, version, debug);
                    if (handle != 0)
                        return (glfw, handle);
                    var (code, text) = glfw.LastError();
                    if (code is not (GlfwApi.VersionUnavailable or GlfwApi.ApiUnavailable))
                        throw new GlException($"No window can be opened: {text}.");
                    refusals.Add($"no OpenGL {version}{(version.IsEmbedded ? "" : " core")} context ({text})");
                }

                throw new GlException($"This display has {string.Join(" and ", refusals)}. Update the graphics driver; where there is none (macOS), use the CPU network.");
            }
            finally
            {
                glfw.SetErrorCallback(callback);
            }
        }
    }

    /// <summary>
    /// Whether windows on this display can have a core context of a version; false, too, where GLFW finds no display. For libraries
    /// that end the process when a version that is not there is asked for.
    /// </summary>
    /// <param name="version">The least version.</param>
    public static bool Offers(GlVersion version)
    {
        if (GlfwApi.Instance is null)
            return false;
        try
        {
            var (glfw, window) = Open(new WindowOptions { Size = new Size2d(16, 16), Visible = false }, [version], debug: false);
            glfw.DestroyWindow(window);
            return true;
        }
        catch (GlException)
        {
            return false;
        }
    }

    private protected void Release()
    {
        _glfw.MakeContextCurrent(0);
        _glfw.DestroyWindow(_window);
        _self.Free();
    }

    private protected void VerifyUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException(
                $"A window of thread {_thread} was used on thread {Environment.CurrentManagedThreadId}. Post the work to the window's thread.");
        }
    }

    private static string WithoutDisplay => OperatingSystem.IsLinux()
        ? "Set DISPLAY (or WAYLAND_DISPLAY) to a display, run under xvfb-run, or do without a window: EglHost in a program, --window none on a command line."
        : "Run on a desktop, or do without a window: EglHost in a program, --window none on a command line.";

    private static nint CreateWindow(GlfwApi glfw, WindowOptions window, GlVersion version, bool debug)
    {
        glfw.DefaultWindowHints();
        glfw.WindowHint(GlfwApi.ClientApi, version.IsEmbedded ? GlfwApi.OpenGLESApi : GlfwApi.OpenGLApi);
        glfw.WindowHint(GlfwApi.ContextVersionMajor, version.Major);
        glfw.WindowHint(GlfwApi.ContextVersionMinor, version.Minor);
        if (!version.IsEmbedded)
        {
            glfw.WindowHint(GlfwApi.OpenGLProfile, GlfwApi.OpenGLCoreProfile);

            // macOS makes core contexts on this condition only; nothing that is left out is used.
            glfw.WindowHint(GlfwApi.OpenGLForwardCompatible, 1);
        }

        glfw.WindowHint(GlfwApi.OpenGLDebugContext, debug ? 1 : 0);
        glfw.WindowHint(GlfwApi.ScaleToMonitor, 1);
        glfw.WindowHint(GlfwApi.DepthBits, 0);
        glfw.WindowHint(GlfwApi.StencilBits, 0);
        glfw.WindowHint(GlfwApi.Visible, window.Visible ? 1 : 0);
        nint handle;
        fixed (byte* title = Encoding.UTF8.GetBytes(window.Title + "\0"))
            handle = glfw.CreateWindow(window.Size.Width, window.Size.Height, title, 0, 0);

        // Or the program's next window would be made with ours.
        glfw.DefaultWindowHints();
        return handle;
    }

    [UnmanagedCallersOnly]
    private static void OnFramebufferSize(nint window, int width, int height)
    {
        var host = Of(window);
        host.FramebufferSize = new(height, width);
        host.Guard(() => host.FramebufferResized?.Invoke(host, host.FramebufferSize));
    }

    [UnmanagedCallersOnly]
    private static void OnKey(nint window, int key, int scanCode, int action, int modifiers)
    {
        if (GlfwKeys.From(key) is not { } named)
            return;
        var host = Of(window);
        host.Guard(() =>
        {
            if (action is GlfwApi.Press or GlfwApi.Repeat)
                host.KeyPressed?.Invoke(host, new KeyPress(named, GlfwKeys.Modifiers(modifiers), action == GlfwApi.Repeat));
            else
                host.KeyReleased?.Invoke(host, named);
        });
    }

    [UnmanagedCallersOnly]
    private static void OnCharacter(nint window, uint character)
    {
        if (Rune.IsValid(character))
            Of(window).Guard(() => Of(window).CharacterTyped?.Invoke(Of(window), new Rune(character)));
    }

    [UnmanagedCallersOnly]
    private static void OnCursor(nint window, double x, double y)
    {
        var host = Of(window);
        host._cursor = (x, y);
        host.Point(PointerAction.Moved);
    }

    [UnmanagedCallersOnly]
    private static void OnCursorEnter(nint window, int entered)
    {
        if (entered == 0)
            Of(window).Point(PointerAction.Left);
    }

    [UnmanagedCallersOnly]
    private static void OnMouseButton(nint window, int button, int action, int modifiers)
    {
        if (GlfwKeys.Button(button) is var named && named != PointerButton.None)
            Of(window).Point(action == GlfwApi.Press ? PointerAction.Pressed : PointerAction.Released, named);
    }

    [UnmanagedCallersOnly]
    private static void OnScroll(nint window, double x, double y) => Of(window).Point(PointerAction.Scrolled, wheel: (float)y);

    [UnmanagedCallersOnly]
    private static void OnDrop(nint window, int count, byte** paths)
    {
        string[] files = new string[count];
        for (int i = 0; i < count; i++)
            files[i] = Marshal.PtrToStringUTF8((nint)paths[i])!;
        Of(window).Guard(() => Of(window).FilesDropped?.Invoke(Of(window), files));
    }

    // Many a second: nothing is allocated, so no closure for Guard.
    private void Point(PointerAction action, PointerButton button = PointerButton.None, float wheel = 0)
    {
        try
        {
            int width, height;
            _glfw.GetWindowSize(_window, &width, &height);
            float scaleX = width > 0 ? (float)FramebufferSize.Width / width : 1, scaleY = height > 0 ? (float)FramebufferSize.Height / height : 1;
            PointerUsed?.Invoke(this, new PointerEvent(action, (float)_cursor.X * scaleX, (float)_cursor.Y * scaleY, button, wheel));
        }
        catch (Exception exception)
        {
            _thrown ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void FillMonitor()
    {
        int x, y, width, height, count;
        _glfw.GetWindowPos(_window, &x, &y);
        _glfw.GetWindowSize(_window, &width, &height);
        nint* monitors = (nint*)_glfw.GetMonitors(&count);
        nint best = 0;
        long largest = -1;
        (int Width, int Height, int Rate) mode = default;
        for (int i = 0; i < count; i++)
        {
            int left, top;
            _glfw.GetMonitorPos(monitors[i], &left, &top);
            // GLFWvidmode: width, height, three depths, rate.
            int* video = (int*)_glfw.GetVideoMode(monitors[i]);
            long overlap = (long)Math.Max(Math.Min(x + width, left + video[0]) - Math.Max(x, left), 0) * Math.Max(Math.Min(y + height, top + video[1]) - Math.Max(y, top), 0);
            if (overlap > largest)
                (largest, best, mode) = (overlap, monitors[i], (video[0], video[1], video[5]));
        }

        if (best == 0)
            return;
        _beforeFullscreen = (x, y, width, height);
        _glfw.SetWindowMonitor(_window, best, 0, 0, mode.Width, mode.Height, mode.Rate);
    }

    private static GlfwWindow Of(nint window) => (GlfwWindow)GCHandle.FromIntPtr(GlfwApi.Instance!.GetWindowUserPointer(window)).Target!;

    // An exception must not unwind through GLFW's own frames.
    private void Guard(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception exception)
        {
            _thrown ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Rethrow()
    {
        var thrown = _thrown;
        _thrown = null;
        thrown?.Throw();
    }
}
