using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Finds where a barrier is needed: before a dispatch that touches memory which dispatches since the last barrier have written,
/// or writes memory which they have read.
/// </summary>
internal sealed class HazardTracker
{
    private readonly List<(long Start, long End)> _written = [];
    private readonly List<(long Start, long End)> _read = [];

    /// <summary>Whether a barrier has to stand before this dispatch. Dispatches are given in the order in which they run.</summary>
    public bool NeedsBarrier(PlanStep step, Dispatch dispatch)
    {
        var write = Range(dispatch.Writes.ValueOf(step)!);
        (long, long)[] reads = [.. dispatch.Reads.Select(read => read.ValueOf(step)).OfType<PlanValue>().Select(Range)];
        bool hazard = Overlaps(_written, write) || Overlaps(_read, write) || reads.Any(read => Overlaps(_written, read));
        if (hazard)
        {
            _written.Clear();
            _read.Clear();
        }

        _written.Add(write);
        _read.AddRange(reads);
        return hazard;
    }

    private static (long Start, long End) Range(PlanValue value) => (value.ByteOffset, value.ByteOffset + GpuPlan.Bytes(value));

    private static bool Overlaps(List<(long Start, long End)> ranges, (long Start, long End) range) =>
        ranges.Any(other => other.Start < range.End && range.Start < other.End);
}
