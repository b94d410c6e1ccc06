using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Where the thread of a <see cref="FrameSource"/> puts its frames and reports its state. Holds the one frame that waits
/// for the consumer, and the counters; everything it shows is consistent under one lock.
/// </summary>
public sealed class FrameSink : IDisposable
{
    private static readonly TimeSpan BufferPoll = TimeSpan.FromMilliseconds(2);
    private readonly object _lock = new();
    private readonly CancellationToken _stop;
    private readonly Queue<SourceStatus> _announcements = new();
    private readonly Watchdog _watchdog = new();
    private IFrameAllocator? _allocator;
    private Frame? _waiting;
    private SourceStatus _status = new(SourceState.Idle, "", false, 0, 0, 0, 0);
    private long _sequence;
    private TimeSpan? _begun;
    private TimeSpan _rentedAt;
    private bool _announcing;
    private bool _closed;

    internal FrameSink(CancellationToken stop)
    {
        _stop = stop;
        stop.Register(WakeAll);
    }

    internal event Action<SourceStatus>? StatusChanged;

    /// <summary>Pictures so far, those dropped included.</summary>
    public long FramesIn => Status.FramesIn;

    /// <summary>Whether frames may be dropped for a slow consumer.</summary>
    public FrameDelivery Delivery { get; private set; }

    internal SourceStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>
    /// Says that work on the next picture begins, such as reading or decoding it: <see cref="Frame.DecodeTime"/> counts
    /// from here, without the time for which <see cref="Rent"/> waits. A source that does not say counts from the
    /// return of <see cref="Rent"/>.
    /// </summary>
    /// <param name="worked">Work on it that was done before, and whatever came in between does not count.</param>
    public void BeginPicture(TimeSpan worked = default) => _begun = FrameClock.Now - worked;

    /// <summary>
    /// Memory for the next picture. With <see cref="FrameDelivery.Every"/> it waits until the consumer has taken the one
    /// before. Null when there is no free memory: the picture then counts as dropped and is to be skipped.
    /// </summary>
    /// <param name="format">What the memory must hold.</param>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    /// <exception cref="ArgumentException">No frame can have this format.</exception>
    public FrameBuffer? Rent(FrameFormat format)
    {
        format.Validate();
        var worked = FrameClock.Now - (_begun ?? FrameClock.Now);
        _begun = null;
        FrameBuffer? buffer = null;
        lock (_lock)
        {
            _stop.ThrowIfCancellationRequested();
            using (_watchdog.Pause())
            {
                while (Delivery == FrameDelivery.Every && (_waiting is not null || (buffer = _allocator!.TryRent(format.Bytes)) is null))
                {
                    // A full slot is signalled; memory that comes back to a foreign allocator is not.
                    _ = _waiting is null ? Monitor.Wait(_lock, BufferPoll) : Monitor.Wait(_lock);
                    _stop.ThrowIfCancellationRequested();
                }
            }

            buffer ??= _allocator!.TryRent(format.Bytes);
            if (buffer is null)
            {
                _sequence++;
                _status = _status with { FramesIn = _status.FramesIn + 1, FramesDropped = _status.FramesDropped + 1 };
                _watchdog.Alive();
            }

            _rentedAt = FrameClock.Now - worked;
        }

        return buffer;
    }

    /// <summary>Hands over a picture. It replaces one that nobody took, which counts as dropped.</summary>
    /// <param name="buffer">Memory from <see cref="Rent"/>, filled; it belongs to the sink from here on.</param>
    /// <param name="format">Size and layout of the pixels.</param>
    /// <param name="timestamp">When the picture was taken, on the clock of <see cref="FrameClock"/>.</param>
    /// <param name="fingerprint">A hash of the pixels (see <see cref="PixelFingerprint"/>), so that repeats are counted; null when unknown.</param>
    /// <param name="geometry">How the stored pixels are turned and mirrored.</param>
    /// <param name="sequence">The picture's number where a recording gives it; null for the next one.</param>
    public void Deliver(FrameBuffer buffer, FrameFormat format, TimeSpan timestamp, ulong? fingerprint = null, FrameGeometry geometry = default, long? sequence = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Frame? replaced = null;
        lock (_lock)
        {
            _sequence = sequence ?? _sequence;
            var frame = new Frame(buffer, format, timestamp, _sequence++, geometry) { DecodeTime = FrameClock.Now - _rentedAt };
            bool repeated = _watchdog.Picture(fingerprint, format);
            replaced = _closed ? frame : _waiting;
            _waiting = _closed ? null : frame;
            _status = _status with
            {
                FramesIn = _status.FramesIn + 1,
                FramesDropped = _status.FramesDropped + (replaced is null ? 0 : 1),
                FramesDuplicated = _status.FramesDuplicated + (repeated ? 1 : 0),
            };
            if (_watchdog.Frozen is { } frozen)
                ChangeState(SourceState.Stalled, frozen);
            else
                ChangeState(SourceState.Streaming, "");
            Monitor.PulseAll(_lock);
        }

        replaced?.Dispose();
        Announce();
    }

