using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Pausing and stepping, between a source's thread and its consumer. Its state belongs to the lock of the
/// <see cref="FrameSink"/> that it is a part of; whoever waits there is woken by every change.
/// </summary>
/// <param name="sinkLock">The lock.</param>
internal sealed class PlaybackGate(object sinkLock) : IPlayback
{
    private bool _paused;
    private int _steps;

    /// <inheritdoc/>
    public bool IsPaused
    {
        get
        {
            lock (sinkLock)
                return _paused;
        }
    }

    /// <summary>Whether the consumer may take the picture that waits; read under the lock.</summary>
    public bool IsOpen => !_paused || _steps > 0;

    /// <inheritdoc/>
    public void Pause() => Set(paused: true, steps: 0);

    /// <inheritdoc/>
    public void Play() => Set(paused: false, steps: 0);

    /// <inheritdoc/>
    public void Advance()
    {
        lock (sinkLock)
            Set(paused: true, steps: _steps + 1);
    }

    /// <summary>Whether the source's thread has to wait: it works ahead of a step by no picture. Called under the lock.</summary>
    /// <param name="pictureWaits">Whether the consumer has one to take.</param>
    public bool HoldsSource(bool pictureWaits) => _paused && (_steps == 0 || pictureWaits);

    /// <summary>Notes that the consumer took a picture; called under the lock.</summary>
    public void NoteTaken() => _steps = Math.Max(0, _steps - 1);

    /// <summary>Lets one picture through a pause; called under the lock.</summary>
    public void AllowOne() => _steps = _paused ? Math.Max(_steps, 1) : 0;

    private void Set(bool paused, int steps)
    {
        lock (sinkLock)
        {
            (_paused, _steps) = (paused, steps);
            Monitor.PulseAll(sinkLock);
        }
    }
}
