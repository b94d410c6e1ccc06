using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>How one opening of a device went.</summary>
/// <param name="Pictures">Pictures that it delivered.</param>
/// <param name="Reason">Why it ended, or null when an input came to its natural end.</param>
public readonly record struct SessionEnd(long Pictures, string? Reason);

/// <summary>
/// A source over a device that can go away: it is opened, watched, given up when silent, and opened again with growing
/// pauses. One that never opened ends with the reason, unless <see cref="CameraOptions.KeepTrying"/>.
/// </summary>
public abstract class ReopeningSource : FrameSource
{
    /// <summary>Makes a source that is idle until it is started.</summary>
    /// <param name="name">What the source is, for people.</param>
    /// <param name="isLive">Whether it is live, to be watched and opened again; a file is neither.</param>
    /// <param name="options">Patience and requests; null for defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    protected ReopeningSource(string name, bool isLive, CameraOptions? options)
        : base(name, isLive)
    {
        Options = options ?? new CameraOptions();
        Options.Validate();
    }

    /// <summary>Patience and requests.</summary>
    protected CameraOptions Options { get; }

    /// <summary>Opens the device and delivers until it ends, is aborted or cancelled; on the source's thread.</summary>
    /// <param name="sink">Takes frames and damage counts.</param>
    /// <param name="cancellation">Cancelled by disposal.</param>
    /// <exception cref="CameraException">It can never work, and is not tried again.</exception>
    protected abstract SessionEnd RunSession(FrameSink sink, CancellationToken cancellation);

    /// <summary>Makes a running <see cref="RunSession"/> return soon, with this reason. Callable from any thread; does nothing between two.</summary>
    /// <param name="reason">Why it is given up.</param>
    protected abstract void AbortSession(string reason);

    /// <inheritdoc/>
    protected sealed override void Run(FrameSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (IsLive)
            sink.Watch(Options.StallAfter, Options.FrozenAfter, GiveUpWhenSilent);
        var pause = Options.FirstBackOff;
        while (true)
        {
            var (pictures, reason) = RunSession(sink, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (!IsLive)
            {
                if (reason is not null)
                    throw new CameraException(reason);
                return;
            }

            reason ??= $"{Name}: the stream ended.";
            if (pictures == 0 && sink.FramesIn == 0 && !Options.KeepTrying)
                throw new CameraException(reason);
            if (pictures > 0)
                pause = Options.FirstBackOff;
            sink.Report(SourceState.Lost, reason);
            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
            pause = pause * 2 < Options.LongestBackOff ? pause * 2 : Options.LongestBackOff;
            sink.Report(SourceState.Reopening, reason);
        }
    }

    /// <inheritdoc/>
    protected sealed override void Interrupt() => AbortSession("closed");

    private void GiveUpWhenSilent(SourceState state, TimeSpan silence)
    {
        bool opening = state is SourceState.Opening or SourceState.Reopening;
        if (silence > (opening ? Options.OpenTimeout : Options.LostAfter))
            AbortSession(opening ? $"no picture within {silence.TotalSeconds:0.0} s of opening" : $"no picture for {silence.TotalSeconds:0.0} s");
    }
}
