namespace RealtimeCnn.Training.Data;

/// <summary>
/// Where each pixel of an augmented picture comes from: an affine map around the middle, and smooth shifts. Bilinear, with the edges
/// replicated. Reused from sample to sample.
/// </summary>
internal sealed class Warp(Augmentation augmentation)
{
    private const int Grid = 4;
    private readonly double[] _shifts = new double[2 * Grid * Grid];
    private double _xx, _xy, _yx, _yy, _x0, _y0;
    private bool _bends;

    /// <summary>Draws the map for a picture.</summary>
    public void Draw(int height, int width, ref SampleRandom random)
    {
        var a = augmentation;
        double angle = random.NextSigned() * a.Rotation * Math.PI / 180, scale = random.NextSigned() * a.Scale;
        double x = Math.Exp(-scale - (random.NextSigned() * a.AxisScale)), y = Math.Exp(-scale - (random.NextSigned() * a.AxisScale));
        double shearX = random.NextSigned() * a.Shear, shearY = random.NextSigned() * a.Shear;
        double mirror = random.Next() < a.Flip ? -1 : 1;
        var (sine, cosine) = Math.SinCos(angle);
        // Rotation · shear · scale · mirror, from the new picture to the old.
        (_xx, _xy) = (x * mirror * (cosine - (sine * shearY)), y * ((cosine * shearX) - sine));
        (_yx, _yy) = (x * mirror * (sine + (cosine * shearY)), y * ((sine * shearX) + cosine));
        (_x0, _y0) = (random.NextSigned() * a.Shift * width, random.NextSigned() * a.Shift * height);
        _bends = random.Next() < a.Elastic;
        for (int i = 0; i < _shifts.Length && _bends; i++)
            _shifts[i] = random.NextSigned() * a.ElasticPixels;
    }

    /// <summary>Writes the new picture of all channels.</summary>
    public void Apply(ReadOnlySpan<float> from, Span<float> to, int channels, int height, int width)
    {
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double dx = column - middleX, dy = row - middleY;
                double x = (_xx * dx) + (_xy * dy) + middleX + _x0, y = (_yx * dx) + (_yy * dy) + middleY + _y0;
                if (_bends)
                    (x, y) = (x + Bend(0, row, column, height, width), y + Bend(Grid * Grid, row, column, height, width));
                x = Math.Clamp(x, 0, width - 1);
                y = Math.Clamp(y, 0, height - 1);
                int left = (int)x, top = (int)y, right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
                float u = (float)(x - left), v = (float)(y - top);
                for (int c = 0; c < channels; c++)
                {
                    var plane = from.Slice(c * height * width, height * width);
                    float above = plane[(top * width) + left] + (u * (plane[(top * width) + right] - plane[(top * width) + left]));
                    float below = plane[(bottom * width) + left] + (u * (plane[(bottom * width) + right] - plane[(bottom * width) + left]));
                    to[(((c * height) + row) * width) + column] = above + (v * (below - above));
                }
            }
        }
    }

    /// <summary>The grid of shifts, enlarged to the picture by Catmull and Rom's cubics.</summary>
    private double Bend(int first, int row, int column, int height, int width)
    {
        double y = Math.Clamp(((row + 0.5) * Grid / height) - 0.5, 0, Grid - 1), x = Math.Clamp(((column + 0.5) * Grid / width) - 0.5, 0, Grid - 1);
        int top = (int)y, left = (int)x;
        double sum = 0;
        for (int i = -1; i <= 2; i++)
        {
            double weight = Cubic(y - top - i);
            int line = first + (Math.Clamp(top + i, 0, Grid - 1) * Grid);
            for (int j = -1; j <= 2; j++)
                sum += weight * Cubic(x - left - j) * _shifts[line + Math.Clamp(left + j, 0, Grid - 1)];
        }

        return sum;
    }

    private static double Cubic(double t)
    {
        t = Math.Abs(t);
        return t < 1 ? (((1.5 * t) - 2.5) * t * t) + 1 : t < 2 ? ((((-0.5 * t) + 2.5) * t) - 4) * t + 2 : 0;
    }
}
