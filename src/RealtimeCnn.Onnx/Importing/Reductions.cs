namespace RealtimeCnn.Onnx.Importing;

/// <summary>Which axes a reduction goes over, in the forms of all operator sets.</summary>
internal static class Reductions
{
    /// <summary>Axes in order, and whether they stay as axes of extent 1. No axes: nothing is reduced.</summary>
    public static (int[] Axes, bool Keep) Read(OnnxNode node, Shape x)
    {
        long[] given = node.IntsFrom("axes", 1) ?? [];
        bool noneMeansNone = node.Flag("noop_with_empty_axes");
        int[] axes = given.Length > 0 ? OnnxNode.Axes(given, x.Rank)
            : noneMeansNone ? []
            : [.. Enumerable.Range(0, x.Rank)];
        Array.Sort(axes);
        return (axes, node.Flag("keepdims", true));
    }

    public static Shape Shape(Shape x, int[] axes, bool keep) => new(
        [.. Enumerable.Range(0, x.Rank).Where(axis => keep || !axes.Contains(axis)).Select(axis => axes.Contains(axis) ? 1 : x[axis])]);
}
