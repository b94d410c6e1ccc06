using RealtimeCnn.Graphs;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// Finds where a barrier is needed: before a dispatch that touches memory which dispatches since the last barrier have written,
/// or writes memory which they have read.
/// </summary>
internal sealed class HazardTracker
{
    // What a dispatch that writes apart has written waits for no other one of its step.
    private readonly List<(Range Range, PlanStep? Apart)> _written = [];
    private readonly List<Range> _read = [];

    /// <summary>Whether a barrier has to stand before this dispatch. Dispatches are given in the order in which they run.</summary>
    public bool NeedsBarrier(PlanStep step, Dispatch dispatch)
    {
        Range[] writes = [Range.Of(dispatch.Writes.ValueOf(step)!), .. dispatch.AlsoWrites is { } also ? [Range.Of(also.ValueOf(step)!)] : Array.Empty<Range>()];
        Range[] reads = [.. dispatch.Reads.Select(read => read.ValueOf(step)).OfType<PlanValue>().Select(Range.Of)];
        bool hazard = writes.Any(write => _written.Any(other => (other.Apart != step || !dispatch.WritesApart) && other.Range.Overlaps(write)) || _read.Any(write.Overlaps))
            || reads.Any(read => _written.Any(other => other.Range.Overlaps(read)));
        if (hazard)
        {
            _written.Clear();
            _read.Clear();
        }

        _written.AddRange(writes.Select(write => (write, dispatch.WritesApart ? step : null)));
        _read.AddRange(reads);
        return hazard;
    }

    private readonly record struct Range(long Start, long End)
    {
        public static Range Of(PlanValue value) => new(value.ByteOffset, value.ByteOffset + GpuPlan.Bytes(value));

        public bool Overlaps(Range other) => Start < other.End && other.Start < End;
    }
}
