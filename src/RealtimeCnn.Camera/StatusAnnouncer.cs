using System.Runtime.ExceptionServices;
using RealtimeCnn.Images;

namespace RealtimeCnn.Camera;

/// <summary>
/// Tells handlers about changes of state: in order, one at a time, and on whichever thread made the change. What a
/// handler throws is kept for the program's own thread; a source's thread or a timer's is no place for it.
/// </summary>
/// <param name="source">Whose states they are: the sender of the event.</param>
internal sealed class StatusAnnouncer(object source)
{
    private readonly Lock _lock = new();
    private readonly Queue<SourceStatus> _pending = new();
    private bool _announcing;
    private Exception? _failure;

    public event EventHandler<SourceStatus>? Announced;

    /// <summary>Notes a change; callable under the lock of the caller.</summary>
    public void Enqueue(SourceStatus status)
    {
        lock (_lock)
            _pending.Enqueue(status);
    }

    /// <summary>Raises the event for what is pending, unless another call is at it; not to be called under a lock.</summary>
    public void Announce()
    {
        while (true)
        {
            SourceStatus next;
            lock (_lock)
            {
                if (_announcing || !_pending.TryDequeue(out next))
                    return;
                _announcing = true;
            }

            foreach (var handler in Delegate.EnumerateInvocationList(Announced))
                Guard(() => handler(source, next));
            lock (_lock)
                _announcing = false;
        }
    }

    /// <summary>Runs code of the program's; the first exception is kept for <see cref="ThrowIfFailed"/>.</summary>
    public void Guard(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // On a thread of ours it would end the process; the program's next call throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            lock (_lock)
                _failure ??= error;
        }
    }

    /// <summary>Throws what a handler threw, once.</summary>
    public void ThrowIfFailed()
    {
        Exception? failure;
        lock (_lock)
            (failure, _failure) = (_failure, null);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
