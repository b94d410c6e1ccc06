namespace RealtimeCnn.Onnx.Importing;

/// <summary>The elements of one axis that a Slice keeps.</summary>
/// <param name="Start">First element.</param>
/// <param name="Step">Distance to the next, possibly negative, never 0.</param>
/// <param name="Count">How many.</param>
internal readonly record struct SliceRange(int Start, int Step, int Count);

/// <summary>Reads Slice in its attribute form (opset 1) and its input form (opset 10).</summary>
internal static class SliceRanges
{
    /// <summary>One range for each axis of the input.</summary>
    public static SliceRange[] Read(OnnxNode node, Shape x)
    {
        long[] starts = node.IntsFrom("starts", 1) ?? throw OnnxNode.Problem("starts", "are missing.");
        long[] ends = node.IntsFrom("ends", 2) ?? throw OnnxNode.Problem("ends", "are missing.");
        int[] axes = node.IntsFrom("axes", 3) is { } given ? OnnxNode.Axes(given, x.Rank) : [.. Enumerable.Range(0, starts.Length)];
        long[] steps = node.OptionalConstant(4, "steps")?.ToInt64s() ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || starts.Length > x.Rank || steps.Contains(0))
            throw OnnxNode.Problem("starts, ends, axes and steps", $"must be as many as each other, at most {x.Rank}, and steps not 0.");

        SliceRange[] ranges = [.. Enumerable.Range(0, x.Rank).Select(axis => new SliceRange(0, 1, x[axis]))];
        for (int i = 0; i < starts.Length; i++)
            ranges[axes[i]] = Range(starts[i], ends[i], steps[i], x[axes[i]]);
        return ranges;
    }

    private static SliceRange Range(long start, long end, long step, long extent)
    {
        long From(long position) => position < 0 ? position + extent : position;
        if (step > 0)
        {
            long first = Math.Clamp(From(start), 0, extent), last = Math.Clamp(From(end), 0, extent);
            long count = Math.Max((last - first + Math.Min(step, extent + 1) - 1) / Math.Min(step, extent + 1), 0);
            return new SliceRange((int)(count == 0 ? 0 : first), (int)Math.Min(step, extent + 1), (int)count);
        }

        long down = Math.Min(step == long.MinValue ? long.MaxValue : -step, extent + 1);
        long high = Math.Clamp(From(start), -1, extent - 1), low = Math.Clamp(From(end), -1, extent - 1);
        long kept = Math.Max((high - low + down - 1) / down, 0);
        return new SliceRange((int)(kept == 0 ? 0 : high), (int)-down, (int)kept);
    }
}
