using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.App;

/// <summary>Where an app draws: a window or memory, by a device or by the CPU.</summary>
internal abstract class AppScreen : IDisposable
{
    /// <summary>The device that draws; null where the CPU does.</summary>
    public virtual GlDevice? Device => null;

    /// <summary>Why it is not a device, where one was as welcome; one sentence.</summary>
    public string? ReasonForCpu { get; private set; }

    /// <summary>Whether the user wants to close it.</summary>
    public virtual bool IsClosing => false;

    /// <summary>Opens what the options ask for; with the backend left open, a real GPU before the CPU.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="GlException">There is no display, or the GPU was asked for and is not there.</exception>
    public static AppScreen Open(CameraAppOptions options)
    {
        if (options is { Window: false, Host: not null })
            throw new ArgumentException($"{nameof(CameraAppOptions.Host)} is a window to show in, and {nameof(CameraAppOptions.Window)} says that there is none; give one of the two.", nameof(options));
        if (options.Backend is not ("auto" or "cpu" or "gpu"))
            throw new ArgumentException($"'{options.Backend}' is no backend; there are auto, cpu and gpu.", nameof(options));
        if (options.Host is { } host)
            return new WindowScreen(host, isOwn: false);
        string? reason = null;
        AppScreen? screen = options.Backend == "cpu" ? null
            : DeviceHosts.TryOpen(() => OnDevice(options), screen => screen.Device!.Info, mayFail: options.Backend == "auto", mayBeSoftware: options.Backend == "gpu", out reason);
        return screen ?? OnCpu(options, reason);
    }

    /// <summary>Makes its context the current one of this thread.</summary>
    public virtual void MakeCurrent()
    {
    }

    /// <summary>Draws what is new, and listens to the user.</summary>
    /// <returns>False when there was nothing to do or to wait for.</returns>
    public abstract bool TakeTurn(CameraNetwork network, Action<Canvas, Area, LiveResult> overlay);

    /// <summary>The picture that was drawn last.</summary>
    /// <exception cref="InvalidOperationException">It is in a window.</exception>
    public virtual (byte[] Pixels, FrameFormat Format) Read() =>
        throw new InvalidOperationException($"The picture is in the window; open the app with {nameof(CameraAppOptions)}.{nameof(CameraAppOptions.Window)} off to read it.");

    public abstract void Dispose();

    private static AppScreen OnDevice(CameraAppOptions options)
    {
        var device = options.Gl with { Logger = options.Logger };
        return options.Window
            ? new WindowScreen(GlfwHost.Create(new WindowOptions { Title = options.Title, Size = options.Size }, device), isOwn: true)
            : new OffscreenScreen(EglHost.Create(options: device), options.Size);
    }

    private static AppScreen OnCpu(CameraAppOptions options, string? reason)
    {
        AppScreen screen = options.Window
            ? new PictureScreen(PictureWindow.Create(new WindowOptions { Title = options.Title, Size = options.Size }))
            : new MemoryScreen(options.Size);
        screen.ReasonForCpu = reason;
        return screen;
    }
}
