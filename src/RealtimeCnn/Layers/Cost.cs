namespace RealtimeCnn.Layers;

/// <summary>Sums and products of counts that stay at <see cref="long.MaxValue"/> where they would leave its range.</summary>
internal static class Cost
{
    /// <summary>The product of counts, each at least 0.</summary>
    public static long Product(params ReadOnlySpan<long> counts)
    {
        long product = 1;
        foreach (long count in counts)
        {
            if (count == 0)
                return 0;
            product = product > long.MaxValue / count ? long.MaxValue : product * count;
        }

        return product;
    }

    /// <summary>The sum of two counts, each at least 0.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>Elements of all shapes.</summary>
    public static long Elements(ReadOnlySpan<Shape> shapes)
    {
        long sum = 0;
        foreach (var shape in shapes)
            sum += shape.Count;
        return sum;
    }

    /// <summary>Comparisons that sorting takes for each of <paramref name="count"/> elements: the binary logarithm, rounded up, at least 1.</summary>
    public static long Depth(long count) => Math.Max(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(count - 1, 0)), 1);
}
