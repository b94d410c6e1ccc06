using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Where the thread of a <see cref="FrameSource"/> puts its frames and reports its state. Holds the one frame that waits
/// for the consumer, and the counters; everything it shows is consistent under one lock.
/// </summary>
public sealed class FrameSink : IDisposable
{
    private static readonly TimeSpan BufferPoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);
    private readonly object _lock = new();
    private readonly CancellationToken _stop;
    private readonly StatusAnnouncer _announcer;
    private readonly PlaybackGate _gate;
    private readonly Watchdog _watchdog = new();
    private IFrameAllocator? _allocator;
    private Frame? _waiting;
    private SourceStatus _status = new(SourceState.Idle, "", false, 0, 0, 0, 0);
    private long _sequence;
    private TimeSpan? _begun;
    private TimeSpan _rentedAt;
    private bool _closed;
    private bool _jumping;

    /// <param name="source">Whose states these are.</param>
    /// <param name="stop">Cancelled by disposal of the source.</param>
    internal FrameSink(object source, CancellationToken stop)
    {
        (_stop, _announcer) = (stop, new StatusAnnouncer(source));
        _gate = new PlaybackGate(_lock);
        stop.Register(WakeAll);
    }

    internal event EventHandler<SourceStatus>? StatusChanged
    {
        add => _announcer.Announced += value;
        remove => _announcer.Announced -= value;
    }

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

    internal IPlayback Playback => _gate;

    /// <summary>Number of the next picture; only the source's thread makes it another.</summary>
    internal long NextNumber
    {
        get
        {
            lock (_lock)
                return _sequence;
        }
    }

    internal bool HasWaitingFrame
    {
        get
        {
            lock (_lock)
                return _waiting is not null;
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
    /// Memory for the next picture. With <see cref="FrameDelivery.Every"/>, or paused, it waits until the consumer has
    /// taken the one before. Null when there is no free memory: the picture then counts as dropped and is to be skipped.
    /// </summary>
    /// <param name="format">What the memory must hold.</param>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    /// <exception cref="ArgumentException">No frame can have this format.</exception>
    public FrameBuffer? Rent(FrameFormat format)
    {
        format.Validate();
        var worked = FrameClock.Now - (_begun ?? FrameClock.Now);
        _begun = null;
        lock (_lock)
        {
            _stop.ThrowIfCancellationRequested();
            FrameBuffer? buffer;
            using (_watchdog.Pause())
                buffer = RentInTurn(format.Bytes);
            if (buffer is null && !_jumping)
            {
                _sequence++;
                _status = _status with { FramesIn = _status.FramesIn + 1, FramesDropped = _status.FramesDropped + 1 };
                _watchdog.Alive();
            }

            _rentedAt = FrameClock.Now - worked;
            return buffer;
        }
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
            // A pause may have come while this picture was being filled; it must not push out the one that waits.
            while (_gate.IsPaused && _waiting is not null && !_closed && !_jumping && !_stop.IsCancellationRequested)
                Monitor.Wait(_lock);
            if (_jumping)
            {
                buffer.Release();
                return;
            }

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
        _announcer.Announce();
    }

    /// <summary>Counts a picture that arrived damaged and was skipped.</summary>
    /// <param name="damage">What was wrong, for <see cref="SourceStatus.Damage"/>; null where nobody knows.</param>
    public void CountCorrupt(string? damage = null)
    {
        lock (_lock)
            _status = _status with { FramesCorrupt = _status.FramesCorrupt + 1, Damage = damage ?? "a picture arrived damaged" };
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

        _announcer.Announce();
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
            _watchdog.Start(stallAfter, frozenAfter, () => _announcer.Guard(() => CheckSilence(stallAfter, onSilence)));
    }

    internal void Open(FrameDelivery delivery, IFrameAllocator allocator)
    {
        (Delivery, _allocator) = (delivery, allocator);
        Report(SourceState.Opening, "");
    }

    /// <summary>The source is to go on elsewhere: what waits to be taken is let go, and so is what comes until <see cref="Land"/>; nothing holds its thread. From any thread.</summary>
    internal void Jump() => SetJumping(true);

    /// <summary>The source's next picture is of elsewhere; in a pause it can be taken as after a step.</summary>
    internal void Land() => SetJumping(false);

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

        _announcer.Announce();
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
        _announcer.ThrowIfFailed();
        lock (_lock)
            return TakeWaiting();
    }

    internal Frame? Take(TimeSpan timeout, CancellationToken cancellation)
    {
        _announcer.ThrowIfFailed();
        cancellation.ThrowIfCancellationRequested();
        using var wake = cancellation.Register(WakeAll);
        bool forever = timeout == Timeout.InfiniteTimeSpan;
        var deadline = forever ? TimeSpan.MaxValue : FrameClock.Now + timeout;
        lock (_lock)
        {
            while (!CanTake && _status.State != SourceState.Ended)
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

    /// <summary>Waits on the source's thread while playback is paused and no step is asked for; true when it had to wait, or a step let it through.</summary>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    internal bool AwaitTurn()
    {
        lock (_lock)
        {
            _stop.ThrowIfCancellationRequested();
            bool paused = _gate.IsPaused;
            while (_gate.HoldsSource(_waiting is not null) && !_jumping)
            {
                Monitor.Wait(_lock);
                _stop.ThrowIfCancellationRequested();
            }

            return paused;
        }
    }

    /// <summary>Whether <see cref="Jump"/> was called and nothing has come of it yet.</summary>
    internal bool IsJumping
    {
        get
        {
            lock (_lock)
                return _jumping;
        }
    }

    /// <summary>Waits on the source's thread until a moment on the clock of <see cref="FrameClock"/>, or until something changes.</summary>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    internal void RestUntil(TimeSpan moment)
    {
        lock (_lock)
        {
            _stop.ThrowIfCancellationRequested();
            // A moment that passed just now is no time to wait: Monitor takes −1 ms as for ever.
            var left = moment - FrameClock.Now;
            if (!_gate.IsPaused && !_jumping && left > TimeSpan.Zero)
                Monitor.Wait(_lock, left < LongestRest ? left : LongestRest);
        }

        _stop.ThrowIfCancellationRequested();
    }

    private bool CanTake => _waiting is not null && (_gate.IsOpen || _status.State == SourceState.Ended);

    private Frame? TakeWaiting()
    {
        if (!CanTake)
            return null;
        var frame = _waiting;
        _waiting = null;
        _gate.NoteTaken();
        Monitor.PulseAll(_lock);
        return frame;
    }

    // With Every the source waits for its consumer, paused it waits for a step; for memory it waits in both.
    private FrameBuffer? RentInTurn(int bytes)
    {
        while (!_jumping)
        {
            bool inTurn = _waiting is null || Delivery == FrameDelivery.Latest;
            if (inTurn && !_gate.HoldsSource(_waiting is not null))
            {
                if (_allocator!.TryRent(bytes) is { } buffer)
                    return buffer;
                if (Delivery == FrameDelivery.Latest && !_gate.IsPaused)
                    return null;
                // Memory that comes back to a foreign allocator is not signalled.
                Monitor.Wait(_lock, BufferPoll);
            }
            else
            {
                Monitor.Wait(_lock);
            }

            _stop.ThrowIfCancellationRequested();
        }

        return null;
    }

    private void SetJumping(bool value)
    {
        Frame? left;
        lock (_lock)
        {
            (left, _waiting, _jumping) = (_waiting, null, value);
            if (!value)
                _gate.AllowOne();
            Monitor.PulseAll(_lock);
        }

        left?.Dispose();
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

        _announcer.Announce();
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
            _announcer.Enqueue(_status);
    }

    private void WakeAll()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }
}
