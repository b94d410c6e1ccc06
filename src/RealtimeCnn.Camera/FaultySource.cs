using System.Collections.Concurrent;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// A source with every fault that cameras have, at the call of a method: for tests of programs that use cameras. It passes
/// on the pictures of another source; states and counters behave as a real camera's do. Methods may be called from any
/// thread and take effect with the next picture.
/// </summary>
public sealed class FaultySource : FrameSource
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly IFrameSource _inner;
    private readonly TimeSpan _stallAfter;
    private readonly TimeSpan _frozenAfter;
    private readonly ConcurrentQueue<Action<FrameSink>> _announcements = new();
    private readonly Lock _lock = new();
    private bool _stalled;
    private bool _frozen;
    private bool _unplugged;
    private string? _failure;
    private (int Width, int Height)? _size;
    private int _garbage;
    private TimeSpan _shift;
    private byte[] _still = [];
    private FrameFormat _stillFormat;

    /// <summary>Wraps a source, which it then owns.</summary>
    /// <param name="inner">Where the pictures come from; not started yet.</param>
    /// <param name="stallAfter">Silence that counts as stalled; a quarter of a second when null.</param>
    /// <param name="frozenAfter">Repetition that counts as frozen; a quarter of a second when null.</param>
    public FaultySource(IFrameSource inner, TimeSpan? stallAfter = null, TimeSpan? frozenAfter = null)
        : base($"faulty {(inner ?? throw new ArgumentNullException(nameof(inner))).Name}")
    {
        _inner = inner;
        _stallAfter = stallAfter ?? TimeSpan.FromSeconds(0.25);
        _frozenAfter = frozenAfter ?? TimeSpan.FromSeconds(0.25);
    }

    /// <summary>The driver says nothing any more, and no error either.</summary>
    public void Stall() => Set(() => _stalled = true);

    /// <summary>Ends a stall.</summary>
    public void Resume() => Set(() => _stalled = false);

    /// <summary>The driver repeats one picture for ever.</summary>
    public void Freeze() => Set(() => _frozen = true);

    /// <summary>Ends a freeze.</summary>
    public void Thaw() => Set(() => _frozen = false);

    /// <summary>The cable is pulled: lost, then trying to open again.</summary>
    public void Unplug()
    {
        Set(() => _unplugged = true);
        string reason = $"{Name} was unplugged.";
        _announcements.Enqueue(sink => sink.Report(SourceState.Lost, reason));
        _announcements.Enqueue(sink => sink.Report(SourceState.Reopening, reason));
    }

    /// <summary>The cable is back.</summary>
    public void Plug() => Set(() => _unplugged = false);

    /// <summary>Pictures have this size from now on, by leaving out or repeating pixels.</summary>
    /// <param name="width">Pixels in a row; even for formats with shared chroma.</param>
    /// <param name="height">Rows; even for <see cref="PixelFormat.Nv12"/>.</param>
    public void Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Set(() => _size = (width, height));
    }

    /// <summary>The next pictures arrive damaged: they are skipped and counted.</summary>
    /// <param name="pictures">How many, at least 1.</param>
    public void SendGarbage(int pictures)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pictures);
        Set(() => _garbage += pictures);
    }

    /// <summary>The device's clock is set: from now on, pictures say that they were taken this much later than before, or earlier.</summary>
    /// <param name="by">How much; below zero, time goes backwards.</param>
    public void ShiftTime(TimeSpan by) => Set(() => _shift += by);

    /// <summary>The source ends with an error.</summary>
    /// <param name="reason">What the status will say.</param>
    public void Fail(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        Set(() => _failure = reason);
    }

    /// <inheritdoc/>
    protected override void Run(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        sink.Watch(_stallAfter, _frozenAfter);
        _inner.StatusChanged += (_, status) =>
        {
            if (status.State is SourceState.Lost or SourceState.Reopening)
                _announcements.Enqueue(own => own.Report(status.State, status.Reason));
        };
        _inner.Start(sink.Delivery);
        while (true)
        {
            using var frame = _inner.Take(Poll, cancellation);
            while (_announcements.TryDequeue(out var announce))
                announce(sink);
            if (frame is not null)
                Pass(frame, sink);
            else if (_inner.Status is { State: SourceState.Ended } end)
            {
                if (end.Faulted)
                    throw new CameraException(end.Reason);
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _inner.Dispose();
    }

    private void Pass(Frame frame, FrameSink sink)
    {
        bool frozen;
        FrameFormat format;
        TimeSpan shift;
        lock (_lock)
        {
            if (_failure is { } failure)
                throw new CameraException(failure);
            if (_stalled || _unplugged)
                return;
            if (_garbage > 0)
            {
                _garbage--;
                sink.CountCorrupt();
                return;
            }

            shift = _shift;
            frozen = _frozen && _still.Length > 0;
            format = frozen ? _stillFormat : _size is { } size ? frame.Format with { Width = size.Width, Height = size.Height } : frame.Format;
        }

        if (sink.Rent(format) is not { } buffer)
            return;
        if (!frozen)
        {
            _stillFormat = format;
            _still = _still.Length == format.Bytes ? _still : new byte[format.Bytes];
            NearestPixels.Resample(frame.Pixels, frame.Format, _still, format);
        }

        _still.CopyTo(buffer.Bytes);
        var fingerprint = default(PixelFingerprint);
        fingerprint.Add(_still);
        sink.Deliver(buffer, format, frame.Timestamp + shift, fingerprint.Value, frame.Geometry);
    }

    private void Set(Action change)
    {
        lock (_lock)
            change();
    }
}
