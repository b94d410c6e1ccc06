using System.Reflection;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using Silk.NET.Core.Contexts;

namespace RealtimeCnn.Silk;

/// <summary>Lets <see cref="WindowHosts"/> open windows through Silk.NET.</summary>
public sealed class SilkBackend : IWindowBackend
{
    /// <inheritdoc/>
    public string Name => "silk";

    /// <inheritdoc/>
    public string Title => "Silk.NET";

    /// <inheritdoc/>
    // Whether its native library loads shows when a window is opened, and only then.
    public string? WhyUnavailable =>
        typeof(INativeContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == "RealtimeCnn.Stub")
            ? "is not built in (build with -p:UseSilkNet=true)"
            : null;

    /// <inheritdoc/>
    public IWindowHost Open(WindowOptions window, GlDeviceOptions? options) => SilkHost.Create(window, options);
}
