using Silk.NET.Core.Contexts;
using Silk.NET.Maths;

namespace Silk.NET.Windowing;

public enum ContextAPI
{
    None = 0,
    OpenGL,
    OpenGLES,
    Vulkan,
}

public enum ContextProfile
{
    Core = 0,
    Compatability,
}

[Flags]
public enum ContextFlags
{
    Default = 0,
    Debug = 1,
    ForwardCompatible = 2,
}

public struct APIVersion(int majorVersion, int minorVersion)
{
    public int MajorVersion { get; set; } = majorVersion;

    public int MinorVersion { get; set; } = minorVersion;
}

public struct GraphicsAPI(ContextAPI api, ContextProfile profile, ContextFlags flags, APIVersion apiVersion)
{
    public ContextAPI API { get; set; } = api;

    public ContextProfile Profile { get; set; } = profile;

    public ContextFlags Flags { get; set; } = flags;

    public APIVersion Version { get; set; } = apiVersion;
}

public struct WindowOptions
{
    public static WindowOptions Default => new() { IsVisible = true, ShouldSwapAutomatically = true, Size = new Vector2D<int>(1280, 720), Title = "Silk.NET Window", VSync = true };

    public bool IsVisible { get; set; }

    public bool ShouldSwapAutomatically { get; set; }

    public Vector2D<int> Size { get; set; }

    public double FramesPerSecond { get; set; }

    public double UpdatesPerSecond { get; set; }

    public GraphicsAPI API { get; set; }

    public bool VSync { get; set; }

    public string Title { get; set; }

    public int? PreferredDepthBufferBits { get; set; }
}

public enum WindowState
{
    Normal = 0,
    Minimized,
    Maximized,
    Fullscreen,
}

public enum WindowBorder
{
    Resizable = 0,
    Fixed,
    Hidden,
}

/// <summary>Has the name of another interface than ours: who imports this namespace must say which one is meant.</summary>
public interface IWindowHost
{
    IWindow CreateWindow(WindowOptions opts);
}

public interface IViewProperties
{
    bool ShouldSwapAutomatically { get; }

    bool IsEventDriven { get; set; }

    Vector2D<int> Size { get; }

    double FramesPerSecond { get; set; }

    double UpdatesPerSecond { get; set; }

    GraphicsAPI API { get; }

    bool VSync { get; set; }

    int? PreferredDepthBufferBits { get; }
}

public interface IWindowProperties : IViewProperties
{
    bool IsVisible { get; set; }

    Vector2D<int> Position { get; set; }

    new Vector2D<int> Size { get; set; }

    string Title { get; set; }

    WindowState WindowState { get; set; }

    WindowBorder WindowBorder { get; set; }
}

public interface IView : IViewProperties, IGLContextSource, IDisposable
{
    event Action? Load;

    event Action? Closing;

    event Action<double>? Update;

    event Action<double>? Render;

    event Action<Vector2D<int>>? Resize;

    event Action<Vector2D<int>>? FramebufferResize;

    nint Handle { get; }

    bool IsClosing { get; }

    Vector2D<int> FramebufferSize { get; }

    void Initialize();

    void DoEvents();

    void DoUpdate();

    void DoRender();

    void Reset();

    void Close();

    void Run(Action onFrame);
}

public interface IWindow : IWindowProperties, IView, IWindowHost
{
    event Action<string[]>? FileDrop;

    new bool IsClosing { get; set; }
}

public static class Window
{
    public static IWindow Create(WindowOptions options) => StubWindow.Factory(options);
}

public static class WindowExtensions
{
    public static void Run(this IView view)
    {
        view.Initialize();
        view.Run(() =>
        {
            view.DoEvents();
            if (!view.IsClosing)
            {
                view.DoUpdate();
                view.DoRender();
            }
        });
        view.DoEvents();
        view.Reset();
    }

    public static void SwapBuffers(this IView view) => view.GLContext?.SwapBuffers();

    public static void MakeCurrent(this IView view) => view.GLContext?.MakeCurrent();
}

/// <summary>Has the name of the base library's.</summary>
public static class Monitor;
