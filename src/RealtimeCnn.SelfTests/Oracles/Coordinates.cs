namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>Tensors of any rank addressed by coordinates, for oracles that move elements.</summary>
internal static class Coordinates
{
    /// <summary>A tensor whose elements are computed from their coordinates.</summary>
    public static DoubleTensor Fill(Shape shape, Func<int[], double> element)
    {
        var result = new DoubleTensor(shape);
        for (int flat = 0; flat < shape.Count; flat++)
            result[flat] = element(Of(shape, flat));
        return result;
    }

    /// <summary>The element at some coordinates; coordinates along axes of extent 1 are ignored, and so are leading ones the tensor does not have.</summary>
    public static double At(DoubleTensor x, ReadOnlySpan<int> at)
    {
        int flat = 0, missing = at.Length - x.Shape.Rank;
        for (int axis = 0; axis < x.Shape.Rank; axis++)
            flat = (flat * x.Shape[axis]) + (x.Shape[axis] == 1 ? 0 : at[axis + missing]);
        return x[flat];
    }

    /// <summary>The coordinate that an index of a tensor means, counted from the end where it is negative; null outside, where a NaN lies too.</summary>
    public static int? Index(double index, int extent) => index >= -extent && index < extent ? (int)(index < 0 ? index + extent : index) : null;

    /// <summary>The shape that tensors broadcast to: aligned at the last axis, the larger extent wins.</summary>
    public static Shape Broadcast(params Shape[] shapes)
    {
        int rank = shapes.Max(shape => shape.Rank);
        return new Shape([.. Enumerable.Range(1, rank).Select(fromEnd => shapes.Max(shape => fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1)).Reverse()]);
    }

    public static int[] Of(Shape shape, int flat)
    {
        int[] at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            at[axis] = flat % shape[axis];
            flat /= shape[axis];
        }

        return at;
    }
}
