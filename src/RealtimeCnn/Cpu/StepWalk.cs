namespace RealtimeCnn.Cpu;

/// <summary>How participants share one step.</summary>
/// <param name="Items">Independent pieces of work; at least 1.</param>
/// <param name="Least">Fewest items claimed at once, where so many are left.</param>
/// <param name="Most">Most items claimed at once.</param>
/// <param name="Sections">Parts of equal size, of which each participant begins with its own; at least 1, at most <paramref name="Items"/>.</param>
/// <param name="After">Earlier steps that must be complete before an item of this one is begun.</param>
internal readonly record struct StepShare(int Items, int Least, int Most, int Sections, int[] After)
{
    /// <summary>First item of a section; the end of the last one for <see cref="Sections"/>.</summary>
    public int Start(int section) => (int)((long)Items * section / Sections);

    /// <summary>Items that are claimed where some are left: half of them, so that claims are few and the last ones short.</summary>
    public long Length(long left) => Math.Min(left, Math.Clamp(left / 2, Least, Most));
}

/// <summary>What the items of a step compute.</summary>
internal interface IStepWork
{
    /// <summary>Computes items <c>[from, to)</c>; false to end the run, because the step failed.</summary>
    bool Compute(int step, int from, int to);
}

/// <summary>Where a participant is in a run.</summary>
internal struct WalkPosition
{
    /// <summary>Number of the run.</summary>
    public long Run;

    /// <summary>All items of the steps before this one are claimed.</summary>
    public int Step;

    /// <summary>First step that is not released yet.</summary>
    public int End;
}

/// <summary>What came of one look at the steps.</summary>
internal enum Turn
{
    /// <summary>Items were computed, or another participant was faster: look again.</summary>
    Worked,

    /// <summary>The same, and a step is complete, for which others may wait.</summary>
    Completed,

    /// <summary>Nothing can be begun before others have finished something.</summary>
    Waiting,

    /// <summary>All released items are claimed.</summary>
    Finished,
}

