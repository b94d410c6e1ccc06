namespace RealtimeCnn.Layers;

/// <summary>
/// The loops over a row-major output and its broadcast operands: one extent a level, and for each operand its steps, with axes
/// that every operand walks in one go merged. The innermost step of an operand is 0 or 1.
/// </summary>
/// <param name="Extents">Extent of each level, outermost first; at least one level.</param>
/// <param name="Strides">For each operand, its step at each level, in floats.</param>
internal sealed record BroadcastLoop(int[] Extents, int[][] Strides)
{
    public static BroadcastLoop Of(ReadOnlySpan<Shape> operands, Shape output)
    {
        var extents = new List<int>();
        int[][] full = operands.ToArray().Map(shape => Broadcasting.Strides(shape, output));
        var strides = full.Select(_ => new List<int>()).ToArray();
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            int extent = output[axis];
            if (extent == 1)
                continue;
            bool merges = extents.Count > 0;
            for (int i = 0; i < full.Length && merges; i++)
                merges = full[i][axis] == strides[i][^1] * extents[^1];
            if (merges)
            {
                extents[^1] *= extent;
                continue;
            }

            extents.Add(extent);
            for (int i = 0; i < full.Length; i++)
                strides[i].Add(full[i][axis]);
        }

        if (extents.Count == 0)
        {
            extents.Add(1);
            foreach (var list in strides)
                list.Add(0);
        }

        extents.Reverse();
        foreach (var list in strides)
            list.Reverse();
        return new BroadcastLoop([.. extents], strides.Map(list => list.ToArray()));
    }
}
