using System.Diagnostics;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Threads that help a caller to run programs, one program at a time. A helper that the system does not schedule holds up nothing it
/// has not claimed. Helpers wait a bounded time for the next run, because waking a sleeping thread costs more than a small network;
/// then they sleep. On a crowded machine participants share processors in pairs (<see cref="Crowding"/>).
/// </summary>
/// <param name="threads">Most threads that work on a program, the caller's being one of them; from 1 to <see cref="MostThreads"/>.</param>
/// <param name="sharing">How many of them a program is worth; that of the machine by default.</param>
internal sealed class WorkerPool(int threads, SharingRule? sharing = null) : IDisposable
{
    /// <summary>Most threads that can be asked for.</summary>
    public const int MostThreads = 1024;

    /// <summary>How often a helper looks for the next run before it sleeps: for some tenths of a millisecond.</summary>
    private const int LooksBetweenRuns = 4000;

    /// <summary>The same for what it waits for within a run: longer than any piece takes, so that nobody sleeps where all have processors.</summary>
    private const int LooksWithProcessor = 20_000;

    /// <summary>The same where the one that it waits for may need its processor.</summary>
    private const int LooksOnSharedProcessor = 20;

    private readonly SleepGate<SharedNumbers> _gate = new(new SharedNumbers(SleepGate<SharedNumbers>.CountNumbers(threads)));
    private readonly List<Thread> _helpers = [];
    private readonly ManualResetEventSlim[] _signals = [.. Enumerable.Range(0, threads).Select(_ => new ManualResetEventSlim(false, spinCount: 0))];
    private readonly Crowding _crowding = new(threads);
    private readonly int[] _processors = new int[threads];
    private CpuProgram? _program;
    private readonly long[] _losses = new long[threads];
    private readonly long[] _lossesOfRun = new long[threads];
    private long _lossesBefore;
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
            int participant = _helpers.Count + 1;
            var helper = new Thread(() => Help(participant)) { IsBackground = true, Name = $"RealtimeCnn CPU {participant}" };
            _helpers.Add(helper);
            helper.Start();
        }
    }

    /// <summary>Calls helpers to a program that has released steps, and returns at once.</summary>
    public void Call(CpuProgram program)
    {
        TakePlace(participant: 0);
        Volatile.Write(ref _program, program);
        _gate.PublishRun();
        Wake(program.Participants, but: 0);
        // Helpers are on their way meanwhile: asking the system takes as long as a small step.
        if (!program.IsBrief)
            _lossesBefore = LinuxThread.CountLosses();
    }

    /// <summary>How often a participant of a run looks for what it waits for before it sleeps.</summary>
    public int LooksInRun => _crowding.IsCrowded ? LooksOnSharedProcessor : LooksWithProcessor;

    /// <summary>Takes notice of the end of a run: how many processors were lost to other programs decides where the next ones are run.</summary>
    public void EndRun(CpuProgram program)
    {
        if (program.IsBrief)
            return;
        int participants = program.Participants;
        _losses[0] = LinuxThread.CountLosses() - _lossesBefore;
        for (int i = 0; i < participants; i++)
            _lossesOfRun[i] = Interlocked.Exchange(ref _losses[i], 0);
        _crowding.EndRun(_lossesOfRun.AsSpan(0, participants), Stopwatch.GetElapsedTime(0));
    }

    /// <summary>Wakes those participants that sleep, after something new was made visible to them.</summary>
    /// <param name="participants">How many there are.</param>
    /// <param name="but">The one that wakes.</param>
    public void Wake(int participants, int but)
    {
        for (int participant = 0; participant < participants; participant++)
        {
            if (participant != but && _gate.TryWake(participant))
                _signals[participant].Set();
        }
    }

    /// <summary>Says that a participant is about to sleep, before it looks for the last time.</summary>
    public void Announce(int participant) => _gate.Announce(participant);

    /// <summary>Sleeps until something is new, having announced it.</summary>
    /// <param name="participant">The participant that sleeps.</param>
    /// <param name="unless">What it saw at its last look: there is something new already.</param>
    public void Sleep(int participant, bool unless)
    {
        if (unless && _gate.TryWithdraw(participant))
            return;
        _signals[participant].Wait();
        _signals[participant].Reset();
    }

    public void Dispose()
    {
        if (_stop)
            return;
        _stop = true;
        _gate.PublishRun();
        Wake(_helpers.Count + 1, but: 0);
        foreach (var helper in _helpers)
            helper.Join();
        foreach (var signal in _signals)
            signal.Dispose();
    }

    /// <summary>
    /// On a crowded machine each second participant joins the one before it on its processor; else all are where the system puts them.
    /// The caller's thread is never moved: it is not ours.
    /// </summary>
    private void TakePlace(int participant)
    {
        bool isCrowded = _crowding.IsCrowded;
        if (participant % 2 == 0)
            Volatile.Write(ref _processors[participant], isCrowded ? LinuxThread.Processor : LinuxThread.AnyProcessor);
        else
            LinuxThread.StayOn(Volatile.Read(ref _processors[participant - 1]));
    }

    private void Help(int participant)
    {
        long seen = 0;
        var patience = default(Patience);
        while (!_stop)
        {
            long latest = _gate.LatestRun;
            if (latest != seen)
            {
                // A program that is published later is published as a later run.
                seen = latest;
                TakePlace(participant);
                var program = Volatile.Read(ref _program);
                if (program != null && participant < program.Participants)
                {
                    long before = program.IsBrief ? 0 : LinuxThread.CountLosses();
                    program.Help(participant);
                    if (!program.IsBrief)
                        Interlocked.Add(ref _losses[participant], LinuxThread.CountLosses() - before);
                }

                patience = default;
            }
            else if (!patience.TryWait(LooksBetweenRuns))
            {
                _gate.Announce(participant);
                Sleep(participant, unless: _gate.LatestRun != seen);
                patience = default;
            }
        }
    }
}
