namespace RealtimeCnn.Cpu;

/// <summary>
/// Runs kernels on a fixed number of threads, the caller's being one of them. A job is cut into ranges of items that threads
/// claim atomically, and it is over when the last range is: a helper that the system does not schedule holds up nothing it has not
/// claimed. Helpers spin between jobs for a bounded time, because waking a parked thread costs more than a small layer; then they
/// park.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforePark = 500;
    private const int RangesPerThread = 4;

    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim _wake = new(0);

    // The job. Written by Run while no range is unclaimed; read by whoever has claimed one, which keeps the job from ending.
    private delegate*<CpuArguments*, int, int, void> _kernel;
    private CpuArguments* _arguments;
    private int _items;
    private int _rangeLength;
    private int _rangesDone;

    // Low half: ranges not claimed yet. High half: number of the job, so that a claim never confuses two jobs.
    private long _unclaimed;
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

    /// <summary>Computes all items and returns when the last one is done. One job at a time.</summary>
    public void Run(delegate*<CpuArguments*, int, int, void> kernel, CpuArguments* arguments, int items)
    {
        if (_helpers.Length == 0 || items < 2)
        {
            kernel(arguments, 0, items);
            return;
        }

        _kernel = kernel;
        _arguments = arguments;
        _items = items;
        _rangeLength = Math.Max(items / ((_helpers.Length + 1) * RangesPerThread), 1);
        int ranges = (items + _rangeLength - 1) / _rangeLength;
        Volatile.Write(ref _rangesDone, 0);
        Interlocked.Exchange(ref _unclaimed, (((_unclaimed >> 32) + 1) << 32) | (uint)ranges);
        int parked = Interlocked.Exchange(ref _parked, 0);
        if (parked > 0)
            _wake.Release(parked);

        while (TryRunRange())
        {
            // Claims until nothing is left to claim.
        }

        var spin = default(SpinWait);
        while (Volatile.Read(ref _rangesDone) != ranges)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        if (_helpers.Length > 0)
            _wake.Release(_helpers.Length);
        foreach (var helper in _helpers)
            helper.Join();
        _wake.Dispose();
    }

    private bool TryRunRange()
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref _unclaimed);
            if ((int)seen == 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref _unclaimed, seen - 1, seen) != seen);

        int from = ((int)seen - 1) * _rangeLength;
        _kernel(_arguments, from, Math.Min(from + _rangeLength, _items));
        Interlocked.Increment(ref _rangesDone);
        return true;
    }

    private void Help()
    {
        int idle = 0;
        while (!_stop)
        {
            if (TryRunRange())
                idle = 0;
            else if (++idle < SpinsBeforePark)
                Thread.SpinWait(50);
            else
            {
                Park();
                idle = 0;
            }
        }
    }

    /// <summary>Sleeps until a job comes.</summary>
    private void Park()
    {
        Interlocked.Increment(ref _parked);
        // Counted first and looked again then: a job that starts in between is either seen here or sees the count.
        if ((int)Volatile.Read(ref _unclaimed) == 0 || !TryUnpark())
            _wake.Wait();
    }

    /// <summary>Takes back this thread's mark; false when a job has taken it and will wake the thread.</summary>
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
