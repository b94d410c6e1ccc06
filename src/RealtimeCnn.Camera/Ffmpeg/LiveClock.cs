namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// Maps a live stream's own clock onto ours. A picture cannot arrive before it was taken, and delays only ever add, so
/// the smallest (arrival − stream time) seen is the best guess of the offset between the clocks; it rises slowly, to
/// follow a device whose clock runs slow.
/// </summary>
internal sealed class LiveClock
{
    private const int DriftShift = 9;
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);
    private TimeSpan? _offset;
    private TimeSpan _last = TimeSpan.MinValue;

    /// <summary>When the picture was taken, on our clock: never after its arrival, and later than the picture before it.</summary>
    /// <param name="streamTime">The picture's time on the stream's clock.</param>
    /// <param name="arrival">When it arrived, on our clock.</param>
    public TimeSpan Taken(TimeSpan streamTime, TimeSpan arrival)
    {
        var candidate = arrival - streamTime;
        if (_offset is not { } offset || candidate < offset || candidate - offset > Jump)
            _offset = candidate;
        else
            _offset = offset + ((candidate - offset) / (1 << DriftShift));
        var taken = streamTime + _offset.Value;
        _last = taken > _last ? taken : _last + TimeSpan.FromTicks(1);
        return _last;
    }
}
