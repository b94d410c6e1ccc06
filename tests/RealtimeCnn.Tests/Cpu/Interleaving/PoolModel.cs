using RealtimeCnn.Cpu;

namespace RealtimeCnn.Tests.Cpu.Interleaving;

/// <summary>A promise of shared numbers that is broken on purpose, or a rule that is left out.</summary>
internal enum Fault
{
    None,

    /// <summary>A claim reads and writes in two operations.</summary>
    TornClaim,

    /// <summary>Items are counted as done in two operations.</summary>
    TornCount,

    /// <summary>A thread says that it sleeps after it has looked for the last time, as a processor may order a write without a fence.</summary>
    LateSleep,

    /// <summary>Steps do not wait for those they come after.</summary>
    NoOrder,

    /// <summary>Who begins a run wakes nobody.</summary>
    NoWaking,

    /// <summary>Who completes a step wakes nobody.</summary>
    SilentCompletion,
}

/// <summary>
/// The caller and the helpers of a pool as phases: <see cref="StepWalk{TNumbers, TWork}"/> and <see cref="SleepGate{TNumbers}"/> as
/// the product has them, in the order in which <see cref="CpuProgram"/> and <see cref="WorkerPool"/> call them; and behind their
/// numbers what each item has been through.
/// </summary>
/// <param name="steps">What is shared.</param>
/// <param name="helpers">Helpers beside the caller.</param>
/// <param name="runs">Runs that the caller makes before it stops the helpers.</param>
/// <param name="failing">A step whose items end the run; −1 for none.</param>
/// <param name="fault">What is broken.</param>
internal sealed class PoolModel(StepShare[] steps, int helpers, int runs, int failing = -1, Fault fault = Fault.None)
{
    private readonly int _signals = StepWalk<Numbers, Work>.CountNumbers(steps) + SleepGate<Numbers>.CountNumbers(helpers + 1);

    private int Stop => _signals + helpers + 1;

    private int Begun => Stop + 1;

    private int Finished => Begun + steps.Sum(step => step.Items);

    private int Count => Finished + steps.Sum(step => step.Items);

    /// <summary>All interleavings of the pool.</summary>
    public Interleavings<Start> Explore() => new([new Start(Phase.Release), .. Enumerable.Repeat(new Start(Phase.Look), helpers)], Run, Count);

    private Start? Run(int thread, Start start, Recording recording)
    {
        var walk = new StepWalk<Numbers, Work>(
            [.. steps.Select(step => fault == Fault.NoOrder ? step with { After = [] } : step)], new Numbers(recording, 0, fault), new Work(this, recording));
        var gate = new SleepGate<Numbers>(new Numbers(recording, StepWalk<Numbers, Work>.CountNumbers(steps), fault));
        return start.Phase switch
        {
            Phase.Walk => Walk(thread, start, walk),
            Phase.Wake => Wake(thread, start, gate, recording),
            Phase.Wait => Sleep(thread, start, gate, recording, () => !walk.IsWaiting(start.At)) with { Phase = Phase.Walk },
            _ => thread == 0 ? Call(start, walk, gate, recording) : Help(thread, start, walk, gate, recording),
        };
    }

    /// <summary>As <see cref="CpuProgram"/>, where patience may end at any time.</summary>
    private Start? Walk(int participant, Start start, StepWalk<Numbers, Work> walk)
    {
        var at = start.At;
        return walk.Take(ref at, participant) switch
        {
            Turn.Waiting => start with { At = at, Phase = Phase.Wait },
            Turn.Completed when fault != Fault.SilentCompletion => start with { At = at, Index = 0, Phase = Phase.Wake, Next = Phase.Walk },
            Turn.Finished when participant > 0 => new Start(Phase.Look) { Seen = start.Seen },
            Turn.Finished => start with { At = at, Index = 0, Phase = Phase.Complete },
            _ => start with { At = at },
        };
    }

    /// <summary>As <see cref="WorkerPool.Wake"/>.</summary>
    private Start? Wake(int participant, Start start, SleepGate<Numbers> gate, Recording recording)
    {
        if (start.Index > helpers)
            return start.Next is { } next ? start with { Index = 0, Phase = next } : null;
        if (start.Index != participant && gate.TryWake(start.Index))
            recording.Do(shared => shared[_signals + start.Index] = 1);
        return start with { Index = start.Index + 1 };
    }

    /// <summary>As <see cref="WorkerPool.Announce"/> and <see cref="WorkerPool.Sleep"/>.</summary>
    private Start Sleep(int participant, Start start, SleepGate<Numbers> gate, Recording recording, Func<bool> isThere)
    {
        gate.Announce(participant);
        if (!isThere() || !gate.TryWithdraw(participant))
            recording.Do(shared => shared[_signals + participant] = 0, shared => shared[_signals + participant] == 1);
        return start;
    }

