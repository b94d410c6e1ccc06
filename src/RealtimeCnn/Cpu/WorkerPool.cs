namespace RealtimeCnn.Cpu;

/// <summary>
/// Threads that help a caller to run programs, one program at a time. A helper that the system does not schedule holds up nothing it
/// has not claimed. Helpers wait a bounded time for the next run, because waking a sleeping thread costs more than a small network;
/// then they sleep.
/// </summary>
/// <param name="threads">Most threads that work on a program, the caller's being one of them; from 1 to <see cref="MostThreads"/>.</param>
/// <param name="sharing">How many of them a program is worth; that of the machine by default.</param>
internal sealed class WorkerPool(int threads, SharingRule? sharing = null) : IDisposable
{
    /// <summary>Most threads that can be asked for.</summary>
    public const int MostThreads = 1024;

    /// <summary>How often a helper looks for the next run before it sleeps: for some tenths of a millisecond.</summary>
    private const int LooksBeforeSleep = 1000;

    private readonly HelperGate<SharedNumbers> _gate = new(new SharedNumbers(HelperGate<SharedNumbers>.CountNumbers(threads - 1)));
    private readonly List<Thread> _helpers = [];
    private readonly ManualResetEventSlim[] _signals = new ManualResetEventSlim[threads - 1];
    private CpuProgram? _program;
    private volatile bool _stop;

    /// <summary>Most threads that work on a program, the caller's being one of them.</summary>
    public int Threads => threads;

    /// <summary>How many of them a program is worth, and in what pieces they share it.</summary>
    public SharingRule Sharing { get; } = sharing ?? SharingRule.Machine;

    /// <summary>A number of threads that is possible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void Verify(int threads)
    {
        if (threads is < 1 or > MostThreads)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, $"Threads is {threads}; it must be from 1 to {MostThreads}.");
    }

    /// <summary>Starts the helpers that a program wants, where they do not run yet.</summary>
    /// <param name="participants">Threads that will run the program, the caller's included; at most <see cref="Threads"/>.</param>
    public void Prepare(int participants)
    {
        while (_helpers.Count < participants - 1)
        {
            int number = _helpers.Count;
            _signals[number] = new ManualResetEventSlim(false, spinCount: 0);
            var helper = new Thread(() => Help(number)) { IsBackground = true, Name = $"RealtimeCnn CPU {number + 1}" };
            _helpers.Add(helper);
            helper.Start();
        }
    }

    /// <summary>Calls helpers to a program that has released steps, and returns at once.</summary>
    public void Call(CpuProgram program)
    {
        Volatile.Write(ref _program, program);
        Publish(program.Participants - 1);
    }

    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        Publish(_helpers.Count);
        for (int helper = 0; helper < _helpers.Count; helper++)
        {
            _helpers[helper].Join();
            _signals[helper].Dispose();
        }
    }

    private void Publish(int helpers)
    {
        _gate.Publish();
        for (int helper = 0; helper < helpers; helper++)
        {
            if (_gate.TryWake(helper))
                _signals[helper].Set();
        }
    }

    private void Help(int number)
    {
        long seen = 0;
        var patience = default(Patience);
        while (!_stop)
        {
            long latest = _gate.Latest;
            if (latest != seen)
            {
                // A program that is published later is published as later news.
                seen = latest;
                var program = Volatile.Read(ref _program);
                if (program != null && number + 1 < program.Participants)
                    program.Help(number + 1);
                patience = default;
            }
            else if (patience.Looks < LooksBeforeSleep)
                patience.Wait();
            else
            {
                _signals[number].Reset();
                if (_gate.TrySleep(number, seen))
                    _signals[number].Wait();
                patience = default;
            }
        }
    }
}
