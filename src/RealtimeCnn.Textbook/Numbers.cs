namespace RealtimeCnn.Textbook;

/// <summary>Arithmetic in double that claims compare networks with: the definitions, spelled out.</summary>
internal static class Numbers
{
    /// <summary><c>‖a − b‖ / ‖b‖</c>; infinite where the shapes differ.</summary>
    public static double RelativeError(Tensor a, Tensor b) => a.Shape == b.Shape ? TensorDifference.Between(b, a).RelativeL2 : double.PositiveInfinity;

    /// <inheritdoc cref="RelativeError(Tensor, Tensor)"/>
    public static double RelativeError(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var shape = new Shape(b.Length);
        using Tensor actual = new(shape, a), expected = new(shape, b);
        return TensorDifference.Between(expected, actual).RelativeL2;
    }

    /// <summary>How many elements are not equal to the last bit.</summary>
    public static int DifferentElements(Tensor a, Tensor b)
    {
        int different = 0;
        for (int i = 0; i < b.Shape.Count; i++)
            different += a.Span[i].Equals(b.Span[i]) ? 0 : 1;
        return different;
    }

    /// <summary>Cross-correlation of a picture with a filter where the filter lies inside: <c>y[i,j] = Σ f[m,n] · x[i+m, j+n]</c>, over all channels.</summary>
    /// <param name="x"><c>[1, C, H, W]</c>.</param>
    /// <param name="filter"><c>[1, C, KH, KW]</c>.</param>
    public static Tensor CrossCorrelate(Tensor x, Tensor filter)
    {
        int rows = x.Shape.Height - filter.Shape.Height + 1, columns = x.Shape.Width - filter.Shape.Width + 1;
        var y = new Tensor(new Shape(1, 1, rows, columns));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int c = 0; c < x.Shape.Channels; c++)
                {
                    for (int m = 0; m < filter.Shape.Height; m++)
                    {
                        for (int n = 0; n < filter.Shape.Width; n++)
                            sum += (double)filter[0, c, m, n] * x[0, c, i + m, j + n];
                    }
                }

                y[0, 0, i, j] = (float)sum;
            }
        }

        return y;
    }

    /// <summary>Convolution of a channel with a filter, <c>(x ∗ g)[i,j] = Σ x[m,n] · g[i−m, j−n]</c>, with every element where the two overlap.</summary>
    /// <param name="x"><c>[1, 1, H, W]</c>.</param>
    /// <param name="filter"><c>[1, 1, KH, KW]</c>.</param>
    /// <returns><c>[1, 1, H + KH − 1, W + KW − 1]</c>.</returns>
    public static Tensor Convolve(Tensor x, Tensor filter)
    {
        int height = x.Shape.Height + filter.Shape.Height - 1, width = x.Shape.Width + filter.Shape.Width - 1;
        var y = new Tensor(new Shape(1, 1, height, width));
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
            {
                double sum = 0;
                for (int m = Math.Max(0, i - filter.Shape.Height + 1); m <= Math.Min(i, x.Shape.Height - 1); m++)
                {
                    for (int n = Math.Max(0, j - filter.Shape.Width + 1); n <= Math.Min(j, x.Shape.Width - 1); n++)
                        sum += (double)x[0, 0, m, n] * filter[0, 0, i - m, j - n];
                }

                y[0, 0, i, j] = (float)sum;
            }
        }

        return y;
    }

    /// <summary>Where the largest element of a channel lies.</summary>
    public static (int Row, int Column) Peak(Tensor x, int channel = 0)
    {
        (int Row, int Column) peak = default;
        for (int row = 0; row < x.Shape.Height; row++)
        {
            for (int column = 0; column < x.Shape.Width; column++)
            {
                if (x[0, channel, row, column] > x[0, channel, peak.Row, peak.Column])
                    peak = (row, column);
            }
        }

        return peak;
    }

    /// <summary>An element of a matrix.</summary>
    public static float At(this Tensor matrix, int row, int column) => matrix.Span[(row * matrix.Shape[1]) + column];

    /// <summary>Arithmetic mean.</summary>
    public static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }

    /// <summary>Standard deviation.</summary>
    public static double Deviation(ReadOnlySpan<float> values)
    {
        double mean = Mean(values), sum = 0;
        foreach (float value in values)
            sum += Square(value - mean);
        return Math.Sqrt(sum / values.Length);
    }

    /// <summary>Inner product.</summary>
    public static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>Euclidean length.</summary>
    public static double Length(ReadOnlySpan<float> values) => Math.Sqrt(Product(values, values));

    /// <summary>Cosine of the angle between two vectors; 0 where one has no length.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Product(a, b) / Math.Max(Length(a) * Length(b), 1e-30);

    public static double Square(double value) => value * value;
}
