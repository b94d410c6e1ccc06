namespace RealtimeCnn;

/// <summary>
/// numpy's rule for shapes that differ: they are aligned at the last axis, and an axis of extent 1 (or a missing one) repeats.
/// The only place where it is written down.
/// </summary>
public static class Broadcasting
{
    /// <summary>The common shape.</summary>
    /// <param name="shapes">Those that are combined; none give a scalar.</param>
    /// <exception cref="ShapeException">Two extents along one axis differ and neither is 1.</exception>
    public static Shape Common(params ReadOnlySpan<Shape> shapes)
    {
        int rank = 0;
        foreach (var shape in shapes)
            rank = Math.Max(rank, shape.Rank);
        int[] extents = new int[rank];
        Array.Fill(extents, 1);
        foreach (var shape in shapes)
        {
            for (int axis = rank - shape.Rank; axis < rank; axis++)
            {
                int extent = shape[axis - rank + shape.Rank];
                if (extent != 1 && extents[axis] != 1 && extent != extents[axis])
                    throw new ShapeException($"shapes {string.Join(" and ", shapes.ToArray())} do not broadcast: along axis {axis} of the result, {extents[axis]} and {extent} differ and neither is 1.");
                if (extent != 1)
                    extents[axis] = extent;
            }
        }

        return new Shape(extents);
    }

    /// <summary><paramref name="shape"/> with axes of extent 1 in front until it has <paramref name="rank"/> axes.</summary>
    /// <param name="shape">A shape of at most <paramref name="rank"/> axes.</param>
    /// <param name="rank">Axes of the result.</param>
    public static Shape Padded(Shape shape, int rank)
    {
        int[] extents = new int[rank];
        Array.Fill(extents, 1);
        shape.ToArray().CopyTo(extents, rank - shape.Rank);
        return new Shape(extents);
    }

    /// <summary>Steps through a row-major tensor of <paramref name="shape"/>, in elements, along each axis of <paramref name="output"/>; 0 where it repeats.</summary>
    /// <param name="shape">The tensor's.</param>
    /// <param name="output">What it is repeated to.</param>
    public static int[] Strides(Shape shape, Shape output)
    {
        var padded = Padded(shape, output.Rank);
        int[] strides = new int[output.Rank];
        for (int axis = 0; axis < output.Rank; axis++)
            strides[axis] = padded[axis] == 1 ? 0 : padded.Product(axis + 1, output.Rank);
        return strides;
    }
}