    /// <summary>As <see cref="CpuProgram.Run"/>, and after all runs as <see cref="WorkerPool.Dispose"/>.</summary>
    private Start? Call(Start start, StepWalk<Numbers, Work> walk, SleepGate<Numbers> gate, Recording recording)
    {
        switch (start.Phase)
        {
            case Phase.Release:
                var at = walk.Release(steps.Length);
                return start with { At = at, Phase = Phase.Publish };
            case Phase.Publish:
                gate.PublishRun();
                return start with { Index = fault == Fault.NoWaking ? helpers + 1 : 0, Phase = Phase.Wake, Next = start.Runs == runs ? null : Phase.Walk };
            case Phase.Complete when start.Index < steps.Length:
                return (failing < 0 && !walk.IsEnd(start.Index)) || walk.IsComplete(start.Index, start.At.Run)
                    ? start with { Index = start.Index + 1 }
                    : Sleep(0, start, gate, recording, () => walk.IsComplete(start.Index, start.At.Run));
            case Phase.Complete:
                recording.Do(shared => VerifyRun(shared, start.Runs + 1));
                return start with { Index = 0, Runs = start.Runs + 1, At = default, Phase = start.Runs + 1 == runs ? Phase.Stop : Phase.Release };
            default:
                recording.Do(shared => shared[Stop] = 1);
                return start with { Phase = Phase.Publish };
        }
    }

    /// <summary>As <see cref="WorkerPool"/>'s helpers, whose patience may end at any time.</summary>
    private Start? Help(int participant, Start start, StepWalk<Numbers, Work> walk, SleepGate<Numbers> gate, Recording recording)
    {
        switch (start.Phase)
        {
            case Phase.Look:
                if (recording.Do(shared => shared[Stop]) == 1)
                    return null;
                long latest = gate.LatestRun;
                return start with { Seen = latest, Phase = latest == start.Seen ? Phase.Sleep : Phase.Join };
            case Phase.Join:
                return start with { At = walk.Join(), Phase = Phase.Walk };
            default:
                return Sleep(participant, start, gate, recording, () => gate.LatestRun != start.Seen) with { Phase = Phase.Look };
        }
    }

    private bool Fails(int step) => step == failing;

    private int Item(int step, int item) => steps.Take(step).Sum(before => before.Items) + item;

    private long Begin(long[] shared, int step, int from, int to)
    {
        // A run is over for all items of a step at once, so that any of them tells its number.
        long run = 1 + Enumerable.Range(0, steps.Sum(each => each.Items)).Min(item => shared[Finished + item]);
        foreach (int before in steps[step].After)
        {
            for (int item = 0; item < steps[before].Items; item++)
            {
                if (shared[Finished + Item(before, item)] <= shared[Finished + Item(step, from)])
                    throw new ForbiddenException($"Step {step} begins before item {item} of step {before} is done.");
            }
        }

        for (int item = from; item < to; item++)
        {
            if (++shared[Begun + Item(step, item)] > run)
                throw new ForbiddenException($"Item {item} of step {step} is begun twice in a run.");
        }

        return 0;
    }

    private long Finish(long[] shared, int step, int from, int to)
    {
        for (int item = from; item < to; item++)
            shared[Finished + Item(step, item)]++;
        return 0;
    }

    /// <summary>What must hold when the caller sees a run end.</summary>
    private long VerifyRun(long[] shared, int run)
    {
        for (int step = 0; step < steps.Length; step++)
        {
            bool isEnded = failing >= 0 && (step == failing || steps[step].After.Contains(failing));
            for (int item = 0; item < steps[step].Items; item++)
            {
                long begun = shared[Begun + Item(step, item)], finished = shared[Finished + Item(step, item)];
                if (begun != finished)
                    throw new ForbiddenException($"A run ends while item {item} of step {step} is computed.");
                if (isEnded ? step != failing && begun > 0 : failing < 0 && begun != run)
                    throw new ForbiddenException($"Item {item} of step {step} was begun {begun} times in {run} runs.");
            }
        }

        return 0;
    }

    /// <summary>What threads remember.</summary>
    internal readonly record struct Start(Phase Phase)
    {
        public WalkPosition At { get; init; }

        public long Seen { get; init; }

        public int Index { get; init; }

        public int Runs { get; init; }

        /// <summary>What follows <see cref="Phase.Wake"/>; null for nothing.</summary>
        public Phase? Next { get; init; }
    }

    internal enum Phase
    {
        Release,
        Publish,
        Wake,
        Walk,
        Wait,
        Complete,
        Stop,
        Look,
        Join,
        Sleep,
    }

    private readonly struct Numbers(Recording recording, int first, Fault fault) : ISharedNumbers
    {
        public long Read(int index)
        {
            int at = first + index;
            long now = recording.Do(shared => shared[at]);
            recording.DoDelayed();
            return now;
        }

        public long Add(int index, long amount)
        {
            int at = first + index;
            if (fault == Fault.LateSleep && first > 0 && index > 0)
                return recording.Delay(shared => shared[at] += amount);
            if (fault != Fault.TornCount)
                return recording.Do(shared => shared[at] += amount);
            long old = Read(index);
            return recording.Do(shared => shared[at] = old + amount);
        }

        public bool TryReplace(int index, long expected, long value)
        {
            int at = first + index;
            if (fault != Fault.TornClaim)
                return recording.Do(shared => shared[at] == expected && (shared[at] = value) == value ? 1 : 0) == 1;
            if (Read(index) != expected)
                return false;
            recording.Do(shared => shared[at] = value);
            return true;
        }
    }

    private readonly struct Work(PoolModel model, Recording recording) : IStepWork
    {
        public bool Compute(int step, int from, int to)
        {
            var each = model;
            recording.Do(shared => each.Begin(shared, step, from, to));
            recording.Do(shared => each.Finish(shared, step, from, to));
            return !model.Fails(step);
        }
    }
}
