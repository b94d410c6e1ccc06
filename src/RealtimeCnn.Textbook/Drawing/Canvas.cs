using RealtimeCnn.Images;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;
}

/// <summary>Which point of a text is given.</summary>
internal enum Anchor
{
    Left,
    Center,
    Right,
}

/// <summary>An RGB picture to draw on; what lies outside is left out. Coordinates are in pixels, (0, 0) the top left corner.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[width * height * 3];
        Fill(new Box(0, 0, width, height), Palette.Paper);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Tightly packed RGB rows.</summary>
    public byte[] Pixels => _pixels;

    /// <summary>Mixes a colour into one pixel.</summary>
    public void Blend(int x, int y, Rgb color, double coverage)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height || coverage <= 0)
            return;
        coverage = Math.Min(coverage, 1);
        var pixel = _pixels.AsSpan(((y * Width) + x) * 3, 3);
        pixel[0] = Mix(pixel[0], color.R, coverage);
        pixel[1] = Mix(pixel[1], color.G, coverage);
        pixel[2] = Mix(pixel[2], color.B, coverage);
    }

    public void Fill(Box box, Rgb color, double coverage = 1)
    {
        for (int y = box.Y; y < box.Bottom; y++)
        {
            for (int x = box.X; x < box.Right; x++)
                Blend(x, y, color, coverage);
        }
    }

    /// <summary>A frame just inside a rectangle.</summary>
    public void Frame(Box box, Rgb color, int thickness = 1)
    {
        Fill(new Box(box.X, box.Y, box.Width, thickness), color);
        Fill(new Box(box.X, box.Bottom - thickness, box.Width, thickness), color);
        Fill(new Box(box.X, box.Y + thickness, thickness, box.Height - (2 * thickness)), color);
        Fill(new Box(box.Right - thickness, box.Y + thickness, thickness, box.Height - (2 * thickness)), color);
    }

    /// <summary>A line with round ends, antialiased by the distance of each pixel's centre.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, Rgb color, double thickness = 1.5)
    {
        double radius = thickness / 2, dx = toX - fromX, dy = toY - fromY, square = Math.Max((dx * dx) + (dy * dy), 1e-12);
        for (int y = (int)(Math.Min(fromY, toY) - radius - 1); y <= Math.Max(fromY, toY) + radius + 1; y++)
        {
            for (int x = (int)(Math.Min(fromX, toX) - radius - 1); x <= Math.Max(fromX, toX) + radius + 1; x++)
            {
                double px = x + 0.5 - fromX, py = y + 0.5 - fromY, along = Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1);
                double distance = Math.Sqrt(Square(px - (along * dx)) + Square(py - (along * dy)));
                Blend(x, y, color, radius + 0.5 - distance);
            }
        }
    }

    /// <summary>A filled disk.</summary>
    public void Disk(double x, double y, double radius, Rgb color) => Line(x, y, x, y, color, 2 * radius);

    /// <summary>A circle's outline.</summary>
    public void Ring(double x, double y, double radius, Rgb color, double thickness = 2)
    {
        for (int py = (int)(y - radius - 2); py <= y + radius + 2; py++)
        {
            for (int px = (int)(x - radius - 2); px <= x + radius + 2; px++)
            {
                double distance = Math.Sqrt(Square(px + 0.5 - x) + Square(py + 0.5 - y));
                Blend(px, py, color, (thickness / 2) + 0.5 - Math.Abs(distance - radius));
            }
        }
    }

    /// <summary>An arrow from left to right, or in any direction.</summary>
    public void Arrow(double fromX, double fromY, double toX, double toY, Rgb color)
    {
        double angle = Math.Atan2(toY - fromY, toX - fromX);
        Line(fromX, fromY, toX, toY, color);
        foreach (double side in (double[])[2.6, -2.6])
            Line(toX, toY, toX + (6 * Math.Cos(angle + side)), toY + (6 * Math.Sin(angle + side)), color);
    }

    /// <summary>One line of text; <paramref name="y"/> is the top of the line.</summary>
    public void Text(double x, int y, string text, Font font, Rgb color, Anchor anchor = Anchor.Left)
    {
        double pen = x - (anchor == Anchor.Left ? 0 : anchor == Anchor.Center ? font.Width(text) / 2.0 : font.Width(text));
        foreach (char letter in text)
        {
            var glyph = font[letter];
            int left = (int)Math.Round(pen) + glyph.Left;
            for (int i = 0; i < glyph.Coverage.Length; i++)
                Blend(left + (i % glyph.Width), y + glyph.Top + (i / glyph.Width), color, glyph.Coverage[i] / 255.0);
            pen += glyph.Advance;
        }
    }

    private static byte Mix(byte under, double over, double coverage) => (byte)Math.Round(under + (((Math.Clamp(over, 0, 1) * 255) - under) * coverage));

    private static double Square(double value) => value * value;
}
