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
    public bool IsBuiltIn { get; } =
        typeof(INativeContext).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().All(metadata => metadata.Key != "RealtimeCnn.Stub");

    /// <inheritdoc/>
    // Whether its native library loads shows when a window is opened, and only then.
    public string? WhyUnavailable => IsBuiltIn ? null : "is not built in (build with -p:UseSilkNet=true)";

    /// <inheritdoc/>
    public IWindowHost Open(WindowOptions window, GlDeviceOptions? options) => SilkHost.Create(window, options);
}
