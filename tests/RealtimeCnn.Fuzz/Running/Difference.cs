namespace RealtimeCnn.Fuzz.Running;

/// <summary>Whether two results are the same but for rounding errors.</summary>
internal static class Difference
{
    // Single precision has 6e-8; long sums and functions of the GPU lose a thousand of these, a wrong result millions.
    private const double OfResult = 2e-4, OfMagnitude = 5e-6;

    /// <summary>What is wrong with <paramref name="actual"/>; null where nothing is.</summary>
    /// <param name="expected">What it should be.</param>
    /// <param name="actual">What it is.</param>
    /// <param name="magnitude">The largest number on the way: what cancelled leaves errors in proportion to what it was.</param>
    public static string? Between(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double magnitude)
    {
        // What a double holds may be beyond a float; infinite then is right.
        var difference = TensorDifference.Between(new Shape(expected.Length), expected, actual);
        double allowed = (OfResult * difference.ExpectedNorm) + (OfMagnitude * magnitude * Math.Sqrt(expected.Length));
        return difference.ErrorNorm <= allowed
            ? null
            : $"relative L2 {difference.RelativeL2:E1}, worst at element {difference.At[0]} of {expected.Length}: {difference.Actual:R}, expected {difference.Expected:R}";
    }

    /// <inheritdoc cref="Between(ReadOnlySpan{double}, ReadOnlySpan{float}, double)"/>
    public static string? Between(Tensor expected, Tensor actual, double magnitude)
    {
        if (expected.Shape != actual.Shape)
            return $"shape is {actual.Shape}, expected {expected.Shape}";
        double[] wanted = new double[expected.Shape.Count];
        for (int i = 0; i < wanted.Length; i++)
            wanted[i] = expected.Span[i];
        return Between(wanted, actual.Span, magnitude);
    }
}
