using System.Runtime.ExceptionServices;
using System.Text;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using Silk.NET.Core.Contexts;
using Silk.NET.Input;
using Silk.NET.Maths;
using Silk.NET.Windowing;
using SilkOptions = Silk.NET.Windowing.WindowOptions;
using WindowOptions = RealtimeCnn.OpenGL.Hosts.WindowOptions;

namespace RealtimeCnn.Silk;

/// <summary>
/// A window with an OpenGL 4.3 core context, through Silk.NET.Windowing, with its keyboard through Silk.NET.Input. It
/// belongs to the thread that made it (the main thread on macOS).
/// </summary>
public sealed class SilkHost : IWindowHost
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private readonly IWindow _window;
    private readonly IGLContext _context;
    private readonly IInputContext _input;
    private readonly HashSet<Key> _held = [];
    private readonly ManualResetEventSlim _happened = new();
    private ExceptionDispatchInfo? _thrown;
    private char? _highSurrogate;
    private bool _disposed;

    private SilkHost(IWindow window, IGLContext context, GlDeviceOptions? options)
    {
        (_window, _context) = (window, context);
        Device = SilkDevice.Attach(context, options);
        FramebufferSize = ToSize(window.FramebufferSize);
        window.FramebufferResize += OnFramebufferResize;
        try
        {
            _input = window.CreateInput();
        }
        catch
        {
            Device.Dispose();
            throw;
        }

        foreach (var keyboard in _input.Keyboards)
        {
            keyboard.KeyDown += OnKeyDown;
            keyboard.KeyUp += OnKeyUp;
            keyboard.KeyChar += OnCharacter;
        }
    }

    /// <inheritdoc/>
    public event Action<Size2d>? FramebufferResized;

    /// <inheritdoc/>
    public event Action<KeyPress>? KeyPressed;

    /// <inheritdoc/>
    public event Action<Rune>? CharacterTyped;

    /// <inheritdoc/>
    public GlDevice Device { get; }

    /// <inheritdoc/>
    public Size2d FramebufferSize { get; private set; }

    /// <inheritdoc/>
    public float ContentScale
    {
        get
        {
            VerifyUsable();
            int width = _window.Size.X;
            return width > 0 && FramebufferSize.Width > 0 ? (float)FramebufferSize.Width / width : 1;
        }
    }

    /// <inheritdoc/>
    public bool IsMinimized => FramebufferSize.Width == 0 || FramebufferSize.Height == 0;

    /// <inheritdoc/>
    // Silk.NET aborts the process when it is asked about a window that has no handle.
    public bool IsClosing => _disposed || _window.Handle == 0 || _window.IsClosing;

    /// <summary>Silk.NET's window, to use more of it. It stays the host's: do not dispose, reset or run it.</summary>
    public IWindow Window => _window;

    /// <summary>Opens a window and attaches a device to its context.</summary>
    /// <param name="window">How the window is made; null for the defaults.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">Silk.NET finds no window library or no display, or there is no OpenGL 4.3; the message says which.</exception>
    public static SilkHost Create(WindowOptions? window = null, GlDeviceOptions? options = null)
    {
        window ??= new WindowOptions();
        IWindow? opened = null;
        try
        {
            opened = global::Silk.NET.Windowing.Window.Create(ToSilk(window, options?.DebugContext ?? false));
            opened.Initialize();
            var context = opened.GLContext ?? throw new GlException("Silk.NET opened a window without an OpenGL context.");
            // Silk.NET would set this in its own render loop, which is not used here.
            context.MakeCurrent();
            context.SwapInterval(window.VerticalSync ? 1 : 0);
            return new SilkHost(opened, context, options);
        }
#pragma warning disable CA1031 // Each window backend of Silk.NET has exceptions of its own; all mean that there is no window.
        catch (Exception error)
#pragma warning restore CA1031
        {
            opened?.Dispose();
            throw error as GlException
                ?? new GlException($"Silk.NET opens no window here: {error.Message.TrimEnd('.')}. Is there a display, and is Silk.NET's native GLFW there?", error);
        }
    }

    /// <inheritdoc/>
    public void PollEvents()
    {
        VerifyUsable();
        _window.DoEvents();
        Rethrow();
    }

    /// <inheritdoc/>
    public void WaitEvents(TimeSpan timeout)
    {
        // Silk.NET has no wait with a time limit, so this looks a hundred times a second.
        VerifyUsable();
        _happened.Reset();
        for (var left = timeout; left > TimeSpan.Zero && !IsClosing; left -= PollInterval)
        {
            PollEvents();
            if (_happened.Wait(left < PollInterval ? left : PollInterval))
                return;
        }
    }

    /// <inheritdoc/>
    public void SwapBuffers()
    {
        VerifyUsable();
        _context.SwapBuffers();
    }

    /// <inheritdoc/>
    public void MakeCurrent()
    {
        VerifyUsable();
        _context.MakeCurrent();
    }

    /// <inheritdoc/>
    public void Close()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_window.Handle != 0)
            _window.Close();
        _happened.Set();
    }

    /// <inheritdoc/>
    public void SetTitle(string title)
    {
        VerifyUsable();
        _window.Title = title;
    }

    /// <summary>Disposes the device while its context lives, then destroys the window.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        MakeCurrent();
        Device.Dispose();
        _disposed = true;
        _input.Dispose();
        _window.Reset();
        _window.Dispose();
        _happened.Dispose();
    }

    private static SilkOptions ToSilk(WindowOptions window, bool debug)
    {
        var silk = SilkOptions.Default;
        silk.Title = window.Title;
        silk.Size = new Vector2D<int>(window.Size.Width, window.Size.Height);
        silk.IsVisible = window.Visible;
        silk.ShouldSwapAutomatically = false;
        silk.PreferredDepthBufferBits = 0;
        // Asking for a version that is not there may abort the process; 4.3 is what the networks need.
        silk.API = new GraphicsAPI(ContextAPI.OpenGL, ContextProfile.Core, debug ? ContextFlags.Debug : ContextFlags.Default, new APIVersion(4, 3));
        return silk;
    }

    private static Size2d ToSize(Vector2D<int> size) => new(size.Y, size.X);

    private static ConsoleModifiers Modifiers(IKeyboard keyboard)
    {
        ConsoleModifiers Held(ConsoleModifiers modifier, Key left, Key right) => keyboard.IsKeyPressed(left) || keyboard.IsKeyPressed(right) ? modifier : 0;
        return Held(ConsoleModifiers.Shift, Key.ShiftLeft, Key.ShiftRight)
            | Held(ConsoleModifiers.Control, Key.ControlLeft, Key.ControlRight)
            | Held(ConsoleModifiers.Alt, Key.AltLeft, Key.AltRight);
    }

    private void OnFramebufferResize(Vector2D<int> size)
    {
        FramebufferSize = ToSize(size);
        Guard(() => FramebufferResized?.Invoke(FramebufferSize));
    }

    // Silk.NET's keys have GLFW's numbers.
    private void OnKeyDown(IKeyboard keyboard, Key key, int scanCode)
    {
        bool repeats = !_held.Add(key);
        if (GlfwKeys.From((int)key) is { } named)
            Guard(() => KeyPressed?.Invoke(new KeyPress(named, Modifiers(keyboard), repeats)));
    }

    private void OnKeyUp(IKeyboard keyboard, Key key, int scanCode) => _held.Remove(key);

    // Characters beyond the first plane come as two.
    private void OnCharacter(IKeyboard keyboard, char character)
    {
        if (char.IsHighSurrogate(character))
        {
            _highSurrogate = character;
            return;
        }

        var rune = default(Rune);
        bool whole = _highSurrogate is { } high ? Rune.TryCreate(high, character, out rune) : Rune.TryCreate(character, out rune);
        _highSurrogate = null;
        if (whole)
            Guard(() => CharacterTyped?.Invoke(rune));
    }

    // An exception must not unwind through the window system's own frames.
    private void Guard(Action handler)
    {
        _happened.Set();
        try
        {
            handler();
        }
#pragma warning disable CA1031 // Kept, and rethrown by PollEvents.
        catch (Exception exception)
#pragma warning restore CA1031
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

    private void VerifyUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Device.VerifyThread();
    }
}
