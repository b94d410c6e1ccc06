using System.Runtime.ExceptionServices;

namespace RealtimeCnn.Training.Data;

/// <summary>Threads that make the batches of one epoch, a bounded number ahead of the one that is used.</summary>
internal sealed class BatchesAhead : IDisposable
{
    private readonly int _count, _ahead;
    private readonly Thread[] _threads;
    private readonly bool[] _isReady;
    private readonly object _gate = new();
    private int _next, _released;
    private bool _isStopped;
    private ExceptionDispatchInfo? _problem;

    /// <param name="count">Batches of the epoch.</param>
    /// <param name="ahead">Most that are made or being made and not yet released.</param>
    /// <param name="threads">How many threads make them.</param>
    /// <param name="makeFiller">Gives a thread what fills a batch by its number.</param>
    public BatchesAhead(int count, int ahead, int threads, Func<Action<int>> makeFiller)
    {
        (_count, _ahead, _isReady) = (count, ahead, new bool[count]);
        _threads = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => Work(makeFiller)) { IsBackground = true, Name = $"RealtimeCnn batches {i}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Waits for a batch; what went wrong in making one comes out here.</summary>
    public void Wait(int number)
    {
        lock (_gate)
        {
            while (!_isReady[number] && _problem == null)
                Monitor.Wait(_gate);
            _problem?.Throw();
        }
    }

    /// <summary>The oldest batch is no longer used: its memory may carry another.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _released++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the threads, and waits for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private void Work(Func<Action<int>> makeFiller)
    {
        try
        {
            var fill = makeFiller();
            while (Claim() is { } number)
            {
                fill(number);
                lock (_gate)
                {
                    _isReady[number] = true;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception problem)
        {
            lock (_gate)
            {
                _problem ??= ExceptionDispatchInfo.Capture(problem);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private int? Claim()
    {
        lock (_gate)
        {
            int number = _next++;
            while (number < _count && number >= _released + _ahead && !_isStopped)
                Monitor.Wait(_gate);
            return number < _count && !_isStopped ? number : null;
        }
    }
}
