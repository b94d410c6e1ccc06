using Emgu.CV;

namespace RealtimeCnn.Camera.Emgu;

/// <summary>What a device agreed to deliver.</summary>
/// <param name="Width">Pixels in a row; 0 where the backend does not tell.</param>
/// <param name="Height">Rows; 0 where the backend does not tell.</param>
/// <param name="FrameRate">Pictures per second; 0 where the backend does not tell.</param>
/// <param name="Backend">OpenCV's name of the interface that was used.</param>
public sealed record EmguFormat(int Width, int Height, double FrameRate, string Backend);

/// <summary>
/// Pictures from a webcam, a file or a stream through Emgu.CV's <see cref="VideoCapture"/>. It is watched and opened
/// again as <see cref="FfmpegSource"/> is, and a driver that hangs never holds up the program: its thread is left behind.
/// Pixels come as <see cref="RealtimeCnn.Images.PixelFormat.Bgr"/>, or as gray or Bgra where OpenCV delivers those.
/// </summary>
public sealed class EmguSource : ReopeningSource
{
    private readonly Func<VideoCapture> _open;
    private volatile EmguSession? _session;

    private EmguSource(string name, bool isLive, CameraOptions? options, Func<VideoCapture> open)
        : base(name, isLive, options)
    {
        _open = open;
        if (Options.InputFormat is { } format)
            throw new ArgumentException($"Emgu.CV cannot be asked for the input format '{format}'; use FFmpeg for that, or leave it out.", nameof(options));
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
        return new EmguSource($"camera:{index}", isLive: true, options, () => new VideoCapture(index, api));
    }

    /// <summary>A video file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Patience; null for defaults.</param>
    /// <param name="api">Which of OpenCV's interfaces reads it.</param>
    /// <exception cref="CameraException">There is no such file.</exception>
    public static EmguSource File(string path, CameraOptions? options = null, VideoCapture.API api = VideoCapture.API.Any)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return System.IO.File.Exists(path)
            ? new EmguSource(path, isLive: false, options, () => new VideoCapture(path, api))
            : throw new CameraException($"There is no file '{path}'.");
    }

    /// <summary>A network stream.</summary>
    /// <param name="url">The address.</param>
    /// <param name="options">Patience; null for defaults.</param>
    /// <param name="api">Which of OpenCV's interfaces reads it.</param>
    public static EmguSource Url(Uri url, CameraOptions? options = null, VideoCapture.API api = VideoCapture.API.Any)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new EmguSource(url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.Unescaped), isLive: true, options, () => new VideoCapture(url.OriginalString, api));
    }

    /// <inheritdoc/>
    protected override SessionEnd RunSession(FrameSink sink, CancellationToken cancellation)
    {
        var session = new EmguSession(Name, IsLive, _open, Options, sink);
        _session = session;
        // Disposal may have come before there was a session to abandon.
        if (cancellation.IsCancellationRequested)
            session.Abandon("closed");
        return session.Run();
    }

    /// <inheritdoc/>
    protected override void AbortSession(string reason) => _session?.Abandon(reason);
}
