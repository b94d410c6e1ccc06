using RealtimeCnn.Camera;
using RealtimeCnn.OpenGL.Hosts;
#if EMGU_CV
using RealtimeCnn.Camera.Emgu;
#endif
#if SILK_NET
using RealtimeCnn.Silk;
#endif

namespace RealtimeCnn.Demo;

/// <summary>The adapters that this build has (see eng/Adapters.props), best first.</summary>
internal static class Adapters
{
    /// <summary>Ways to read cameras, beside FFmpeg.</summary>
    public static IReadOnlyList<ICameraBackend> Cameras { get; } =
    [
#if EMGU_CV
        new EmguBackend(),
#endif
    ];

    /// <summary>Ways to open windows, beside GLFW.</summary>
    public static IReadOnlyList<IWindowBackend> Windows { get; } =
    [
#if SILK_NET
        new SilkBackend(),
#endif
    ];
}
