using RealtimeCnn.Images;

namespace RealtimeCnn.Textbook;

/// <summary>The picture that claims are shown on where no photograph is given: drawn by formula, so it is anyone's to use.</summary>
public static class Scene
{
    private const int Samples = 4;

    private static readonly Rgb Night = new(0.13, 0.20, 0.42);
    private static readonly Rgb Dusk = new(0.98, 0.72, 0.50);
    private static readonly Rgb Sun = new(1.00, 0.90, 0.55);
    private static readonly Rgb FarHill = new(0.42, 0.40, 0.58);
    private static readonly Rgb NearHill = new(0.16, 0.33, 0.30);
    private static readonly Rgb Wall = new(0.93, 0.89, 0.82);
    private static readonly Rgb Roof = new(0.72, 0.25, 0.20);
    private static readonly Rgb Window = new(1.00, 0.84, 0.35);
    private static readonly Rgb Trunk = new(0.30, 0.20, 0.15);
    private static readonly Rgb Leaves = new(0.10, 0.45, 0.28);

    /// <summary>A house under an evening sky, <c>[1, 3, height, width]</c> in [0, 1]; the caller disposes it.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    public static Tensor Draw(int height, int width)
    {
        var tensor = new Tensor(new Shape(1, 3, height, width));
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
                (tensor[0, 0, row, column], tensor[0, 1, row, column], tensor[0, 2, row, column]) = Pixel(row, column, height, width);
        }

        return tensor;
    }

    private static (float R, float G, float B) Pixel(int row, int column, int height, int width)
    {
        double r = 0, g = 0, b = 0;
        for (int i = 0; i < Samples * Samples; i++)
        {
            double y = (row + (((i / Samples) + 0.5) / Samples)) / height, x = (column + (((i % Samples) + 0.5) / Samples)) / width;
            var color = At(x * 4 / 3, y);
            (r, g, b) = (r + color.R, g + color.G, b + color.B);
        }

        const double Count = Samples * Samples;
        return ((float)(r / Count), (float)(g / Count), (float)(b / Count));
    }

    // x runs from 0 to 4/3 and y from 0 at the top to 1.
    private static Rgb At(double x, double y)
    {
        if (InHouse(x - 0.80, y - 0.60) is { } house)
            return house;
        if (Math.Abs(x - 0.42) < 0.018 && y is > 0.66 and < 0.84)
            return Trunk;
        if (Distance(x - 0.42, (y - 0.56) * 0.85) < 0.125 + (0.012 * Math.Sin(14 * Math.Atan2(y - 0.56, x - 0.42))))
            return Leaves;
        double near = 0.80 - (0.05 * Math.Sin((x * 3.1) + 0.6)), far = 0.62 - (0.10 * Math.Sin((x * 4.4) + 2.6));
        if (y > near)
            return ((int)Math.Floor((x * 18) + (y * 6)) & 1) == 0 ? NearHill : Shade(NearHill, 1.25);
        if (y > far)
            return FarHill;
        if (Distance(x - 0.22, y - 0.24) < 0.105)
            return Sun;
        foreach (var (starX, starY) in (ReadOnlySpan<(double, double)>)[(0.55, 0.10), (0.74, 0.22), (0.95, 0.08), (1.12, 0.24), (1.25, 0.11), (0.44, 0.30)])
        {
            if (Math.Abs(x - starX) + Math.Abs(y - starY) < 0.014)
                return Sun;
        }

        double depth = Math.Floor(y / far * 9) / 8;
        return new Rgb(Between(Night.R, Dusk.R, depth), Between(Night.G, Dusk.G, depth), Between(Night.B, Dusk.B, depth));
    }

    private static Rgb? InHouse(double x, double y)
    {
        if (x is > 0 and < 0.34 && y is > 0 and < 0.27)
        {
            bool window = (x is > 0.04 and < 0.12 || x is > 0.22 and < 0.30) && y is > 0.05 and < 0.14;
            bool bar = Math.Abs(x - 0.08) < 0.006 || Math.Abs(x - 0.26) < 0.006 || Math.Abs(y - 0.095) < 0.006;
            bool door = x is > 0.145 and < 0.195 && y > 0.12;
            return door ? Trunk : window && !bar ? Window : Wall;
        }

        bool roof = y is > -0.16 and <= 0 && Math.Abs(x - 0.17) < 0.215 + (y * 1.05);
        bool chimney = x is > 0.25 and < 0.29 && y is > -0.17 and < -0.02;
        return roof || chimney ? Roof : null;
    }

    private static Rgb Shade(Rgb color, double by) => new(color.R * by, color.G * by, color.B * by);

    private static double Between(double from, double to, double share) => from + ((to - from) * Math.Clamp(share, 0, 1));

    private static double Distance(double x, double y) => Math.Sqrt((x * x) + (y * y));
}
