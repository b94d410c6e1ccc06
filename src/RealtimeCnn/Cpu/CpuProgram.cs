using System.Diagnostics;

namespace RealtimeCnn.Cpu;

/// <summary>A kernel with the addresses it works on, as a program runs it.</summary>
/// <param name="dispatch">The kernel.</param>
/// <param name="arguments">What it works on.</param>
/// <param name="share">How participants share it.</param>
internal readonly unsafe struct CpuCall(CpuDispatch dispatch, CpuArguments* arguments, StepShare share)
{
    public readonly delegate*<CpuArguments*, int, int, void> Kernel = dispatch.Kernel;
    public readonly CpuArguments* Arguments = arguments;
    public readonly int Items = dispatch.Items;
    public readonly CustomCpuKernel.Handle? Custom = dispatch.Custom;
    public readonly StepShare Share = share;
}

/// <summary>The calls of a plan as a flat list that threads walk together; on one thread a plain loop.</summary>
internal sealed unsafe class CpuProgram
{
    private readonly CpuCall[] _calls;
    private readonly WorkerPool _pool;
    private readonly StepWalk<SharedNumbers, Work> _walk;
    private CancellationToken _cancellation;

    /// <param name="calls">In order.</param>
    /// <param name="pool">Whose threads help.</param>
    /// <param name="participants">Threads that run it, the caller's included; at most as many as the pool has.</param>
    public CpuProgram(CpuCall[] calls, WorkerPool pool, int participants)
    {
        (_calls, _pool, Participants) = (calls, pool, participants);
        var shares = new StepShare[calls.Length];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = calls[i].Share;
        _walk = new StepWalk<SharedNumbers, Work>(shares, new SharedNumbers(StepWalk<SharedNumbers, Work>.CountNumbers(shares)), new Work(this));
        pool.Prepare(participants);
    }

    /// <summary>Threads that run it, the caller's included.</summary>
    public int Participants { get; }

    /// <summary>Whether a run is so short that asking what it lost to other programs would take a good part of it.</summary>
    public bool IsBrief { get; init; }

    /// <summary>Runs all calls.</summary>
    /// <param name="cancellation">Ends the run between two claims.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="InvalidOperationException">A kernel from outside threw something.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (Participants == 1)
            RunAlone(0, _calls.Length, cancellation);
        else
            RunTogether(_calls.Length, cancellation);
    }

    /// <summary>The same, one group of calls after the other, with the duration of each in milliseconds.</summary>
    /// <param name="groups">Calls in each group, in order.</param>
    /// <param name="cancellation">Ends the run between two calls.</param>
    public double[] Profile(IReadOnlyList<int> groups, CancellationToken cancellation)
    {
        double[] milliseconds = new double[groups.Count];
        int first = 0;
        for (int group = 0; group < milliseconds.Length; first += groups[group++])
        {
            long start = Stopwatch.GetTimestamp();
            if (Participants == 1)
                RunAlone(first, first + groups[group], cancellation);
            else
                RunTogether(groups[group], cancellation);
            // Small steps are shorter than a tick of TimeSpan.
            milliseconds[group] = (Stopwatch.GetTimestamp() - start) * 1000.0 / Stopwatch.Frequency;
        }

        return milliseconds;
    }

    /// <summary>Takes part in the run that is under way, until all of it is claimed.</summary>
    /// <param name="participant">Which one the calling thread is; 0 is the one that runs the program.</param>
    public void Help(int participant) => Walk(_walk.Join(), participant);

    private void RunAlone(int first, int end, CancellationToken cancellation)
    {
        for (int i = first; i < end; i++)
        {
            ref readonly var call = ref _calls[i];
            call.Kernel(call.Arguments, 0, call.Items);
            if (call.Custom?.TakeFailure() is { } failure)
                throw failure;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void RunTogether(int count, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        var at = _walk.Release(count);
        _pool.Call(this);
        Walk(at, participant: 0);
        // Of a whole run, the others' numbers are far away: what comes last tells of all before.
        AwaitSteps(at, onlyEnds: count == _calls.Length);
        if (IsAbandoned)
            AwaitSteps(at, onlyEnds: false);
        _pool.EndRun(this);
        var failure = TakeFailure();
        if (failure == null && !cancellation.IsCancellationRequested)
            return;
        // What was not released yet is part of the run, which is over.
        _walk.Abandon(at);
        _walk.Release(_calls.Length - at.End);
        throw failure ?? new OperationCanceledException(cancellation);
    }

    /// <summary>Whether somebody has begun to abandon the run, so that steps are over in any order.</summary>
    private bool IsAbandoned
    {
        get
        {
            bool isAbandoned = _cancellation.IsCancellationRequested;
            foreach (ref readonly var call in _calls.AsSpan())
                isAbandoned |= call.Custom is { HasFailed: true };
            return isAbandoned;
        }
    }

    /// <summary>Waits, as the caller, for released steps.</summary>
    private void AwaitSteps(in WalkPosition at, bool onlyEnds)
    {
        var patience = default(Patience);
        for (int step = at.Step; step < at.End; step++)
        {
            while (!(onlyEnds && !_walk.IsEnd(step)) && !_walk.IsComplete(step, at.Run))
            {
                if (patience.TryWait(_pool.LooksInRun))
                    continue;
                _pool.Announce(participant: 0);
                _pool.Sleep(participant: 0, unless: _walk.IsComplete(step, at.Run));
                patience = default;
            }
        }
    }

    private void Walk(WalkPosition at, int participant)
    {
        var patience = default(Patience);
        Turn turn;
        while ((turn = _walk.Take(ref at, participant)) != Turn.Finished)
        {
            if (turn != Turn.Waiting)
            {
                patience = default;
                if (turn == Turn.Completed)
                    _pool.Wake(Participants, but: participant);
            }
            else if (!patience.TryWait(_pool.LooksInRun))
            {
                _pool.Announce(participant);
                _pool.Sleep(participant, unless: !_walk.IsWaiting(at));
                patience = default;
            }
        }
    }

    /// <summary>What kernels from outside threw: the first of them, because a run has one end.</summary>
    private Exception? TakeFailure()
    {
        Exception? first = null;
        foreach (ref readonly var call in _calls.AsSpan())
        {
            if (call.Custom?.TakeFailure() is { } failure)
                first ??= failure;
        }

        return first;
    }

    /// <summary>Runs items of calls. A run that is cancelled, or whose kernel threw, begins nothing more.</summary>
    private readonly struct Work(CpuProgram program) : IStepWork
    {
        public bool Compute(int step, int from, int to)
        {
            ref readonly var call = ref program._calls[step];
            call.Kernel(call.Arguments, from, Math.Min(to, call.Items));
            return call.Custom is not { HasFailed: true } && !program._cancellation.IsCancellationRequested;
        }
    }
}
