using System.Runtime.ExceptionServices;
using System.Text;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using Silk.NET.Core.Contexts;
using Silk.NET.Input;
using Silk.NET.Maths;
using Silk.NET.Windowing;
using IWindowHost = RealtimeCnn.OpenGL.Hosts.IWindowHost;
using SilkOptions = Silk.NET.Windowing.WindowOptions;
using WindowOptions = RealtimeCnn.OpenGL.Hosts.WindowOptions;

namespace RealtimeCnn.Silk;

/// <summary>
/// A window with an OpenGL 4.3 core context, through Silk.NET.Windowing, with its keyboard through Silk.NET.Input: one of its own
/// (<see cref="Create(WindowOptions?, GlDeviceOptions?)"/>) or a program's (<see cref="Attach"/>). It belongs to the thread that
/// made it (the main thread on macOS).
/// </summary>
public sealed class SilkHost : IWindowHost
{
    private static readonly GlVersion Oldest = new(3, 3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private readonly bool _ownsWindow;
    private readonly IWindow _window;
    private readonly IGLContext _context;
    private readonly IInputContext? _ownInput;
    private readonly SilkKeyboard? _keyboard;
    private readonly SilkMouse? _mouse;
    private readonly ManualResetEventSlim _happened = new();
    private ExceptionDispatchInfo? _thrown;
    private bool _disposed;

    private SilkHost(IWindow window, bool ownsWindow, IInputContext? input, GlDeviceOptions? options)
    {
        (_window, _ownsWindow, _context) = (window, ownsWindow, SilkDevice.ContextOf(window));
        // In a window of our own nobody else listens to the driver's messages.
        Device = SilkDevice.Attach(_context, ownsWindow ? (options ?? new GlDeviceOptions()) with { DebugMessages = options?.DebugMessages ?? true } : options);
        FramebufferSize = ToSize(window.FramebufferSize);
        try
        {
            input ??= _ownInput = ownsWindow ? window.CreateInput() : null;
        }
        catch
        {
            Device.Dispose();
            throw;
        }

        if (input is not null)
        {
            _mouse = new SilkMouse(input, window, point => Guard(() => PointerUsed?.Invoke(this, point)));
            _keyboard = new SilkKeyboard(input, press => Guard(() => KeyPressed?.Invoke(this, press)), key => Guard(() => KeyReleased?.Invoke(this, key)), rune => Guard(() => CharacterTyped?.Invoke(this, rune)));
        }

        window.FileDrop += OnFileDrop;
        window.FramebufferResize += OnFramebufferResize;
    }

    /// <inheritdoc/>
    public event EventHandler<Size2d>? FramebufferResized;

    /// <inheritdoc/>
    public event EventHandler<KeyPress>? KeyPressed;

    /// <inheritdoc/>
    public event EventHandler<ConsoleKey>? KeyReleased;

    /// <inheritdoc/>
    public event EventHandler<Rune>? CharacterTyped;

    /// <inheritdoc/>
    public event EventHandler<PointerEvent>? PointerUsed;

    /// <inheritdoc/>
    public event EventHandler<IReadOnlyList<string>>? FilesDropped;

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
    public bool IsFullscreen
    {
        get
        {
            VerifyUsable();
            return _window.WindowState == WindowState.Fullscreen;
        }

        set
        {
            if (value != IsFullscreen)
                _window.WindowState = value ? WindowState.Fullscreen : WindowState.Normal;
        }
    }

    /// <inheritdoc/>
    public bool IsMinimized => FramebufferSize.Width == 0 || FramebufferSize.Height == 0;

    /// <inheritdoc/>
    // Silk.NET aborts the process when it is asked about a window that has no handle.
    public bool IsClosing => _disposed || _window.Handle == 0 || _window.IsClosing;

    /// <summary>Silk.NET's window, to use more of it. One that the host opened stays the host's: do not dispose, reset or run it.</summary>
    public IWindow Window => _window;

    /// <summary>Opens a window and attaches a device to its context.</summary>
    /// <param name="window">How the window is made; null for the defaults.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">Silk.NET finds no window library or no display, or there is no OpenGL for networks; the message says which.</exception>
    public static SilkHost Create(WindowOptions? window = null, GlDeviceOptions? options = null) =>
        Create(window ?? new WindowOptions(), options, VersionFor(options?.Api));

    /// <summary>
    /// Makes a host of a program's own window, which stays the program's: the host never closes, resets or disposes it. The host polls
    /// its events, so do not call the window's <c>Run</c> meanwhile; in a loop of Silk.NET's, use <see cref="SilkDevice"/> instead.
    /// Dispose the host before the window.
    /// </summary>
    /// <param name="window">The window, initialised, its context current on this thread.</param>
    /// <param name="input">The window's keyboards, which stay the program's; null for a host that tells of no keys.</param>
    /// <param name="options">Choices for the device.</param>
    /// <exception cref="GlException">The window is not initialised, or its context is not the current one or older than OpenGL 4.3 core.</exception>
    public static SilkHost Attach(IWindow window, IInputContext? input = null, GlDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(window);
        return new SilkHost(window, ownsWindow: false, input, options);
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

    /// <summary>Disposes the device while its context lives; then destroys the window, if the host opened it.</summary>
    /// <exception cref="InvalidOperationException">The program destroyed its window first, and with it the context that the device needs to clean up.</exception>
    public void Dispose()
    {
        if (_disposed)
            return;
        MakeCurrent();
        Device.Dispose();
        _disposed = true;
        _window.FramebufferResize -= OnFramebufferResize;
        _window.FileDrop -= OnFileDrop;
        _mouse?.Dispose();
        _keyboard?.Dispose();
        _ownInput?.Dispose();
        _happened.Dispose();
        if (!_ownsWindow)
            return;
        _window.Reset();
        _window.Dispose();
    }

    /// <summary>Opens a window, asking for no newer OpenGL than the display has: Silk.NET ends the process where it is not there.</summary>
    /// <param name="window">How the window is made.</param>
    /// <param name="options">Choices for the device.</param>
    /// <param name="version">
    /// What the display is known to have. Some drivers give exactly the version that is asked for (NVIDIA's), so that asking for less
    /// than networks need would not do where there is more; a context that is too old the device refuses in a sentence.
    /// </param>
    internal static SilkHost Create(WindowOptions window, GlDeviceOptions? options, GlVersion version)
    {
        IWindow? opened = null;
        try
        {
            opened = global::Silk.NET.Windowing.Window.Create(ToSilk(window, version, options?.DebugContext ?? false));
            opened.Initialize();
            var context = SilkDevice.ContextOf(opened);

            // Silk.NET would set this in its own render loop, which is not used here.
            context.MakeCurrent();
            context.SwapInterval(window.VerticalSync ? 1 : 0);
            return new SilkHost(opened, ownsWindow: true, input: null, options);
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

    private static GlVersion VersionFor(GlClientApi? api)
    {
        foreach (var version in GlVersion.Wanted(api))
        {
            if (GlfwWindow.Offers(version))
                return version;
        }

        return Oldest;
    }

    private static SilkOptions ToSilk(WindowOptions window, GlVersion version, bool debug)
    {
        // macOS makes core contexts on this condition only.
        var flags = OperatingSystem.IsMacOS() ? ContextFlags.ForwardCompatible : ContextFlags.Default;
        var silk = SilkOptions.Default;
        silk.Title = window.Title;
        silk.Size = new Vector2D<int>(window.Size.Width, window.Size.Height);
        silk.IsVisible = window.Visible;
        silk.ShouldSwapAutomatically = false;
        silk.PreferredDepthBufferBits = 0;
        silk.API = new GraphicsAPI(
            version.Api == GlClientApi.Embedded ? ContextAPI.OpenGLES : ContextAPI.OpenGL, ContextProfile.Core, debug ? flags | ContextFlags.Debug : flags, new APIVersion(version.Major, version.Minor));
        return silk;
    }

    private static Size2d ToSize(Vector2D<int> size) => new(size.Y, size.X);

    private void OnFramebufferResize(Vector2D<int> size)
    {
        FramebufferSize = ToSize(size);
        Guard(() => FramebufferResized?.Invoke(this, FramebufferSize));
    }

    private void OnFileDrop(string[] paths) => Guard(() => FilesDropped?.Invoke(this, paths));

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
        if (_window.Handle == 0)
            throw new InvalidOperationException("The Silk.NET window was destroyed under its host. Dispose the host first, before the window's Reset or Dispose.");
    }
}
