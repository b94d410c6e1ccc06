using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>Plays recorded or generated pictures in their own time: waits for a picture's moment when delivery is live, and for the end of a pause always.</summary>
/// <param name="sink">Says whether it is paused.</param>
/// <param name="notBefore">The first picture is not due before this moment.</param>
internal sealed class Pace(FrameSink sink, TimeSpan notBefore = default)
{
    private TimeSpan? _start;

    /// <summary>Waits until the picture is due, and returns that moment on the clock of <see cref="FrameClock"/>.</summary>
    /// <param name="time">The picture's time in its recording. The first one is due at once, and so is the first one after a pause.</param>
    /// <exception cref="OperationCanceledException">The source is being disposed.</exception>
    public TimeSpan Wait(TimeSpan time)
    {
        while (true)
        {
            bool waited = sink.AwaitTurn();
            if (waited && sink.Delivery == FrameDelivery.Latest)
                _start = null;
            var due = (_start ??= (FrameClock.Now > notBefore ? FrameClock.Now : notBefore) - time) + time;
            if (sink.Delivery == FrameDelivery.Every || due <= FrameClock.Now || sink.IsJumping)
                return due;
            sink.RestUntil(due);
        }
    }
}
