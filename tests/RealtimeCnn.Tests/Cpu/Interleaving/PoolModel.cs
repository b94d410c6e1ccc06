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

    /// <summary>A helper says that it sleeps after it has looked for news, as a processor may order a write without a fence.</summary>
    LateSleep,

    /// <summary>Steps do not wait for those they come after.</summary>
    NoOrder,

    /// <summary>Who brings news wakes nobody.</summary>
    NoWaking,
}

/// <summary>
/// The caller and the helpers of a pool as phases: <see cref="StepWalk{TNumbers, TWork}"/> and <see cref="HelperGate{TNumbers}"/> as
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
    private readonly int _signals = StepWalk<Numbers, Work>.CountNumbers(steps) + HelperGate<Numbers>.CountNumbers(helpers);

    private int Stop => _signals + helpers;

    private int Begun => Stop + 1;

    private int Finished => Begun + steps.Sum(step => step.Items);

    private int Count => Finished + steps.Sum(step => step.Items);

    /// <summary>All interleavings of the pool.</summary>
    public Interleavings<Start> Explore() => new([new Start(Phase.Release), .. Enumerable.Repeat(new Start(Phase.Look), helpers)], Run, Count);

    private Start? Run(int thread, Start start, Recording recording)
    {
        var walk = new StepWalk<Numbers, Work>(
            [.. steps.Select(step => fault == Fault.NoOrder ? step with { After = [] } : step)], new Numbers(recording, 0, fault), new Work(this, recording));
        var gate = new HelperGate<Numbers>(new Numbers(recording, StepWalk<Numbers, Work>.CountNumbers(steps), fault));
        return thread == 0 ? Call(start, walk, gate, recording) : Help(thread - 1, start, walk, gate, recording);
    }

    /// <summary>As <see cref="CpuProgram.Run"/>, and after all runs as <see cref="WorkerPool.Dispose"/>.</summary>
    private Start? Call(Start start, StepWalk<Numbers, Work> walk, HelperGate<Numbers> gate, Recording recording)
    {
        switch (start.Phase)
        {
            case Phase.Release:
                var at = walk.Release(steps.Length);
                return start with { At = at, Phase = Phase.Publish };
            case Phase.Publish:
                gate.Publish();
                return start with { Index = 0, Phase = Phase.Wake };
            case Phase.Wake when start.Index < helpers:
                if (fault != Fault.NoWaking && gate.TryWake(start.Index))
                    recording.Do(shared => shared[_signals + start.Index] = 1);
                return start with { Index = start.Index + 1 };
            case Phase.Wake:
                return start.Runs == runs ? null : start with { Phase = Phase.Walk };
            case Phase.Walk:
                at = start.At;
                return walk.Take(ref at, 0) == Turn.Finished ? start with { At = at, Index = 0, Phase = Phase.Complete } : start with { At = at };
            case Phase.Complete when start.Index < steps.Length:
                return walk.IsComplete(start.Index, start.At.Run) ? start with { Index = start.Index + 1 } : start;
            case Phase.Complete:
                recording.Do(shared => VerifyRun(shared, start.Runs + 1));
                return start with { Runs = start.Runs + 1, At = default, Phase = start.Runs + 1 == runs ? Phase.Stop : Phase.Release };
            default:
                recording.Do(shared => shared[Stop] = 1);
                return start with { Phase = Phase.Publish };
        }
    }

    /// <summary>As <see cref="WorkerPool"/>'s helpers, whose patience may end at any time.</summary>
    private Start? Help(int helper, Start start, StepWalk<Numbers, Work> walk, HelperGate<Numbers> gate, Recording recording)
    {
        switch (start.Phase)
        {
            case Phase.Look:
                if (recording.Do(shared => shared[Stop]) == 1)
                    return null;
                long latest = gate.Latest;
                return start with { Seen = latest, Phase = latest == start.Seen ? Phase.Sleep : Phase.Join };
            case Phase.Join:
                return start with { At = walk.Join(), Phase = Phase.Walk };
            case Phase.Walk:
                var at = start.At;
                return walk.Take(ref at, helper + 1) == Turn.Finished ? new Start(Phase.Look) { Seen = start.Seen } : start with { At = at };
            default:
                if (gate.TrySleep(helper, start.Seen))
                    recording.Do(shared => shared[_signals + helper] = 0, shared => shared[_signals + helper] == 1);
                return start with { Phase = Phase.Look };
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
    }

    internal enum Phase
    {
        Release,
        Publish,
        Wake,
        Walk,
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