    /// <summary>Counts a picture that arrived damaged and was skipped.</summary>
    public void CountCorrupt()
    {
        lock (_lock)
            _status = _status with { FramesCorrupt = _status.FramesCorrupt + 1 };
    }

    /// <summary>Reports a state other than streaming, which <see cref="Deliver"/> reports by itself.</summary>
    /// <param name="state">What the source is doing.</param>
    /// <param name="reason">Why, in one sentence that a user can act on; empty when all is well.</param>
    public void Report(SourceState state, string reason)
    {
        lock (_lock)
        {
            _watchdog.Restart();
            ChangeState(state, reason);
        }

        Announce();
    }

    /// <summary>
    /// Watches for silence: reports <see cref="SourceState.Stalled"/> when a streaming source delivers nothing for
    /// <paramref name="stallAfter"/>, or the same picture for <paramref name="frozenAfter"/>. Time spent waiting for the
    /// consumer does not count.
    /// </summary>
    /// <param name="stallAfter">Longest time without a picture.</param>
    /// <param name="frozenAfter">Longest time with equal pictures; null where a still picture is no fault.</param>
    /// <param name="onSilence">Called a few times per <paramref name="stallAfter"/> with the state and the length of the silence, to give up on a dead device; null for none.</param>
    public void Watch(TimeSpan stallAfter, TimeSpan? frozenAfter = null, Action<SourceState, TimeSpan>? onSilence = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stallAfter, TimeSpan.Zero);
        lock (_lock)
            _watchdog.Start(stallAfter, frozenAfter, () => CheckSilence(stallAfter, onSilence));
    }

    internal void Open(FrameDelivery delivery, IFrameAllocator allocator)
    {
        (Delivery, _allocator) = (delivery, allocator);
        Report(SourceState.Opening, "");
    }

    internal void End(string reason, bool faulted)
    {
        lock (_lock)
        {
            _watchdog.Dispose();
            if (_status.State != SourceState.Ended)
            {
                _status = _status with { Faulted = faulted };
                ChangeState(SourceState.Ended, reason);
            }

            Monitor.PulseAll(_lock);
        }

        Announce();
    }

    /// <summary>Frees the frame that nobody took, and every one that comes later.</summary>
    public void Dispose()
    {
        Frame? left;
        lock (_lock)
        {
            _closed = true;
            (left, _waiting) = (_waiting, null);
            _watchdog.Dispose();
        }

        left?.Dispose();
    }

    internal Frame? TryTake()
    {
        lock (_lock)
            return TakeWaiting();
    }

    internal Frame? Take(TimeSpan timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var wake = cancellation.Register(WakeAll);
        bool forever = timeout == Timeout.InfiniteTimeSpan;
        var deadline = forever ? TimeSpan.MaxValue : FrameClock.Now + timeout;
        lock (_lock)
        {
            while (_waiting is null && _status.State != SourceState.Ended)
            {
                cancellation.ThrowIfCancellationRequested();
                var left = forever ? Timeout.InfiniteTimeSpan : deadline - FrameClock.Now;
                if (!forever && left <= TimeSpan.Zero)
                    return null;
                Monitor.Wait(_lock, left);
            }

            return TakeWaiting();
        }
    }

    private Frame? TakeWaiting()
    {
        var frame = _waiting;
        _waiting = null;
        if (frame is not null && Delivery == FrameDelivery.Every)
            Monitor.PulseAll(_lock);
        return frame;
    }

    private void CheckSilence(TimeSpan stallAfter, Action<SourceState, TimeSpan>? onSilence)
    {
        SourceState state;
        TimeSpan silence;
        lock (_lock)
        {
            silence = _watchdog.Silence;
            if (_status.State == SourceState.Streaming && silence > stallAfter)
                ChangeState(SourceState.Stalled, $"no picture for {silence.TotalSeconds:0.0} s");
            state = _status.State;
        }

        Announce();
        if (state != SourceState.Ended)
            onSilence?.Invoke(state, silence);
    }

    private void ChangeState(SourceState state, string reason)
    {
        if (_status.State == state && _status.Reason == reason)
            return;
        bool sameState = _status.State == state;
        if (_status.State == SourceState.Ended && state != SourceState.Ended)
            return;
        _status = _status with { State = state, Reason = reason };
        if (!sameState)
            _announcements.Enqueue(_status);
    }

    // One thread at a time raises the event, in the order of the changes and outside the lock.
    private void Announce()
    {
        while (true)
        {
            SourceStatus next;
            lock (_lock)
            {
                if (_announcing || !_announcements.TryDequeue(out next))
                    return;
                _announcing = true;
            }

            try
            {
                StatusChanged?.Invoke(next);
            }
            finally
            {
                lock (_lock)
                    _announcing = false;
            }
        }
    }

    private void WakeAll()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }
}
