using RealtimeCnn.Camera.Ffmpeg;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Pictures from a webcam, a video file or a network stream, decoded by FFmpeg in a child process: a driver that hangs
/// or crashes takes only that process with it. A live source that falls silent is stalled, then lost, and is opened
/// again until disposal. Sizes may change at any picture. Pixels come as the source has them where a
/// <see cref="PixelFormat"/> fits, most often <see cref="PixelFormat.Nv12"/>.
/// </summary>
/// <remarks>
/// A file plays in its own time with <see cref="FrameDelivery.Latest"/>, and as fast as it is taken with
/// <see cref="FrameDelivery.Every"/>; either way its timestamps keep the file's spacing. A chroma format cannot have odd
/// sides, so a video of odd size loses its last row or column.
/// </remarks>
public sealed class FfmpegSource : ReopeningSource
{
    private readonly InputKind _kind;
    private readonly Func<FfmpegTool, FrameDelivery, string[]> _input;
    private readonly Redaction? _redaction;
    private readonly PixelLimit _limit;
    private readonly Lock _sessionLock = new();
    private FfmpegSession? _session;
    private InputTiming _timing;

    private FfmpegSource(string name, InputKind kind, bool live, Func<FfmpegTool, FrameDelivery, string[]> input, CameraOptions? options, Redaction? redaction = null)
        : base(name, live, options) => (_kind, _input, _redaction, _limit) = (kind, input, redaction, new PixelLimit(name, Options.MaxPixels));

    /// <summary>The child process now, or null between two; for diagnosis.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_sessionLock)
                return _session?.ProcessId;
        }
    }

    /// <summary>How long the video says that it is; null for a live source, for one that does not say, and before its first picture. From any thread.</summary>
    public TimeSpan? Duration
    {
        get
        {
            lock (_sessionLock)
                return _timing.Duration;
        }
    }

    /// <summary>Pictures per second, as the video says; null where <see cref="Duration"/> may be. From any thread.</summary>
    public double? FrameRate
    {
        get
        {
            lock (_sessionLock)
                return _timing.Rate;
        }
    }

    /// <summary>A video file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Whether to loop; null for defaults.</param>
    /// <exception cref="CameraException">There is no such file.</exception>
    public static FfmpegSource File(string path, CameraOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!System.IO.File.Exists(path))
            throw new CameraException($"There is no file '{path}'. Give the path of a video, or of a picture or folder of pictures.");
        options ??= new CameraOptions();
        return new FfmpegSource(path, InputKind.File, live: false, (_, delivery) => FfmpegArguments.File(Path.GetFullPath(path), options.LoopsWith(delivery), options.MaxPixels), options);
    }

    /// <summary>A network stream: http, https, rtsp…</summary>
    /// <param name="url">The address. One that ends in a video file's extension plays like a file.</param>
    /// <param name="options">Patience; null for defaults.</param>
    /// <exception cref="CameraException">Addresses of this kind are not read; the message lists those that are.</exception>
    public static FfmpegSource Url(Uri url, CameraOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri)
            throw new CameraException($"'{url}' is not a whole address; one begins with http:// or rtsp://.");
        _ = StreamProtocols.For(url);
        options ??= new CameraOptions();
        return new FfmpegSource(Redaction.Anonymous(url.OriginalString), InputKind.Url, FfmpegArguments.IsLive(url),
            (tool, _) => FfmpegArguments.Url(url, tool.Version, options), options, new Redaction(url.OriginalString));
    }

    /// <summary>A webcam.</summary>
    /// <param name="device">Its number in the list of cameras (<c>0</c>), or its name, or on Linux its path.</param>
    /// <param name="options">Size, rate, format and patience; null for defaults.</param>
    public static FfmpegSource Camera(string device, CameraOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        options ??= new CameraOptions();
        return new FfmpegSource($"camera:{device}", InputKind.Camera, live: true,
            (tool, _) => FfmpegArguments.Camera(FfmpegArguments.ThisPlatform, CameraDevices.Resolve(tool, device), options), options);
    }

    /// <inheritdoc/>
    protected override void AbortSession(string reason)
    {
        lock (_sessionLock)
            _session?.Kill(reason);
    }

    /// <inheritdoc/>
    protected override SessionEnd RunSession(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var tool = FfmpegTool.Find(Options.Program);
        string[] input;
        try
        {
            input = _input(tool, sink.Delivery);
        }
        catch (CameraException absent)
        {
            // A camera that is not there now may come back.
            return new SessionEnd(0, absent.Message);
        }

        using var session = new FfmpegSession(tool, FfmpegArguments.Command(tool.Version, input), damage => sink.CountCorrupt(Public(damage)));
        lock (_sessionLock)
            _session = session;
        long pictures = 0;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            DeliverAll(session, sink, ref pictures, cancellation);
        }
        catch (IOException) when (!cancellation.IsCancellationRequested)
        {
            // The pipe broke; FFmpeg's exit status and log, read below, say why.
        }
        catch (InvalidDataException error) when (!cancellation.IsCancellationRequested)
        {
            session.Kill(error.Message);
        }
        finally
        {
            lock (_sessionLock)
                _session = null;
        }

        if (session.KilledBecause is { } killed)
            return new SessionEnd(pictures, $"{Name}: {Public(killed)}");
        int? exitCode = session.WaitForExit();
        if (exitCode == 0 && pictures > 0)
            return new SessionEnd(pictures, null);
        string[] log = [.. session.LastLines.Select(Public)];
        return new SessionEnd(pictures, _limit.ReasonIn(log) ?? FfmpegErrors.Explain(Name, _kind, log, exitCode));
    }

    private void Announce(InputTiming timing)
    {
        lock (_sessionLock)
            _timing = IsLive ? default : timing;
    }

    private string Public(string words) => _redaction?.Apply(words) ?? words;

    private void DeliverAll(FfmpegSession session, FrameSink sink, ref long pictures, CancellationToken stop)
    {
        var clock = new LiveClock();
        var pace = new Pace(sink);
        while (session.ReadPicture() is var (format, pts))
        {
            _limit.Check(format.Width, format.Height);
            if (pictures++ == 0)
                Announce(session.Timing);
            var due = IsLive ? default : pace.Wait(pts);
            if (sink.Rent(format) is not { } buffer)
                continue;
            try
            {
                ulong fingerprint = session.ReadPixels(buffer.Bytes[..format.Bytes], stop);
                var timestamp = IsLive ? clock.Taken(pts, FrameClock.Now) : due;
                var filled = buffer;
                buffer = null;
                sink.Deliver(filled, format, timestamp, fingerprint);
            }
            finally
            {
                buffer?.Release();
            }
        }
    }
}
