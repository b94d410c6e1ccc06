namespace RealtimeCnn.Cpu;

/// <summary>
/// Runs kernels on a fixed number of threads, the caller's being one of them. Ranges of items are claimed atomically, so that a
/// thread the system delays holds up at most one range. Helpers spin between calls for a bounded time, because waking a parked
/// thread costs more than a small layer; then they park.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforePark = 2000;
    private const int RangesPerThread = 4;

    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim _wake = new(0);
    private delegate*<CpuArguments*, int, int, void> _kernel;
    private CpuArguments* _arguments;
    private int _items;
    private int _rangeLength;
    private int _nextRange;
    private int _busy;
    private int _generation;
    private int _parked;
    private volatile bool _stop;

    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = new Thread[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Thread(Help) { IsBackground = true, Name = $"RealtimeCnn CPU {i + 1}" };
            _helpers[i].Start();
        }
    }

    /// <summary>Computes all items and returns when the last one is done.</summary>
    public void Run(delegate*<CpuArguments*, int, int, void> kernel, CpuArguments* arguments, int items)
    {
        if (_helpers.Length == 0 || items < 2)
        {
            kernel(arguments, 0, items);
            return;
        }

        int ranges = Math.Min(items, (_helpers.Length + 1) * RangesPerThread);
        _kernel = kernel;
        _arguments = arguments;
        _items = items;
        _rangeLength = (items + ranges - 1) / ranges;
        Volatile.Write(ref _nextRange, 0);
        Volatile.Write(ref _busy, _helpers.Length);
        Interlocked.Increment(ref _generation);
        int parked = Interlocked.Exchange(ref _parked, 0);
        if (parked > 0)
            _wake.Release(parked);

        ClaimRanges();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _busy) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        Interlocked.Increment(ref _generation);
        _wake.Release(_helpers.Length + 1);
        foreach (var helper in _helpers)
            helper.Join();
        _wake.Dispose();
    }

    private void ClaimRanges()
    {
        while (true)
        {
            long from = (Interlocked.Increment(ref _nextRange) - 1L) * _rangeLength;
            if (from >= _items)
                return;
            _kernel(_arguments, (int)from, (int)Math.Min(from + _rangeLength, _items));
        }
    }

    private void Help()
    {
        for (int seen = 0; ;)
        {
            AwaitWork(seen);
            seen = Volatile.Read(ref _generation);
            if (_stop)
                return;
            ClaimRanges();
            Interlocked.Decrement(ref _busy);
        }
    }

    private void AwaitWork(int seen)
    {
        for (int i = 0; i < SpinsBeforePark; i++)
        {
            if (Volatile.Read(ref _generation) != seen)
                return;
            Thread.SpinWait(20);
        }

        // Count as parked first and look again: a Run in between either is seen here or sees the count.
        while (Volatile.Read(ref _generation) == seen)
        {
            Interlocked.Increment(ref _parked);
            if (Volatile.Read(ref _generation) != seen)
            {
                if (TryUnpark())
                    return;
                _wake.Wait();
                return;
            }

            _wake.Wait();
        }
    }

    /// <summary>Takes back one parked mark, unless the caller of <see cref="Run"/> has already taken them all and will wake this thread.</summary>
    private bool TryUnpark()
    {
        while (true)
        {
            int parked = Volatile.Read(ref _parked);
            if (parked == 0)
                return false;
            if (Interlocked.CompareExchange(ref _parked, parked - 1, parked) == parked)
                return true;
        }
    }
}
