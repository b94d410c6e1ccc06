using RealtimeCnn.OpenGL;

namespace RealtimeCnn.SelfTests;

/// <summary>How a driver did in <see cref="SelfTest"/>.</summary>
/// <param name="Device">The device, its driver, and the way in which shaders read tensors.</param>
/// <param name="Limits">What the driver allows.</param>
/// <param name="Checks">Every check, in order.</param>
public sealed record SelfTestReport(GlDeviceInfo Device, GlLimits Limits, IReadOnlyList<KernelCheck> Checks)
{
    /// <summary>What kernels and tiles were chosen by.</summary>
    public required DeviceProfile Profile { get; init; }

    /// <summary>The driver's extensions.</summary>
    public required IReadOnlyCollection<string> Extensions { get; init; }

    /// <summary>Whether every check passed.</summary>
    public bool Passed => Checks.All(check => check.Passed);
}
