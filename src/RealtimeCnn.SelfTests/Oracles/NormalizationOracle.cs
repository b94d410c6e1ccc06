namespace RealtimeCnn.SelfTests.Oracles;

/// <summary>Normalisation by measured mean and variance straight from its definition, in double.</summary>
internal static class NormalizationOracle
{
    /// <summary>Finds, for an element of batch item n and channel c, which (item, channel) pairs share its statistics.</summary>
    public delegate Func<int, int, bool> Sharing(int n, int c);

    /// <summary>Scale and bias are by channel.</summary>
    public static DoubleTensor Compute(DoubleTensor x, DoubleTensor scale, DoubleTensor bias, double epsilon, Sharing sharing)
    {
        var cache = new Dictionary<(int, int), (double Mean, double Variance)>();
        return DoubleTensor.Fill(x.Shape, (n, c, h, w) =>
        {
            if (!cache.TryGetValue((n, c), out var statistics))
                cache[(n, c)] = statistics = Measure([.. Elements(x, sharing(n, c))]);
            return ((x[n, c, h, w] - statistics.Mean) / Math.Sqrt(statistics.Variance + epsilon) * scale[c]) + bias[c];
        });
    }

    public static (double Mean, double Variance) Measure(IReadOnlyList<double> elements)
    {
        double mean = elements.Average();
        return (mean, elements.Average(element => (element - mean) * (element - mean)));
    }

    private static IEnumerable<double> Elements(DoubleTensor x, Func<int, int, bool> shares)
    {
        for (int n = 0; n < x.Shape.Batch; n++)
        for (int c = 0; c < x.Shape.Channels; c++)
        {
            if (!shares(n, c))
                continue;
            for (int i = 0; i < x.Shape.Area; i++)
                yield return x[(((n * x.Shape.Channels) + c) * x.Shape.Area) + i];
        }
    }
}
