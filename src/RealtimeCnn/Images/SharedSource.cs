namespace RealtimeCnn.Images;

/// <summary>
/// One source for several consumers, such as a camera whose pictures go through several networks. Each consumer opens a source of its own
/// here (<see cref="Open"/>) and sees the newest picture whenever it asks, whatever the others do; all of them lease the same memory. A picture costs a small object for each consumer but one.
/// </summary>
public sealed class SharedSource : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IFrameSource _source;
    private readonly List<Tap> _taps = [];

    /// <summary>Shares a source, which is this one's to start and to dispose.</summary>
    /// <param name="source">A source that was not started.</param>
    public SharedSource(IFrameSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <summary>A consumer's view of the source. The first that is started starts the source; disposing one leaves it to the others.</summary>
    public IFrameSource Open()
    {
        var tap = new Tap(this);
        lock (_lock)
            _taps.Add(tap);
        return tap;
    }

    /// <summary>Ends the source, for all consumers.</summary>
    public void Dispose()
    {
        _source.Dispose();
        lock (_lock)
        {
            foreach (var tap in _taps)
                tap.Drop();
        }
    }

    private void Start(FrameDelivery delivery)
    {
        if (delivery != FrameDelivery.Latest)
            throw new NotSupportedException($"A shared source gives each consumer the newest picture ({nameof(FrameDelivery.Latest)}); in turn they would wait for one another.");
        lock (_lock)
        {
            // Into memory of its own: no consumer's upload buffers serve the others.
            if (_source.Status.State == SourceState.Idle)
                _source.Start(delivery);
        }
    }

    // The consumer that finds a new picture leaves one for each of the others.
    private Frame? TryTake(Tap asking)
    {
        lock (_lock)
        {
            if (_source.TryTake() is { } newest)
                Distribute(newest);
            return asking.Take();
        }
    }

    private Frame? Take(Tap asking, TimeSpan timeout, CancellationToken cancellation)
    {
        if (TryTake(asking) is { } there)
            return there;
        var newest = _source.Take(timeout, cancellation);
        lock (_lock)
        {
            if (newest != null)
                Distribute(newest);
            return asking.Take();
        }
    }

    private void Distribute(Frame newest)
    {
        // The last consumer gets the lease itself.
        for (int i = 0; i + 1 < _taps.Count; i++)
            _taps[i].Put(newest.Share());
        if (_taps.Count > 0)
            _taps[^1].Put(newest);
        else
            newest.Dispose();
    }

    private void Remove(Tap tap)
    {
        lock (_lock)
        {
            _taps.Remove(tap);
            tap.Drop();
        }
    }

    private sealed class Tap(SharedSource shared) : IFrameSource
    {
        private Frame? _waiting;

        public event EventHandler<SourceStatus>? StatusChanged
        {
            add => shared._source.StatusChanged += value;
            remove => shared._source.StatusChanged -= value;
        }

        public string Name => shared._source.Name;

        public SourceStatus Status => shared._source.Status;

        public IPlayback? Playback => shared._source.Playback;

        public IPictureAlbum? Album => shared._source.Album;

        public void Start(FrameDelivery delivery = FrameDelivery.Latest, IFrameAllocator? allocator = null) => shared.Start(delivery);

        public Frame? TryTake() => shared.TryTake(this);

        public Frame? Take(TimeSpan timeout, CancellationToken cancellation = default) => shared.Take(this, timeout, cancellation);

        public void Dispose() => shared.Remove(this);

        public void Put(Frame newest)
        {
            _waiting?.Dispose();
            _waiting = newest;
        }

        public Frame? Take() => Interlocked.Exchange(ref _waiting, null);

        public void Drop() => Take()?.Dispose();
    }
}
