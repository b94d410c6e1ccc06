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
    // Pictures per second of what does not say.
    private const double UsualRate = 25;

    private readonly InputKind _kind;
    private readonly Func<FfmpegTool, bool, string[]> _input;
    private readonly Redaction? _redaction;
    private readonly PixelLimit _limit;
    private readonly Lock _sessionLock = new();
    private readonly VideoTimeline? _timeline;
    private FfmpegSession? _session;
    private InputTiming _timing;
    private TimeSpan _nextDue;

    private FfmpegSource(string name, InputKind kind, bool live, Func<FfmpegTool, bool, string[]> input, CameraOptions? options, Redaction? redaction = null)
        : base(name, live, options)
    {
        (_kind, _input, _redaction, _limit) = (kind, input, redaction, new PixelLimit(name, Options.MaxPixels));
        _timeline = live ? null : new VideoTimeline(Sink, () => AbortSession("another time is wanted"));
    }

    /// <inheritdoc/>
    public override ITimeline? Timeline => _timeline;

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
        return new FfmpegSource(path, InputKind.File, live: false, (_, loop) => FfmpegArguments.File(Path.GetFullPath(path), loop, options.MaxPixels), options);
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
        if (_timeline is not { } timeline)
            return Play(tool, sink, new Passage(), cancellation);
        bool loops = Options.LoopsWith(sink.Delivery);
        long pictures = 0;
        while (true)
        {
            var passage = Passage.Of(timeline.Open(), timeline.Length, loops);
            var end = Play(tool, sink, passage, cancellation);
            // Where there is no picture any more, the last one before is wanted.
            while (end.Pictures == 0 && passage.Earlier is { } earlier && !timeline.IsAsked)
                end = Play(tool, sink, passage = earlier, cancellation);
            pictures += end.Pictures;
            if (timeline.IsAsked)
                continue;
            if (end.Reason != null)
                return end with { Pictures = pictures };
            if (loops && passage.From != null)
                continue;
            // A pause at its end may end elsewhere.
            sink.AwaitTurn();
            if (!timeline.IsAsked)
                return end with { Pictures = pictures };
        }
    }

    private SessionEnd Play(FfmpegTool tool, FrameSink sink, Passage passage, CancellationToken cancellation)
    {
        string[] input;
        try
        {
            input = _input(tool, passage.Loops);
        }
        catch (CameraException absent)
        {
            // A camera that is not there now may come back.
            return new SessionEnd(0, absent.Message);
        }

        if (passage.From is { } from)
            input = FfmpegArguments.From(input, Name, from);
        using var session = new FfmpegSession(tool, FfmpegArguments.Command(tool.Version, input), damage => sink.CountCorrupt(Public(damage)));
        lock (_sessionLock)
            _session = session;
        long pictures = 0;
        bool wasLeft = false;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (passage.IsLastOnly)
                DeliverLast(session, sink, passage, ref pictures, cancellation);
            else
                wasLeft = DeliverAll(session, sink, passage, ref pictures, cancellation);
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

        if (wasLeft)
            return new SessionEnd(pictures, null);
        if (session.KilledBecause is { } killed)
            return new SessionEnd(pictures, $"{Name}: {Public(killed)}");
        int? exitCode = session.WaitForExit();
        if (exitCode == 0 && pictures > 0)
            return new SessionEnd(pictures, null);
        string[] log = [.. session.LastLines.Select(Public)];
        return new SessionEnd(pictures, _limit.ReasonIn(log) ?? FfmpegErrors.Explain(Name, _kind, log, exitCode));
    }

    private void Announce(InputTiming timing, Passage passage)
    {
        lock (_sessionLock)
            _timing = IsLive ? default : timing;
        _timeline?.Learn(passage.From ?? TimeSpan.Zero, timing.Duration, timing.Rate);
    }

    private string Public(string words) => _redaction?.Apply(words) ?? words;

    // Whether it was left for another time of the video.
    private bool DeliverAll(FfmpegSession session, FrameSink sink, Passage passage, ref long pictures, CancellationToken stop)
    {
        var clock = new LiveClock();
        var pace = new Pace(sink, _nextDue);
        while (session.ReadPicture() is var (format, pts))
        {
            _limit.Check(format.Width, format.Height);
            if (pictures == 0)
                Announce(session.Timing, passage);
            else if (_timeline is { IsAsked: true })
                return true;
            var due = IsLive ? default : pace.Wait(pts);
            _nextDue = due + DurationOf(session);
            if (sink.Rent(format) is not { } buffer)
            {
                pictures++;
                continue;
            }

            try
            {
                ulong fingerprint = session.ReadPixels(buffer.Bytes[..format.Bytes], stop);
                var timestamp = IsLive ? clock.Taken(pts, FrameClock.Now) : due;
                var filled = buffer;
                buffer = null;
                _timeline?.Note(sink.NextNumber, pts);
                pictures++;
                sink.Deliver(filled, format, timestamp, fingerprint);
            }
            finally
            {
                buffer?.Release();
            }
        }

        return false;
    }

    private static TimeSpan DurationOf(FfmpegSession session) => TimeSpan.FromSeconds(1 / (session.Timing.Rate ?? UsualRate));

    // Of all pictures, which end before the time that was asked for, the last.
    private void DeliverLast(FfmpegSession session, FrameSink sink, Passage passage, ref long pictures, CancellationToken stop)
    {
        FrameBuffer? buffer = null;
        (FrameFormat Format, TimeSpan Pts, ulong Fingerprint) last = default;
        try
        {
            while (session.ReadPicture() is var (format, pts))
            {
                _limit.Check(format.Width, format.Height);
                if (buffer == null || format.Bytes != last.Format.Bytes)
                {
                    buffer?.Release();
                    if ((buffer = sink.Rent(format)) == null)
                        return;
                }

                last = (format, pts, session.ReadPixels(buffer.Bytes[..format.Bytes], stop));
                pictures++;
            }

            if (buffer == null)
                return;
            Announce(session.Timing, passage);
            var due = new Pace(sink, _nextDue).Wait(last.Pts);
            _nextDue = due + DurationOf(session);
            var filled = buffer;
            buffer = null;
            _timeline!.Note(sink.NextNumber, last.Pts);
            sink.Deliver(filled, last.Format, due, last.Fingerprint);
        }
        finally
        {
            buffer?.Release();
        }
    }

    /// <summary>A part of a video that is played in one go.</summary>
    /// <param name="From">Where it begins; null for the video's beginning.</param>
    /// <param name="Loops">Whether the whole follows again and again.</param>
    /// <param name="IsLastOnly">Whether only its last picture is wanted.</param>
    private sealed record Passage(TimeSpan? From = null, bool Loops = false, bool IsLastOnly = false)
    {
        private static readonly TimeSpan NearEnd = TimeSpan.FromSeconds(2), FarFromEnd = TimeSpan.FromSeconds(30);

        /// <summary>What is played instead where there is no picture; null behind the last try.</summary>
        public Passage? Earlier => From is not { } from || from == TimeSpan.Zero ? null
            : new Passage(!IsLastOnly ? Before(from, NearEnd) : from > FarFromEnd ? Before(from, FarFromEnd) : TimeSpan.Zero, IsLastOnly: true);

        /// <summary>What follows a jump. Near the end, where a length that is not exact might lead behind it, the whole does not follow by itself: then its beginning would come at once.</summary>
        public static Passage Of(TimeSpan? from, TimeSpan? length, bool loops) => new(from, loops && (from == null || from < length - NearEnd));

        private static TimeSpan Before(TimeSpan time, TimeSpan by) => time > by ? time - by : TimeSpan.Zero;
    }
}
