using System.Globalization;
using System.Reflection;
using Emgu.CV;
using Emgu.CV.CvEnum;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>Lets <see cref="FrameSources"/> read cameras, videos and streams through Emgu.CV, where its native library loads.</summary>
public sealed class EmguBackend : ICameraBackend
{
    private static readonly Lazy<string?> Unavailable = new(Probe);

    /// <inheritdoc/>
    public string Name => "emgu";

    /// <inheritdoc/>
    public string Title => "Emgu.CV";

    /// <inheritdoc/>
    public bool IsBuiltIn { get; } =
        typeof(VideoCapture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().All(metadata => metadata.Key != "RealtimeCnn.Stub");

    /// <inheritdoc/>
    public string? WhyUnavailable => IsBuiltIn ? Unavailable.Value : "is not built in (build with -p:UseEmguCv=true)";

    /// <inheritdoc/>
    public IFrameSource Open(string source, CameraOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        const string Camera = "camera:", LinuxNode = "/dev/video";
        if (options?.InputFormat is { } format)
            throw new CameraException(EmguSource.NoInputFormat(format));
        if (!source.StartsWith(Camera, StringComparison.Ordinal))
        {
            return source.Contains("://", StringComparison.Ordinal)
                ? EmguSource.Url(Uri.TryCreate(source, UriKind.Absolute, out var url) ? url : throw new CameraException($"'{Redaction.Anonymous(source)}' is not a valid address."), options)
                : EmguSource.File(source, options);
        }

        string camera = source[Camera.Length..];
        string number = camera.StartsWith(LinuxNode, StringComparison.Ordinal) ? camera[LinuxNode.Length..] : camera;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? EmguSource.Camera(index, options)
            : throw new CameraException($"Emgu.CV opens cameras by number, not by name: '{camera}'. Write camera:0, or choose FFmpeg.");
    }

    // Loads the native library and makes an object in it.
    private static string? Probe()
    {
        try
        {
            OpenCvLog.Quiet();
            using var errors = ErrorRedirection.Hold();
            using var pixel = new Mat(1, 1, DepthType.Cv8U, 1);
            return pixel.IsEmpty ? "does not work on this machine (its native library makes no picture)" : null;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException or FileNotFoundException)
        {
            return $"does not load its native library on this machine ({(error.InnerException ?? error).Message.Split('\n')[0].TrimEnd('.', '\r')})";
        }
    }
}
