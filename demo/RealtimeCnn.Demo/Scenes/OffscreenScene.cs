using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>A scene that draws into memory, on the device that the user asked for or that is there.</summary>
internal sealed class OffscreenScene : IDisposable
{
    private readonly EglHost? _host;

    /// <param name="options">Where networks run, and what an OpenGL context is asked for.</param>
    /// <param name="stats">Gets the times of the stages.</param>
    /// <exception cref="OpenGL.GlException">The user asked for OpenGL, and there is none.</exception>
    public OffscreenScene(DemoOptions options, RunStats stats)
    {
        string? reason = null;
        if (options.Backend != "cpu")
            _host = DeviceHosts.TryOpen(() => EglHost.Create(options: options.Gl), host => host.Device.Info, mayFail: options.Backend == "auto", options.MayBeSoftware, out reason);
        Scene = _host is { } host ? new GpuScene(host.Device, stats, options.Backend) : new CpuScene(stats);
        Remark = reason is null ? null : $"{reason} Networks run on the CPU path.";
    }

    /// <summary>The scene.</summary>
    public Scene Scene { get; }

    /// <summary>Why networks run on the CPU where that was not asked for; null for nothing to say.</summary>
    public string? Remark { get; }

    public void Dispose()
    {
        Scene.Dispose();
        _host?.Dispose();
    }
}
