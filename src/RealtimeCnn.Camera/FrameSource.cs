using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// A frame source with a thread of its own: derive, write <see cref="Run"/>, and delivery, states, counters,
/// cancellation and disposal come along. Disposal never waits long for a driver: a thread that does not come back is
/// abandoned.
/// </summary>
public abstract class FrameSource : IFrameSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameSink _sink;
    private FramePool? _pool;
    private Thread? _thread;
    private int _started;
    private int _disposed;

    /// <summary>Makes a source that is idle until <see cref="Start"/>.</summary>
    /// <param name="name">What the source is, for people.</param>
    /// <param name="isLive">Whether its pictures come when they are taken; otherwise they can wait, and the source can be paused.</param>
    protected FrameSource(string name, bool isLive = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, IsLive) = (name, isLive);
        _sink = new FrameSink(this, _stop.Token);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether pictures come when they are taken, rather than when they are read.</summary>
    public bool IsLive { get; }

    /// <inheritdoc/>
    public SourceStatus Status => _sink.Status;

    /// <inheritdoc/>
    public IPlayback? Playback => IsLive ? null : _sink.Playback;

    /// <inheritdoc/>
    public virtual IPictureAlbum? Album => null;

    /// <inheritdoc/>
    public virtual ITimeline? Timeline => null;

    /// <summary>The exception that ended the source, with its stack trace; null unless <see cref="SourceStatus.Faulted"/>.</summary>
    public Exception? Error { get; private set; }

    /// <inheritdoc/>
    public event EventHandler<SourceStatus>? StatusChanged
    {
        add => _sink.StatusChanged += value;
        remove => _sink.StatusChanged -= value;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    public void Start(FrameDelivery delivery = FrameDelivery.Latest, IFrameAllocator? allocator = null)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException($"Source '{Name}' was started before; a source is started once.");
        _sink.Open(delivery, allocator ?? (_pool = new FramePool()));
        _thread = new Thread(RunToEnd) { IsBackground = true, Name = $"frames {Name}" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public Frame? TryTake() => _sink.TryTake();

    /// <inheritdoc/>
    public Frame? Take(TimeSpan timeout, CancellationToken cancellation = default) => _sink.Take(timeout, cancellation);

    /// <summary>Stops the source. Waits at most two seconds for its thread; callable from any thread, more than once.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected FrameSink Sink => _sink;

    /// <summary>Delivers frames to <paramref name="sink"/> until the end, or until <paramref name="cancellation"/>; runs on the source's thread.</summary>
    /// <param name="sink">Takes frames, damage counts and states.</param>
    /// <param name="cancellation">Cancelled by disposal.</param>
    /// <exception cref="CameraException">The source cannot go on; the message becomes the reason it ended.</exception>
    protected abstract void Run(FrameSink sink, CancellationToken cancellation);

    /// <summary>Frees what <see cref="Run"/> may be blocked in, such as a pipe; called once at disposal, from any thread.</summary>
    protected virtual void Interrupt()
    {
    }

    /// <summary>Stops the thread and frees the frames that nobody took.</summary>
    /// <param name="disposing">True when called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _stop.Cancel();
        Interrupt();
        bool ended = _thread is null || _thread == Thread.CurrentThread || _thread.Join(Patience);
        _sink.End(ended ? "closed" : "closed; the driver did not come back and its thread was abandoned", faulted: false);
        _sink.Dispose();
        _pool?.Dispose();
        if (ended && _thread != Thread.CurrentThread)
            _stop.Dispose();
    }

    private void RunToEnd()
    {
        try
        {
            Run(_sink, _stop.Token);
            // A source that is paused at its last picture ends when that one has been stepped over.
            _sink.AwaitTurn();
            _sink.End(_stop.IsCancellationRequested ? "closed" : EndOfPictures(), faulted: false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _sink.End("closed", faulted: false);
        }
        catch (ObjectDisposedException) when (_stop.IsCancellationRequested)
        {
            // The pool went away under a thread that was abandoned earlier and came back now.
            _sink.End("closed", faulted: false);
        }
#pragma warning disable CA1031 // An exception on this thread would end the process; the reason is reported as a state instead.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Error = error;
            _sink.End(error is CameraException ? error.Message : $"{Name} failed: {error.Message} ({error.GetType().Name})", faulted: true);
        }
    }

    private string EndOfPictures() => Status is { FramesCorrupt: > 0 and var damaged, Damage: var last }
        ? $"the source has no more pictures; {damaged} damaged {(damaged == 1 ? "one was" : "ones were")} left out: {last}"
        : "the source has no more pictures";
}
