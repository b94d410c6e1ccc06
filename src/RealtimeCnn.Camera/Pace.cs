using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Plays recorded or generated pictures in their own time: waits for a picture's moment when delivery is live, and never otherwise.</summary>
internal sealed class Pace(FrameDelivery delivery, CancellationToken cancellation)
{
    private TimeSpan? _start;

    /// <summary>Waits until the picture is due, and returns that moment on the clock of <see cref="FrameClock"/>.</summary>
    /// <param name="time">The picture's time in its recording. The first one is due at once.</param>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    public TimeSpan Wait(TimeSpan time)
    {
        var due = (_start ??= FrameClock.Now - time) + time;
        var left = due - FrameClock.Now;
        if (delivery == FrameDelivery.Latest && left > TimeSpan.Zero)
            cancellation.WaitHandle.WaitOne(left);
        cancellation.ThrowIfCancellationRequested();
        return due;
    }
}