/// <summary>
/// How participants share a list of steps without a barrier: each walks the list, claims items, and waits only for the steps that a
/// step comes after. Numbers count over all runs and never fall: of a section with n items, run r owns the claims and the finished items from
/// r·n to (r+1)·n. So nothing is reset, and a participant that slept through the end of its run finds all of it claimed.
/// </summary>
/// <param name="steps">The steps in order.</param>
/// <param name="numbers">As many as <see cref="CountNumbers"/> says.</param>
/// <param name="work">What the steps compute.</param>
internal sealed class StepWalk<TNumbers, TWork>(StepShare[] steps, TNumbers numbers, TWork work)
    where TNumbers : struct, ISharedNumbers
    where TWork : struct, IStepWork
{
    /// <summary>How far a participant that has to wait looks for a step that it need not wait for.</summary>
    private const int LookAhead = 8;

    /// <summary>The number of steps released in all runs.</summary>
    private const int Released = 0;

    // Where the numbers of each step are: for each section its claims, then for each its finished items. Who computes the items of one
    // section does not wait for the number of another's.
    private readonly int[] _claims = Place(steps);

    private readonly bool[] _isEnd = FindEnds(steps);

    /// <summary>Numbers that participants need to share some steps.</summary>
    public static int CountNumbers(StepShare[] steps) => steps.Length == 0 ? Released + 1 : Place(steps)[^1] + (2 * steps[^1].Sections);

    /// <summary>Lets participants begin the next steps, of a new run where the last has ended. The caller's alone.</summary>
    /// <returns>The caller's place in the run.</returns>
    public WalkPosition Release(int count) => At(numbers.Add(Released, count), count);

    /// <summary>A helper's place in the newest run; nothing may have been released yet.</summary>
    public WalkPosition Join()
    {
        long released = numbers.Read(Released);
        return At(released, (int)Math.Min(released, steps.Length));
    }

    /// <summary>Computes the items that one claim gets.</summary>
    /// <param name="at">The participant's place, which moves on.</param>
    /// <param name="participant">Its number, which decides the section it begins with.</param>
    public Turn Take(ref WalkPosition at, int participant)
    {
        int behind = Math.Min(at.End, at.Step + LookAhead);
        for (int step = at.Step; step < behind; step++)
        {
            ref readonly var share = ref steps[step];
            int section = FindSection(step, at.Run, participant, out long taken);
            if (section < 0)
            {
                if (step == at.Step)
                {
                    at.Step++;
                    behind = Math.Min(at.End, at.Step + LookAhead);
                }
            }
            else if (IsReady(share.After, at.Run))
            {
                int start = share.Start(section), items = share.Start(section + 1) - start;
                long first = taken - (at.Run * items), length = share.Length(items - first);
                if (!numbers.TryReplace(_claims[step] + section, taken, taken + length))
                    return Turn.Worked;
                int from = start + (int)first;
                bool isEnded = !work.Compute(step, from, from + (int)length);
                if (isEnded)
                    Abandon(at);
                // Of two who finish the last items of two sections, the later one sees that both are.
                bool isComplete = numbers.Add(_claims[step] + share.Sections + section, length) >= (at.Run + 1) * items && IsComplete(step, at.Run);
                return isEnded || isComplete ? Turn.Completed : Turn.Worked;
            }
        }

        return at.Step == at.End ? Turn.Finished : Turn.Waiting;
    }

    /// <summary>Whether a participant that had to wait has to wait still, for the completion of a step.</summary>
    public bool IsWaiting(in WalkPosition at)
    {
        int behind = Math.Min(at.End, at.Step + LookAhead);
        for (int step = at.Step; step < behind; step++)
        {
            if (FindSection(step, at.Run, 0, out _) < 0 ? step == at.Step : IsReady(steps[step].After, at.Run))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Claims all that nobody has begun, released or not, without computing it. From the last step backwards: while a step can still be
    /// begun, those before it are computed.
    /// </summary>
    public void Abandon(in WalkPosition at)
    {
        for (int step = steps.Length - 1; step >= at.Step; step--)
        {
            for (int section = 0; section < steps[step].Sections; section++)
            {
                int number = _claims[step] + section;
                long end = (at.Run + 1) * (steps[step].Start(section + 1) - steps[step].Start(section));
                long taken;
                while ((taken = numbers.Read(number)) < end)
                {
                    if (numbers.TryReplace(number, taken, end))
                        numbers.Add(number + steps[step].Sections, end - taken);
                }
            }
        }
    }

    /// <summary>Whether all items of a step are computed.</summary>
    public bool IsComplete(int step, long run)
    {
        ref readonly var share = ref steps[step];
        for (int section = 0; section < share.Sections; section++)
        {
            if (numbers.Read(_claims[step] + share.Sections + section) < (run + 1) * (share.Start(section + 1) - share.Start(section)))
                return false;
        }

        return true;
    }

    /// <summary>Whether no step comes after this one. Where these are complete all steps are, but in a run that was abandoned.</summary>
    public bool IsEnd(int step) => _isEnd[step];

    private static bool[] FindEnds(StepShare[] steps)
    {
        bool[] isEnd = new bool[steps.Length];
        Array.Fill(isEnd, true);
        foreach (int before in steps.SelectMany(step => step.After))
            isEnd[before] = false;
        return isEnd;
    }

    private static int[] Place(StepShare[] steps)
    {
        int[] places = new int[steps.Length];
        int next = Released + 1;
        for (int step = 0; step < places.Length; next += 2 * steps[step++].Sections)
            places[step] = next;
        return places;
    }

    private WalkPosition At(long released, int count)
    {
        long run = Math.Max(released - 1, 0) / Math.Max(steps.Length, 1);
        int end = (int)(released - (run * steps.Length));
        return new WalkPosition { Run = run, Step = Math.Max(end - count, 0), End = end };
    }

    /// <summary>A section with items that nobody has claimed, the participant's own before all others; −1 for none.</summary>
    private int FindSection(int step, long run, int participant, out long taken)
    {
        ref readonly var share = ref steps[step];
        int section = share.Sections == 1 ? 0 : participant % share.Sections;
        for (int i = 0; i < share.Sections; i++)
        {
            taken = numbers.Read(_claims[step] + section);
            if (taken < (run + 1) * (share.Start(section + 1) - share.Start(section)))
                return section;
            if (++section == share.Sections)
                section = 0;
        }

        taken = 0;
        return -1;
    }

    private bool IsReady(int[] after, long run)
    {
        foreach (int step in after)
        {
            if (!IsComplete(step, run))
                return false;
        }

        return true;
    }
}
