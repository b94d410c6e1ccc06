using System.Numerics;
using Silk.NET.Core.Contexts;
using Silk.NET.Input;
using Silk.NET.Maths;
using Silk.NET.Windowing;

namespace Silk.NET;

/// <summary>A context whose entry points a test provides; not part of the real library.</summary>
public sealed class StubContext : IGLContext
{
    public required Func<string, nint> Loader { get; init; }

    public Action OnMakeCurrent { get; init; } = () => { };

    public IGLContextSource? Source { get; set; }

    public bool IsCurrent { get; set; } = true;

    public int Swaps { get; private set; }

    public int? Interval { get; private set; }

    public bool Disposed { get; private set; }

    public nint Handle => 1;

    public nint GetProcAddress(string proc, int? slot = default) =>
        TryGetProcAddress(proc, out nint address) ? address : throw new EntryPointNotFoundException(proc);

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = default) => (addr = Loader(proc)) != 0;

    public void SwapInterval(int interval) => Interval = interval;

    public void SwapBuffers() => Swaps++;

    public void MakeCurrent() => OnMakeCurrent();

    public void Clear()
    {
    }

    public void Dispose() => Disposed = true;
}

/// <summary>A window without a display, driven by a test. What aborts the process in the real library throws here.</summary>
public sealed class StubWindow(WindowOptions options, StubContext context) : IWindow
{
    /// <summary>The newest OpenGL that windows can have here.</summary>
    public APIVersion Newest { get; init; } = new(4, 6);

    private readonly Queue<Action> _events = new();
    private Vector2D<int> _framebuffer = options.Size;
    private Vector2D<int> _size = options.Size;
    private bool _closing;

    /// <summary>What <see cref="Window.Create"/> does.</summary>
    public static Func<WindowOptions, IWindow> Factory { get; set; } = _ => throw new PlatformNotSupportedException("This build has Silk.NET's signatures only; build with -p:UseSilkNet=true.");

    public event Action? Load;

    public event Action? Closing;

    public event Action<double>? Update;

    public event Action<double>? Render;

    public event Action<Vector2D<int>>? Resize;

    public event Action<Vector2D<int>>? FramebufferResize;

    public event Action<string[]>? FileDrop;

    public WindowOptions Options => options;

    public StubContext Context => context;

    public StubKeyboard Keyboard { get; } = new();

    public StubMouse Mouse { get; } = new();

    /// <summary>Contexts of input that were made for the window.</summary>
    public int InputsMade { get; internal set; }

    public bool WasReset { get; private set; }

    public bool ShouldSwapAutomatically => options.ShouldSwapAutomatically;

    public bool IsEventDriven { get; set; }

    public double FramesPerSecond { get; set; }

    public double UpdatesPerSecond { get; set; }

    public GraphicsAPI API => options.API;

    public bool VSync { get; set; } = options.VSync;

    public int? PreferredDepthBufferBits => options.PreferredDepthBufferBits;

    public bool IsVisible { get; set; } = options.IsVisible;

    public WindowState WindowState { get; set; }

    public WindowBorder WindowBorder { get; set; }

    public nint Handle { get; private set; }

    public bool Disposed { get; private set; }

    public IGLContext? GLContext => Handle == 0 ? null : context;

    public Vector2D<int> FramebufferSize => Alive(_framebuffer);

    public Vector2D<int> Size
    {
        get => Handle == 0 ? default : _size;
        set => Enlarge(value, value);
    }

    public Vector2D<int> Position { get; set; }

    public string Title { get; set; } = options.Title;

    public bool IsClosing
    {
        get => Alive(_closing);
        set => _closing = value;
    }

    /// <summary>Drops files on the window.</summary>
    public void Drop(params string[] paths) => FileDrop?.Invoke(paths);

    /// <summary>Whether anybody listens for files.</summary>
    public bool IsDropHeard => FileDrop is not null;

    /// <summary>Has <paramref name="happening"/> happen inside the next <see cref="DoEvents"/>, as the window system would.</summary>
    public void Post(Action happening) => _events.Enqueue(happening);

