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
        double error = 0, power = 0, worst = -1;
        int worstAt = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // What a double holds may be beyond a float; infinite then is right.
            double wanted = (float)expected[i], difference = wanted.Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]);
            if (double.IsNaN(difference) || double.IsInfinity(difference))
                return $"element {i} of {expected.Length} is {actual[i]:R}, expected {wanted:R}";
            if (difference > worst)
                (worst, worstAt) = (difference, i);
            error += difference * difference;
            power += double.IsFinite(wanted) ? wanted * wanted : 0;
        }

        double allowed = (OfResult * Math.Sqrt(power)) + (OfMagnitude * magnitude * Math.Sqrt(expected.Length));
        return Math.Sqrt(error) <= allowed
            ? null
            : $"relative L2 {Math.Sqrt(error / Math.Max(power, 1e-30)):E1}, worst at element {worstAt} of {expected.Length}: {actual[worstAt]:R}, expected {expected[worstAt]:R}";
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
