namespace RealtimeCnn.Teaching;

/// <summary>
/// Nearest means in the metric in which examples of one class vary alike in all directions (<see cref="SharedCovariance"/>): linear
/// discriminant analysis with equal shares of the classes.
/// </summary>
/// <remarks>Source: Friedman 1989, "Regularized Discriminant Analysis", doi:10.1080/01621459.1989.10478752.</remarks>
internal static class ShrunkenDiscriminant
{
    /// <summary>The head of some examples; null where they say nothing of how classes vary: no two of one class that differ, or one class.</summary>
    public static LinearHead? Fit(IReadOnlyList<Shot> shots)
    {
        if (SharedCovariance.Of(shots) is not { } covariance)
            return null;
        float[] middle = Vectors.Mean(covariance.Means);
        int features = middle.Length;
        float[] weights = new float[covariance.Classes.Length * features], biases = new float[covariance.Classes.Length];
        for (int row = 0; row < biases.Length; row++)
        {
            float[] away = Vectors.Difference(covariance.Means[row], middle), weight = covariance.Solve(away);
            weight.CopyTo(weights, row * features);
            // −½ (m − m̄)ᵀ S⁻¹ (m − m̄), and what the middle takes off every embedding.
            biases[row] = (-Vectors.Dot(weight, away) / 2) - Vectors.Dot(weight, middle);
        }

        return new LinearHead(covariance.Classes, weights, biases);
    }
}
