namespace RealtimeCnn.Teaching;

/// <summary>
/// How examples of one class differ, the same for all classes: their covariance, shrunk half-way to a multiple of the identity, because
/// there are fewer examples than features. Never written out as a matrix.
/// </summary>
/// <remarks>
/// With the differences R <c>[n, D]</c> of examples from their means, <c>S = c·RᵀR + a·I</c>, <c>c = (1 − s)/(n − K)</c>, and
/// <c>a = s·tr(RᵀR)/((n − K)·D)</c>. By Woodbury, <c>S⁻¹ m = (m − Rᵀ (RRᵀ + a/c·I)⁻¹ R m)/a</c>, which solves n equations in place of D;
/// with <c>L·Lᵀ = RRᵀ + a/c·I</c>, <c>mᵀ S⁻¹ m = (‖m‖² − ‖L⁻¹R m‖²)/a</c>.
/// Source: Friedman 1989, "Regularized Discriminant Analysis", doi:10.1080/01621459.1989.10478752.
/// </remarks>
internal sealed class SharedCovariance
{
    private const double Shrinkage = 0.5;
    private readonly float[][] _rest;
    private readonly double[][] _lower;

    private SharedCovariance(int[] classes, float[][] means, float[][] rest, double[][] lower, double ridge) =>
        (Classes, Means, _rest, _lower, Ridge) = (classes, means, rest, lower, ridge);

    /// <summary>Numbers of the classes, in order.</summary>
    public int[] Classes { get; }

    /// <summary>Of the examples of each class.</summary>
    public float[][] Means { get; }

    /// <summary>The multiple of the identity, a.</summary>
    public double Ridge { get; }

    /// <summary>Of examples; null where they say nothing of how classes vary: no two of one class that differ, or one class.</summary>
    public static SharedCovariance? Of(IReadOnlyList<Shot> shots)
    {
        int[] classes = [.. shots.Select(shot => shot.Class).Distinct().Order()];
        int degrees = shots.Count - classes.Length;
        if (classes.Length < 2 || degrees < 1)
            return null;
        float[][] means = [.. classes.Select(label => Vectors.Mean([.. shots.Where(shot => shot.Class == label).Select(shot => shot.Values)]))];
        float[][] rest = [.. shots.Select(shot => Vectors.Difference(shot.Values, means[Array.IndexOf(classes, shot.Class)]))];
        // The lower triangle of RRᵀ.
        double[][] gram = [.. rest.Select((row, i) => rest.Take(i + 1).Select(other => (double)Vectors.Dot(row, other)).ToArray())];
        double trace = gram.Sum(row => row[^1]), ridge = Shrinkage * trace / degrees / shots[0].Values.Length, share = (1 - Shrinkage) / degrees;
        if (!(ridge > 1e-12))
            return null;
        foreach (double[] row in gram)
            row[^1] += ridge / share;
        Cholesky(gram);
        return new SharedCovariance(classes, means, rest, gram, ridge);
    }

    /// <summary><c>S⁻¹ m</c>.</summary>
    public float[] Solve(float[] vector)
    {
        int n = _rest.Length;
        double[] right = [.. _rest.Select(row => (double)Vectors.Dot(row, vector))];
        for (int i = 0; i < n; i++)
            right[i] = (right[i] - Vectors.Dot(_lower[i].AsSpan(0, i), right.AsSpan(0, i))) / _lower[i][i];
        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
                right[i] -= _lower[k][i] * right[k];
            right[i] /= _lower[i][i];
        }

        float[] solved = new float[vector.Length];
        Vectors.AddScaled(solved, vector, (float)(1 / Ridge));
        for (int i = 0; i < n; i++)
            Vectors.AddScaled(solved, _rest[i], (float)(-right[i] / Ridge));
        return solved;
    }

    /// <summary><c>L⁻¹R</c>, row by row: what the covariance takes off a squared length.</summary>
    public float[] Directions()
    {
        int n = _rest.Length, features = _rest[0].Length;
        float[] rows = new float[n * features];
        for (int i = 0; i < n; i++)
        {
            var row = rows.AsSpan(i * features, features);
            _rest[i].CopyTo(row);
            for (int k = 0; k < i; k++)
                Vectors.AddScaled(row, rows.AsSpan(k * features, features), (float)-_lower[i][k]);
            foreach (ref float value in row)
                value = (float)(value / _lower[i][i]);
        }

        return rows;
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
}
