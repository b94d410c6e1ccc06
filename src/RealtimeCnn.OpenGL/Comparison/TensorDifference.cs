namespace RealtimeCnn.OpenGL;

/// <summary>How far one tensor is from the one it should equal.</summary>
/// <param name="RelativeL2"><c>sqrt(Σ(actual − expected)² / Σ expected²)</c>; 0 for equal tensors, infinite where only one of two elements is NaN or infinite.</param>
/// <param name="MaxAbsolute">Largest absolute difference of two elements.</param>
/// <param name="At">Coordinates of that element, slowest axis first.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What it is.</param>
public sealed record TensorDifference(double RelativeL2, double MaxAbsolute, IReadOnlyList<int> At, float Expected, float Actual)
{
    /// <summary>No difference at all.</summary>
    internal static TensorDifference None { get; } = new(0, 0, [], 0, 0);

    /// <summary>Compares two tensors of one shape. Elements that are both NaN, or the same infinity, are equal.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static TensorDifference Between(Tensor expected, Tensor actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        if (expected.Shape != actual.Shape)
            throw new ShapeException($"Only tensors of one shape can be compared; these are {expected.Shape} and {actual.Shape}.");
        ReadOnlySpan<float> wanted = expected.Span, given = actual.Span;
        double error = 0, power = 0, worst = 0;
        int worstAt = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = wanted[i].Equals(given[i]) ? 0 : Math.Abs((double)given[i] - wanted[i]);
            if (!double.IsFinite(difference))
                difference = double.PositiveInfinity;
            if (difference > worst)
                (worst, worstAt) = (difference, i);
            error += difference * difference;
            power += double.IsFinite(wanted[i]) ? (double)wanted[i] * wanted[i] : 0;
        }

        // A tensor of zeros has no power to compare with; any difference counts in full.
        double relative = error == 0 ? 0 : Math.Sqrt(power == 0 ? error : error / power);
        return wanted.IsEmpty
            ? None
            : new TensorDifference(relative, worst, Coordinates(expected.Shape, worstAt), wanted[worstAt], given[worstAt]);
    }

    private static int[] Coordinates(Shape shape, int flat)
    {
        int[] at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
            (flat, at[axis]) = Math.DivRem(flat, shape[axis]);
        return at;
    }
}
