using Emgu.CV;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>What a device agreed to deliver.</summary>
/// <param name="Width">Pixels in a row; 0 where the backend does not tell.</param>
/// <param name="Height">Rows; 0 where the backend does not tell.</param>
/// <param name="FrameRate">Pictures per second; 0 where the backend does not tell.</param>
/// <param name="Backend">OpenCV's name of the interface that was used.</param>
public sealed record EmguFormat(int Width, int Height, double FrameRate, string Backend);

/// <summary>How a capture is come by, and what becomes of it.</summary>
/// <param name="Open">Gives the capture; runs on the session's thread.</param>
/// <param name="IsOwned">Whether the session disposes it. A program's capture is used as it is.</param>
/// <param name="Advice">What to check when it is not open.</param>
internal sealed record CaptureOpening(Func<VideoCapture> Open, bool IsOwned, string Advice);

/// <summary>
/// Pictures from a webcam, a file or a stream through Emgu.CV's <see cref="VideoCapture"/>. It is watched and opened
/// again as <see cref="FfmpegSource"/> is, and a driver that hangs never holds up the program: its thread is left behind.
/// Pixels come as <see cref="RealtimeCnn.Images.PixelFormat.Bgr"/>, or as gray or Bgra where OpenCV delivers those.
/// </summary>
public sealed class EmguSource : ReopeningSource
{
    private readonly CaptureOpening _opening;
    private volatile EmguSession? _session;

    private EmguSource(string name, bool isLive, CameraOptions? options, CaptureOpening opening)
        : base(name, isLive, options)
    {
        _opening = opening;
        if (Options.InputFormat is { } format)
            throw new ArgumentException(NoInputFormat(format), nameof(options));
    }

    /// <summary>What the device agreed to; null until it is open.</summary>
    public EmguFormat? Format => _session?.Format;

    /// <summary>A webcam.</summary>
    /// <param name="index">Its number in OpenCV's order, from 0.</param>
    /// <param name="options">Size, rate and patience; null for defaults.</param>
    /// <param name="api">Which of OpenCV's interfaces reads it.</param>
    /// <exception cref="ArgumentException">An option is out of range, or not one of Emgu.CV's.</exception>
    public static EmguSource Camera(int index, CameraOptions? options = null, VideoCapture.API api = VideoCapture.API.Any)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new EmguSource($"camera:{index}", isLive: true, options, new CaptureOpening(
            () => new VideoCapture(index, api), IsOwned: true, "check that it is there and that no other program uses it"));
    }

    /// <summary>A video file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Whether to loop; null for defaults.</param>
    /// <param name="api">Which of OpenCV's interfaces reads it.</param>
    /// <exception cref="CameraException">There is no such file.</exception>
    public static EmguSource File(string path, CameraOptions? options = null, VideoCapture.API api = VideoCapture.API.Any)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return System.IO.File.Exists(path)
            ? new EmguSource(path, isLive: false, options, new CaptureOpening(
                () => new VideoCapture(path, api), IsOwned: true, "it is damaged, or no video that OpenCV knows"))
            : throw new CameraException($"There is no file '{path}'.");
    }

    /// <summary>A network stream.</summary>
    /// <param name="url">The address.</param>
    /// <param name="options">Patience; null for defaults.</param>
    /// <param name="api">Which of OpenCV's interfaces reads it.</param>
    public static EmguSource Url(Uri url, CameraOptions? options = null, VideoCapture.API api = VideoCapture.API.Any)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new EmguSource(Redaction.Anonymous(url.OriginalString), isLive: true, options, new CaptureOpening(
            () => new VideoCapture(url.OriginalString, api), IsOwned: true, "check the address, and that its server answers"));
    }

    /// <summary>
    /// A program's own capture, used as it was opened and set up. It stays the program's: dispose the source first, then the
    /// capture, and do not use it in between. One that fails ends the source, which cannot open it again.
    /// </summary>
    /// <param name="capture">The capture, open.</param>
    /// <param name="isLive">Whether it is a camera or a stream, watched for silence, rather than a file, played in its own time.</param>
    /// <param name="name">What it is, for people.</param>
    /// <param name="options">Patience, and whether to loop; sizes and rates are the program's to ask for. Null for defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range, or asks something of the device.</exception>
    public static EmguSource Over(VideoCapture capture, bool isLive, string name = "capture", CameraOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(capture);
        if (options is { Width: not null } or { FrameRate: not null })
            throw new ArgumentException($"'{name}' is the program's own capture: set its size and rate there, not in the options of the source.", nameof(options));
        return new EmguSource(name, isLive, options, new CaptureOpening(() => capture, IsOwned: false, "it was handed over closed, or as something that does not exist"));
    }

    internal static string NoInputFormat(string format) => $"Emgu.CV cannot be asked for the input format '{format}'; use FFmpeg for that, or leave it out.";

    /// <inheritdoc/>
    protected override SessionEnd RunSession(FrameSink sink, CancellationToken cancellation)
    {
        var session = new EmguSession(Name, IsLive, _opening, Options, sink);
        _session = session;
        // Disposal may have come before there was a session to abandon.
        if (cancellation.IsCancellationRequested)
            session.Abandon("closed");
        var end = session.Run();

        // A second session must not touch what the thread of the first may still be in.
        return _opening.IsOwned || end.Reason is null || cancellation.IsCancellationRequested ? end : throw new CameraException(end.Reason);
    }

    /// <inheritdoc/>
    protected override void AbortSession(string reason) => _session?.Abandon(reason);
}
