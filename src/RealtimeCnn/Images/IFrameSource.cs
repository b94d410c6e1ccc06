namespace RealtimeCnn.Images;

/// <summary>What a frame source is doing.</summary>
public enum SourceState
{
    /// <summary>Made, and not started yet.</summary>
    Idle,

    /// <summary>Opening for the first time.</summary>
    Opening,

    /// <summary>Frames arrive.</summary>
    Streaming,

    /// <summary>Open, but no new picture has come for longer than it should take.</summary>
    Stalled,

    /// <summary>The device or stream is gone.</summary>
    Lost,

    /// <summary>Trying to open again after a loss.</summary>
    Reopening,

    /// <summary>No frame will come any more: the end of a file, a fatal error, or disposal.</summary>
    Ended,
}

/// <summary>A moment's view of a source, consistent in itself.</summary>
/// <param name="State">What the source is doing.</param>
/// <param name="Reason">Why, in one sentence that a user can act on; empty when all is well.</param>
/// <param name="Faulted">Whether the source ended because of an error rather than at its natural end.</param>
/// <param name="FramesIn">Pictures decoded so far, duplicates included.</param>
/// <param name="FramesDropped">Pictures that nobody took before a newer one came, or that found no free buffer.</param>
/// <param name="FramesDuplicated">Pictures equal, byte for byte, to the one before.</param>
/// <param name="FramesCorrupt">Pictures that arrived damaged and were skipped.</param>
public readonly record struct SourceStatus(
    SourceState State, string Reason, bool Faulted, long FramesIn, long FramesDropped, long FramesDuplicated, long FramesCorrupt)
{
    private readonly string? _damage;

    /// <summary>What was wrong with the last damaged picture, in one sentence that names its file where it has one; empty when none was damaged.</summary>
    public string Damage
    {
        get => _damage ?? "";
        init => _damage = value;
    }
}

/// <summary>Which frames a consumer sees when it is slower than the source.</summary>
public enum FrameDelivery
{
    /// <summary>Only the newest; older ones are dropped and counted. For live use.</summary>
    Latest,

    /// <summary>Each one in turn; the source waits for the consumer. For files and tests.</summary>
    Every,
}

/// <summary>
/// Something that delivers pictures: a camera, a file, a stream, a generated scene. Frames arrive on a thread of the
/// source's own; the consumer takes them on its thread without ever waiting for the device.
/// </summary>
public interface IFrameSource : IDisposable
{
    /// <summary>What the source is, for people: <c>camera:0</c>, a file's path, a URL, <c>pattern</c>.</summary>
    string Name { get; }

    /// <summary>State and counters now. Callable from any thread.</summary>
    SourceStatus Status { get; }

    /// <summary>Holds and steps the source; null for a live one, whose pictures cannot wait.</summary>
    IPlayback? Playback => null;

    /// <summary>Chooses among photographs; null for a source that is not made of them.</summary>
    IPictureAlbum? Album => null;

    /// <summary>Enters a video at any time; null for a source that is none.</summary>
    ITimeline? Timeline => null;

    /// <summary>
    /// Raised on a thread of the source's own whenever the state changes; never under a lock. What a handler throws does
    /// not disturb the source: the next <see cref="TryTake"/> or <see cref="Take"/> throws it.
    /// </summary>
    event EventHandler<SourceStatus>? StatusChanged;

    /// <summary>Starts to deliver; returns at once, errors arrive as a state. Call it once.</summary>
    /// <param name="delivery">What happens to frames that come faster than they are taken.</param>
    /// <param name="allocator">Where pictures are written; null means a <see cref="FramePool"/> of the source's own.</param>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    void Start(FrameDelivery delivery = FrameDelivery.Latest, IFrameAllocator? allocator = null);

    /// <summary>The next frame if one is there, else null; never blocks. The caller disposes it.</summary>
    Frame? TryTake();

    /// <summary>Waits for the next frame. Null when the time is over or no frame will ever come (see <see cref="Status"/>). The caller disposes it.</summary>
    /// <param name="timeout">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellation">Ends the wait at once.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Frame? Take(TimeSpan timeout, CancellationToken cancellation = default);
}
