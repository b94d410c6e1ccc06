using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data.Scenes;

/// <summary>The picture of a scene while it is being made: three planes of pixels from 0 to 255.</summary>
internal readonly ref struct SceneCanvas(Span<float> pixels, int height, int width)
{
    /// <summary>Ink from which on a pixel belongs to a mark's box.</summary>
    private const float Visible = 0.3f;

    private readonly Span<float> _pixels = pixels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public Span<float> Plane(int channel) => _pixels.Slice(channel * Height * Width, Height * Width);

    /// <summary>Mean colour around a place, and the standard deviation of its green.</summary>
    public (float R, float G, float B) ColorAt(double x, double y, double radius, out float deviation)
    {
        Span<float> sums = stackalloc float[3];
        sums.Clear();
        float squares = 0;
        int count = 0;
        for (int i = -2; i <= 2; i++)
        {
            for (int j = -2; j <= 2; j++, count++)
            {
                int column = Math.Clamp((int)(x + (j * radius / 2)), 0, Width - 1), row = Math.Clamp((int)(y + (i * radius / 2)), 0, Height - 1);
                for (int c = 0; c < 3; c++)
                    sums[c] += Plane(c)[(row * Width) + column];
                squares += Plane(1)[(row * Width) + column] * Plane(1)[(row * Width) + column];
            }
        }

        deviation = MathF.Sqrt(Math.Max(0, (squares / count) - (sums[1] / count * (sums[1] / count))));
        return (sums[0] / count, sums[1] / count, sums[2] / count);
    }

    /// <summary>Fills the part of the picture in which a surface is seen.</summary>
    /// <param name="surface">Which.</param>
    /// <param name="color">Its colour at a place, from 0 to 255.</param>
    public void Fill(SceneSurface surface, Func<double, double, (float R, float G, float B)> color)
    {
        var (top, bottom, left, right) = Around(surface, 0, 0, surface.HalfWidth, surface.HalfHeight, 0);
        Span<float> red = Plane(0), green = Plane(1), blue = Plane(2);
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                var (u, v) = surface.FromPicture(column + 0.5, row + 0.5);
                float cover = (float)Math.Clamp(Math.Min(surface.HalfWidth - Math.Abs(u), surface.HalfHeight - Math.Abs(v)) + 0.5, 0, 1);
                if (cover <= 0)
                    continue;
                var (r, g, b) = color(u, v);
                int at = (row * Width) + column;
                red[at] += cover * (r - red[at]);
                green[at] += cover * (g - green[at]);
                blue[at] += cover * (b - blue[at]);
            }
        }
    }

    /// <summary>Draws a mark on a surface.</summary>
    /// <param name="surface">Where.</param>
    /// <param name="u">Middle of the mark on it.</param>
    /// <param name="v">Middle of the mark on it.</param>
    /// <param name="angle">Its turn on it, in radians.</param>
    /// <param name="mark">What.</param>
    /// <param name="ink">Its colour.</param>
    /// <param name="cover">How much of the ground the ink covers, from 0 to 1.</param>
    /// <returns>The box around what is seen of it, class 0; empty where nothing is.</returns>
    public Detection Draw(SceneSurface surface, double u, double v, double angle, SceneMark mark, (float R, float G, float B) ink, float cover)
    {
        double reach = Math.Sqrt((mark.HalfWidth * mark.HalfWidth) + (mark.HalfHeight * mark.HalfHeight));
        var (top, bottom, left, right) = Around(surface, u, v, reach, reach, 2);
        var (sine, cosine) = Math.SinCos(angle);
        Span<float> red = Plane(0), green = Plane(1), blue = Plane(2);
        int firstRow = Height, lastRow = -1, firstColumn = Width, lastColumn = -1;
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                var (placeU, placeV) = surface.FromPicture(column + 0.5, row + 0.5);
                double du = placeU - u, dv = placeV - v;
                float amount = mark.Ink((float)((cosine * du) + (sine * dv)), (float)((cosine * dv) - (sine * du)));
                if (amount <= 0)
                    continue;
                if (amount >= Visible)
                    (firstRow, lastRow, firstColumn, lastColumn) = (Math.Min(firstRow, row), Math.Max(lastRow, row), Math.Min(firstColumn, column), Math.Max(lastColumn, column));
                int at = (row * Width) + column;
                amount *= cover;
                red[at] += amount * (ink.R - red[at]);
                green[at] += amount * (ink.G - green[at]);
                blue[at] += amount * (ink.B - blue[at]);
            }
        }

        return lastRow < 0 ? default : new Detection(firstColumn, firstRow, lastColumn + 1, lastRow + 1, 0, 1);
    }

    /// <summary>The rows and columns in which a box on a surface is seen.</summary>
    private (int Top, int Bottom, int Left, int Right) Around(SceneSurface surface, double u, double v, double halfWidth, double halfHeight, double margin)
    {
        double top = Height, bottom = 0, left = Width, right = 0;
        for (int i = 0; i < 4; i++)
        {
            var (x, y) = surface.ToPicture(u + (i % 2 == 0 ? -halfWidth : halfWidth), v + (i < 2 ? -halfHeight : halfHeight));
            (top, bottom, left, right) = (Math.Min(top, y), Math.Max(bottom, y), Math.Min(left, x), Math.Max(right, x));
        }

        return ((int)Math.Clamp(top - margin, 0, Height), (int)Math.Clamp(bottom + margin + 1, 0, Height), (int)Math.Clamp(left - margin, 0, Width), (int)Math.Clamp(right + margin + 1, 0, Width));
    }
}
