using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// The loops of a reduction over memory: those over its outputs and those over the elements of one output, outermost first,
/// with axes that are walked in one go merged. Channel-blocked memory is row-major memory of <c>[N, blocks, …, block]</c>.
/// </summary>
/// <param name="Kept">Extent and step in floats of each loop over outputs.</param>
/// <param name="Reduced">Extent and step in floats of each loop over the elements of one output.</param>
/// <param name="Channels">Channels where outputs are channel-blocked, else 0.</param>
/// <param name="Area">Pixels of a channel of the output.</param>
internal sealed record ReduceLoop((int Extent, int Step)[] Kept, (int Extent, int Step)[] Reduced, int Channels, int Area)
{
    /// <summary>Floats of the output, those behind the last channel included.</summary>
    public int Outputs => Kept.Aggregate(1, (product, level) => product * level.Extent);

    /// <summary>Elements that become one.</summary>
    public int Elements => Reduced.Aggregate(1, (product, level) => product * level.Extent);

    public static ReduceLoop Of(Reduce layer, LayerCall call, int block)
    {
        var x = call.Input.Shape;
        bool blocked = call.Input.Layout == Layout.Blocked;
        int[] axes = AxisIndex.ResolveAll(layer.Axes, x.Rank);
        int[] extents = blocked ? [x.Batch, BlockedLayout.Blocks(x.Channels, block), .. x.ToArray()[2..], block] : x.ToArray();
        List<(int, int)> kept = [], reduced = [];
        for (int axis = extents.Length - 1, step = 1; axis >= 0; step *= extents[axis], axis--)
            Add(axes.Contains(axis) ? reduced : kept, extents[axis], step);
        kept.Reverse();
        reduced.Reverse();
        return new ReduceLoop([.. kept], [.. reduced], blocked ? x.Channels : 0, call.Output.Shape.Area);
    }

    private static void Add(List<(int Extent, int Step)> levels, int extent, int step)
    {
        if (levels.Count > 0 && step == levels[^1].Step * levels[^1].Extent)
            levels[^1] = levels[^1] with { Extent = levels[^1].Extent * extent };
        else if (extent != 1)
            levels.Add((extent, step));
    }
}