    public void Enlarge(Vector2D<int> size, Vector2D<int> framebuffer) => Post(() =>
    {
        (_size, _framebuffer) = (size, framebuffer);
        Resize?.Invoke(size);
        FramebufferResize?.Invoke(framebuffer);
    });

    public void Initialize()
    {
        var asked = options.API.Version;
        if ((asked.MajorVersion, asked.MinorVersion).CompareTo((Newest.MajorVersion, Newest.MinorVersion)) > 0)
            throw new AbortedException($"OpenGL {asked.MajorVersion}.{asked.MinorVersion} was asked for, which is not there.");
        Handle = 1;
        Load?.Invoke();
    }

    public void DoEvents()
    {
        Alive(true);
        while (_events.TryDequeue(out var happening))
            happening();
    }

    public void DoUpdate() => Update?.Invoke(0);

    public void DoRender() => Render?.Invoke(0);

    public void Reset()
    {
        WasReset = true;
        Handle = 0;
    }

    public IWindow CreateWindow(WindowOptions opts) => StubWindow.Factory(opts);

    public void Close()
    {
        Alive(true);
        _closing = true;
        Closing?.Invoke();
    }

    public void Run(Action onFrame)
    {
        while (!IsClosing)
            onFrame();
    }

    public void Dispose()
    {
        Handle = 0;
        Disposed = true;
    }

    private T Alive<T>(T value) => Handle != 0 ? value : throw new AbortedException("The window has no handle.");
}

/// <summary>A keyboard on which a test types.</summary>
public sealed class StubKeyboard : IKeyboard
{
    private readonly HashSet<Key> _held = [];

    public event Action<IKeyboard, Key, int>? KeyDown;

    public event Action<IKeyboard, Key, int>? KeyUp;

    public event Action<IKeyboard, char>? KeyChar;

    public string Name => "stub";

    public int Index => 0;

    public bool IsConnected => true;

    public void Press(Key key)
    {
        _held.Add(key);
        KeyDown?.Invoke(this, key, 0);
    }

    public void Release(Key key)
    {
        _held.Remove(key);
        KeyUp?.Invoke(this, key, 0);
    }

    /// <summary>Whether anybody listens.</summary>
    public bool IsHeard => KeyDown is not null || KeyUp is not null || KeyChar is not null;

    public void Type(char character) => KeyChar?.Invoke(this, character);

    public bool IsKeyPressed(Key key) => _held.Contains(key);
}

/// <summary>A mouse that a test moves.</summary>
public sealed class StubMouse : IMouse
{
    public event Action<IMouse, MouseButton>? MouseDown;

    public event Action<IMouse, MouseButton>? MouseUp;

    public event Action<IMouse, Vector2>? MouseMove;

    public event Action<IMouse, ScrollWheel>? Scroll;

    public string Name => "stub";

    public int Index => 0;

    public bool IsConnected => true;

    public Vector2 Position { get; set; }

    /// <summary>Whether anybody listens.</summary>
    public bool IsHeard => MouseDown is not null || MouseUp is not null || MouseMove is not null || Scroll is not null;

    public void Move(float x, float y)
    {
        Position = new Vector2(x, y);
        MouseMove?.Invoke(this, Position);
    }

    public void Press(MouseButton button) => MouseDown?.Invoke(this, button);

    public void Release(MouseButton button) => MouseUp?.Invoke(this, button);

    public void Turn(float steps) => Scroll?.Invoke(this, new ScrollWheel(0, steps));
}

/// <summary>One keyboard and one mouse.</summary>
public sealed class StubInput(StubKeyboard keyboard, StubMouse mouse) : IInputContext
{
    public bool Disposed { get; private set; }

    public IReadOnlyList<IKeyboard> Keyboards => [keyboard];

    public IReadOnlyList<IMouse> Mice => [mouse];

    public void Dispose() => Disposed = true;
}

/// <summary>Where the real library ends the process, uncatchably.</summary>
public sealed class AbortedException(string message) : Exception(message);
