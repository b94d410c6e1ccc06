using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>
/// Which steps a step comes after: those that write what it reads, and, because the memory plan uses places again, those that read or
/// write the bytes that it overwrites. A pure function of the memory plan.
/// </summary>
internal sealed class StepOrder
{
    private const int Caller = -1;

    // What no step has written yet, the caller has: the plan's inputs, and what the prologue computed.
    private readonly List<Extent> _extents = [new Extent(0, long.MaxValue, Caller, [])];

    /// <summary>For each step the numbers of those that must be complete before it begins, in ascending order.</summary>
    /// <param name="steps">Steps of a plan whose values have their places.</param>
    /// <param name="block">Channels of a block.</param>
    public static int[][] Of(IReadOnlyList<PlanStep> steps, int block)
    {
        var order = new StepOrder();
        int[][] after = new int[steps.Count][];
        for (int step = 0; step < after.Length; step++)
        {
            var before = new SortedSet<int>();
            foreach (var input in steps[step].Inputs)
                order.Read(input, block, step, before);
            foreach (var value in steps[step].Outputs.Concat(steps[step].Scratch))
                order.Write(value, block, step, before);
            before.Remove(step);
            before.Remove(Caller);
            // What one of the others waits for already need not be waited for again.
            after[step] = [.. before.Where(early => !before.Any(late => Array.BinarySearch(after[late], early) >= 0))];
        }

        return after;
    }

    private void Read(PlanValue value, int block, int step, SortedSet<int> before)
    {
        foreach (var extent in Take(value, block))
        {
            before.Add(extent.Writer);
            extent.Readers.Add(step);
            _extents.Add(extent);
        }
    }

    private void Write(PlanValue value, int block, int step, SortedSet<int> before)
    {
        foreach (var extent in Take(value, block))
        {
            before.Add(extent.Writer);
            before.UnionWith(extent.Readers);
        }

        var (from, to) = Bytes(value, block);
        _extents.Add(new Extent(from, to, step, []));
    }

    /// <summary>Takes out what is known of a value's bytes, cut at its ends.</summary>
    private List<Extent> Take(PlanValue value, int block)
    {
        var (from, to) = Bytes(value, block);
        var taken = new List<Extent>();
        foreach (var extent in _extents.Where(extent => extent.From < to && from < extent.To).ToArray())
        {
            _extents.Remove(extent);
            if (extent.From < from)
                _extents.Add(extent with { To = from, Readers = [.. extent.Readers] });
            if (to < extent.To)
                _extents.Add(extent with { From = to, Readers = [.. extent.Readers] });
            taken.Add(extent with { From = Math.Max(from, extent.From), To = Math.Min(to, extent.To), Readers = [.. extent.Readers] });
        }

        return taken;
    }

    private static (long From, long To) Bytes(PlanValue value, int block) => (value.ByteOffset, value.ByteOffset + value.Info.Bytes(block));

    /// <summary>Bytes of the arena, the step that wrote them last, and those that have read them since.</summary>
    private sealed record Extent(long From, long To, int Writer, HashSet<int> Readers);
}
