using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data;

/// <summary>
/// Where each pixel of an augmented picture comes from: an affine map around the middle, and smooth shifts. Bilinear, with the edges
/// replicated. Reused from sample to sample.
/// </summary>
internal sealed class Warp
{
    private const int Grid = 4, Taps = 4;
    private readonly Augmentation _augmentation;
    private readonly int _height, _width;
    private readonly float[] _shifts = new float[2 * Grid * Grid], _across = new float[2 * Grid];
    private readonly (int Place, float Weight)[] _rows, _columns;
    private float _xx, _xy, _yx, _yy, _x0, _y0;
    private bool _bends;

    public Warp(Augmentation augmentation, int height, int width) =>
        (_augmentation, _height, _width, _rows, _columns) = (augmentation, height, width, Enlarge(height), Enlarge(width));

    /// <summary>Draws the map for a picture.</summary>
    public void Draw(ref SampleRandom random)
    {
        var a = _augmentation;
        double angle = random.NextSigned() * a.Rotation * Math.PI / 180, scale = random.NextSigned() * a.Scale;
        double x = Math.Exp(-scale - (random.NextSigned() * a.AxisScale)), y = Math.Exp(-scale - (random.NextSigned() * a.AxisScale));
        double shearX = random.NextSigned() * a.Shear, shearY = random.NextSigned() * a.Shear;
        double mirror = random.Next() < a.Flip ? -1 : 1;
        var (sine, cosine) = Math.SinCos(angle);
        // Rotation · shear · scale · mirror, from the new picture to the old.
        (_xx, _xy) = ((float)(x * mirror * (cosine - (sine * shearY))), (float)(y * ((cosine * shearX) - sine)));
        (_yx, _yy) = ((float)(x * mirror * (sine + (cosine * shearY))), (float)(y * ((sine * shearX) + cosine)));
        (_x0, _y0) = ((float)(random.NextSigned() * a.Shift * _width), (float)(random.NextSigned() * a.Shift * _height));
        _bends = random.Next() < a.Elastic;
        for (int i = 0; i < _shifts.Length && _bends; i++)
            _shifts[i] = (float)(random.NextSigned() * a.ElasticPixels);
    }

    /// <summary>Writes the new picture of all channels.</summary>
    public void Apply(ReadOnlySpan<float> from, Span<float> to)
    {
        int area = _height * _width;
        float middleX = (_width - 1) / 2f, middleY = (_height - 1) / 2f;
        for (int row = 0; row < _height; row++)
        {
            if (_bends)
                BendRow(row);
            for (int column = 0; column < _width; column++)
            {
                float dx = column - middleX, dy = row - middleY;
                float x = (_xx * dx) + (_xy * dy) + middleX + _x0, y = (_yx * dx) + (_yy * dy) + middleY + _y0;
                if (_bends)
                    (x, y) = (x + Bend(0, column), y + Bend(Grid, column));
                x = Math.Clamp(x, 0, _width - 1);
                y = Math.Clamp(y, 0, _height - 1);
                int left = (int)x, top = (int)y, right = Math.Min(left + 1, _width - 1), bottom = Math.Min(top + 1, _height - 1);
                float u = x - left, v = y - top;
                for (int plane = 0; plane < from.Length; plane += area)
                {
                    var upper = from.Slice(plane + (top * _width), _width);
                    var lower = from.Slice(plane + (bottom * _width), _width);
                    float above = upper[left] + (u * (upper[right] - upper[left])), below = lower[left] + (u * (lower[right] - lower[left]));
                    to[plane + (row * _width) + column] = above + (v * (below - above));
                }
            }
        }
    }

    /// <summary>
    /// Where a box is in the new picture: around where eight points of the ellipse in it went, because what a box holds seldom reaches
    /// its corners. Bending moves things by a few pixels only and is left out.
    /// </summary>
    public Detection Move(Detection box)
    {
        float middleX = (_width - 1) / 2f, middleY = (_height - 1) / 2f, determinant = (_xx * _yy) - (_xy * _yx);
        var moved = box with { Left = float.MaxValue, Top = float.MaxValue, Right = float.MinValue, Bottom = float.MinValue };
        for (int i = 0; i < 8; i++)
        {
            var (sine, cosine) = MathF.SinCos(i * MathF.PI / 4);
            float x = ((box.Left + box.Right) / 2) + (cosine * (box.Right - box.Left) / 2) - 0.5f - middleX - _x0, y = ((box.Top + box.Bottom) / 2) + (sine * (box.Bottom - box.Top) / 2) - 0.5f - middleY - _y0;
            float dx = (((_yy * x) - (_xy * y)) / determinant) + middleX + 0.5f, dy = (((_xx * y) - (_yx * x)) / determinant) + middleY + 0.5f;
            moved = moved with { Left = Math.Min(moved.Left, dx), Top = Math.Min(moved.Top, dy), Right = Math.Max(moved.Right, dx), Bottom = Math.Max(moved.Bottom, dy) };
        }

        return moved;
    }

    /// <summary>The shifts of one row, still as few as the grid has columns.</summary>
    private void BendRow(int row)
    {
        for (int i = 0; i < _across.Length; i++)
        {
            float sum = 0;
            for (int tap = 0; tap < Taps; tap++)
            {
                var (place, weight) = _rows[(row * Taps) + tap];
                sum += weight * _shifts[(((i / Grid * Grid) + place) * Grid) + (i % Grid)];
            }

            _across[i] = sum;
        }
    }

    private float Bend(int first, int column)
    {
        float sum = 0;
        for (int tap = 0; tap < Taps; tap++)
        {
            var (place, weight) = _columns[(column * Taps) + tap];
            sum += weight * _across[first + place];
        }

        return sum;
    }

    /// <summary>Which places of the grid make each place of a line of the picture, and how much: Catmull and Rom's cubics.</summary>
    private static (int Place, float Weight)[] Enlarge(int length) =>
    [
        .. Enumerable.Range(0, length * Taps).Select(i =>
        {
            double at = Math.Clamp((((i / Taps) + 0.5) * Grid / length) - 0.5, 0, Grid - 1);
            int place = (int)at + (i % Taps) - 1;
            return (Math.Clamp(place, 0, Grid - 1), (float)Cubic(at - place));
        }),
    ];

    private static double Cubic(double t)
    {
        t = Math.Abs(t);
        return t < 1 ? (((1.5 * t) - 2.5) * t * t) + 1 : t < 2 ? (((((-0.5 * t) + 2.5) * t) - 4) * t) + 2 : 0;
    }
}
