namespace RealtimeCnn.Textbook;

/// <summary>Small symmetric matrices in double.</summary>
internal static class SymmetricMatrix
{
    /// <summary>Inner products of the rows of a matrix, <c>G = A·Aᵀ</c>.</summary>
    /// <param name="rows">How many rows the elements make.</param>
    /// <param name="elements">The matrix, row by row.</param>
    public static double[,] Gram(int rows, ReadOnlySpan<float> elements)
    {
        int columns = elements.Length / rows;
        double[,] gram = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < columns; k++)
                    sum += (double)elements[(i * columns) + k] * elements[(j * columns) + k];
                gram[i, j] = gram[j, i] = sum;
            }
        }

        return gram;
    }

    /// <summary>Singular values of a matrix, largest first: roots of the eigenvalues of its Gram matrix.</summary>
    public static double[] SingularValues(int rows, ReadOnlySpan<float> elements) =>
        [.. Eigenvalues(Gram(rows, elements)).Select(value => Math.Sqrt(Math.Max(value, 0))).OrderDescending()];

    /// <summary>Eigenvalues by cyclic Jacobi rotations, which destroys the matrix.</summary>
    /// <remarks>Source: Golub and Van Loan, "Matrix Computations", section 8.5.</remarks>
    private static double[] Eigenvalues(double[,] a)
    {
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < 30; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, n, p, q);
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i])];
    }

    private static void Rotate(double[,] a, int n, int p, int q)
    {
        if (a[p, q] == 0)
            return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)), c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
    }
}
