using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RealtimeCnn.OpenGL;

/// <summary>Choices made when a <see cref="GlDevice"/> is attached; the defaults suit nearly everyone.</summary>
public sealed record GlDeviceOptions
{
    /// <summary>How shaders read tensors; null lets a short measurement decide.</summary>
    public ReadPath? ReadPath { get; init; }

    /// <summary>Which OpenGL a host that makes its own context asks for; null for the desktop's, and where there is none OpenGL ES.</summary>
    public GlClientApi? Api { get; init; }

    /// <summary>
    /// Whether the device is taken for one that has no more than OpenGL 4.3 or OpenGL ES 3.1 guarantees: no newer version, no
    /// extension, the smallest limits. What the poorest device would do is so seen on any.
    /// </summary>
    public bool OnlyGuaranteed { get; init; }

    /// <summary>
    /// The kind of device whose kernels and tiles are taken; null for the kind that the driver's names say. Every kind computes right on
    /// every device; another than the device's own is slower, and for tests and comparisons.
    /// </summary>
    public ProfileKind? Profile { get; init; }

    /// <summary>
    /// The folder of what a later start can use again: compiled programs, and what was measured to choose backends and kernels. All of it
    /// may be deleted at any time. Null for the folder that the environment variable <c>RTCNN_CACHE</c> names, else <c>realtimecnn</c>
    /// in the user's folder for such files; empty for none.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Whether buffers stay mapped while the GPU uses them, where the driver can (OpenGL 4.4).</summary>
    public bool PersistentMapping { get; init; } = true;

    /// <summary>
    /// Whether the driver's KHR_debug messages arrive at <see cref="Logger"/>, for which debug output is switched on and made
    /// synchronous for the device's lifetime. Null, the default: in contexts that this library makes, not in a host's. A callback that
    /// the host has installed before is left alone, and then nothing arrives.
    /// </summary>
    public bool? DebugMessages { get; init; }

    /// <summary>Whether a host that makes its own context asks for a debug context: more messages, slower calls.</summary>
    public bool DebugContext { get; init; }

    /// <summary>
    /// Gets what the driver and the device have to say: which device this is, failed calls, slow paths, leaks, a lost context. Written to
    /// on the device's thread, often in the middle of a call of the driver's: what it throws then comes out of the next call on the device.
    /// </summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
