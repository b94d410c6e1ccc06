namespace RealtimeCnn.Teaching;

/// <summary>
/// Nearest means in the metric in which examples of one class vary alike in all directions: linear discriminant analysis with equal
/// shares of the classes, whose covariance is shrunk half-way to a multiple of the identity, because there are fewer examples than
/// features.
/// </summary>
/// <remarks>
/// With the differences R <c>[n, D]</c> of examples from their means, <c>S = c·RᵀR + a·I</c>, <c>c = (1 − s)/(n − K)</c>, and
/// <c>a = s·tr(RᵀR)/((n − K)·D)</c>. By Woodbury, <c>S⁻¹ m = (m − Rᵀ (RRᵀ + a/c·I)⁻¹ R m)/a</c>, which solves n equations in place of D.
/// Source: Friedman 1989, "Regularized Discriminant Analysis", doi:10.1080/01621459.1989.10478752.
/// </remarks>
internal static class ShrunkenDiscriminant
{
    private const double Shrinkage = 0.5;

    /// <summary>The head of some examples; null where they say nothing of how classes vary: no two of one class that differ, or one class.</summary>
    public static LinearHead? Fit(IReadOnlyList<Shot> shots)
    {
        int[] classes = [.. shots.Select(shot => shot.Class).Distinct().Order()];
        int n = shots.Count, degrees = n - classes.Length;
        if (classes.Length < 2 || degrees < 1)
            return null;
        int features = shots[0].Values.Length;
        float[][] means = [.. classes.Select(label => Vectors.Mean([.. shots.Where(shot => shot.Class == label).Select(shot => shot.Values)]))];
        float[] middle = Vectors.Mean(means);
        float[][] rest = [.. shots.Select(shot => Difference(shot.Values, means[Array.IndexOf(classes, shot.Class)]))];
        // The lower triangle of RRᵀ.
        double[][] gram = [.. rest.Select((row, i) => rest.Take(i + 1).Select(other => (double)Vectors.Dot(row, other)).ToArray())];
        double trace = gram.Sum(row => row[^1]), a = Shrinkage * trace / degrees / features, c = (1 - Shrinkage) / degrees;
        if (!(a > 1e-12))
            return null;
        foreach (double[] row in gram)
            row[^1] += a / c;
        Cholesky(gram);
        float[] weights = new float[classes.Length * features], biases = new float[classes.Length];
        for (int row = 0; row < classes.Length; row++)
        {
            float[] away = Difference(means[row], middle);
            double[] solved = Solve(gram, [.. rest.Select(difference => (double)Vectors.Dot(difference, away))]);
            var weight = weights.AsSpan(row * features, features);
            Vectors.AddScaled(weight, away, (float)(1 / a));
            for (int i = 0; i < n; i++)
                Vectors.AddScaled(weight, rest[i], (float)(-solved[i] / a));
            // −½ (m − m̄)ᵀ S⁻¹ (m − m̄), and what the middle takes off every embedding.
            biases[row] = (-Vectors.Dot(weight, away) / 2) - Vectors.Dot(weight, middle);
        }

        return new LinearHead(classes, weights, biases);
    }

    private static float[] Difference(float[] x, float[] y)
    {
        float[] difference = [.. x];
        Vectors.AddScaled(difference, y, -1);
        return difference;
    }

    /// <summary>The lower triangle L with <c>L·Lᵀ</c> the matrix of a lower triangle, in its place.</summary>
    private static void Cholesky(double[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = rows[i][j] - Vectors.Dot(rows[i].AsSpan(0, j), rows[j].AsSpan(0, j));
                rows[i][j] = i == j ? Math.Sqrt(rest) : rest / rows[j][j];
            }
        }
    }

    /// <summary>Solves <c>L·Lᵀ·x = right</c>, in the place of the right side.</summary>
    private static double[] Solve(double[][] lower, double[] right)
    {
        int n = right.Length;
        for (int i = 0; i < n; i++)
            right[i] = (right[i] - Vectors.Dot(lower[i].AsSpan(0, i), right.AsSpan(0, i))) / lower[i][i];
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                right[i] -= lower[k][i] * right[k];
            right[i] /= lower[i][i];
        }

        return right;
    }
}
