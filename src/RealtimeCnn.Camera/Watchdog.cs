using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Knows how long a source has been silent, and for how long it has repeated one picture. Not thread-safe: called under
/// the lock of its <see cref="FrameSink"/>, except for the timer's own callback.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const int FewestRepeats = 5;
    private Timer? _timer;
    private TimeSpan? _frozenAfter;
    private TimeSpan _last;
    private TimeSpan _changed;
    private ulong? _fingerprint;
    private FrameFormat _format;
    private int _repeats;
    private bool _paused;

    /// <summary>Time without a picture; zero while the source waits for its consumer.</summary>
    public TimeSpan Silence => _paused ? TimeSpan.Zero : FrameClock.Now - _last;

    /// <summary>Why the source counts as frozen, or null when it does not.</summary>
    public string? Frozen => _frozenAfter is { } limit && _repeats >= FewestRepeats && _last - _changed >= limit
        ? "the same picture repeats: the device or its driver may be frozen; plug it in again if the scene moves"
        : null;

    public void Start(TimeSpan stallAfter, TimeSpan? frozenAfter, Action check)
    {
        _frozenAfter = frozenAfter;
        Restart();
        var period = stallAfter / 4;
        _timer?.Dispose();
        _timer = new Timer(_ => check(), null, period, period);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
    }

    public void Restart()
    {
        Alive();
        _changed = _last;
        _fingerprint = null;
        _repeats = 0;
    }

    public void Alive() => _last = FrameClock.Now;

    /// <summary>Notes a picture; true when it equals the one before.</summary>
    public bool Picture(ulong? fingerprint, FrameFormat format)
    {
        Alive();
        bool repeated = fingerprint is not null && fingerprint == _fingerprint && format == _format;
        (_fingerprint, _format) = (fingerprint, format);
        _repeats = repeated ? _repeats + 1 : 0;
        if (!repeated)
            _changed = _last;
        return repeated;
    }

    /// <summary>Stops the clock of silence until disposal.</summary>
    public PauseScope Pause()
    {
        _paused = true;
        return new PauseScope(this);
    }

    internal readonly ref struct PauseScope(Watchdog watchdog)
    {
        public void Dispose()
        {
            watchdog._paused = false;
            watchdog.Alive();
        }
    }
}
