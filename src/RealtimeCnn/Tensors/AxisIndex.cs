namespace RealtimeCnn;

/// <summary>Axes as users count them: from 0, or from −1 backwards from the last one.</summary>
internal static class AxisIndex
{
    /// <summary>The axis counted from 0.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static int Resolve(int axis, int rank) => axis >= -rank && axis < rank
        ? axis < 0 ? axis + rank : axis
        : throw new ShapeException($"axis {axis} does not exist: there are {rank} axes, so it must lie in [{-rank}, {rank - 1}].");

    /// <summary>The axes counted from 0, in ascending order; all of them where none is given.</summary>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static int[] ResolveAll(IReadOnlyList<int> axes, int rank)
    {
        if (axes.Count == 0)
            return [.. Enumerable.Range(0, rank)];
        int[] resolved = [.. axes.Select(axis => Resolve(axis, rank)).Order()];
        return resolved.Distinct().Count() == resolved.Length ? resolved : throw new ShapeException($"axes [{string.Join(", ", axes)}] name one axis twice.");
    }
}
