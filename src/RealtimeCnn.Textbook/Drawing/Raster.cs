using RealtimeCnn.Drawing;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>A rectangle that marks a place of a raster, in elements of the tensor.</summary>
internal readonly record struct Mark(int Row, int Column, int Rows, int Columns, Color Color);

/// <summary>
/// A tensor as a picture, each element a square of <see cref="Zoom"/> pixels. Three channels are red, green and blue in
/// [0, 1]; one channel is gray, or coloured by a ramp.
/// </summary>
internal sealed record Raster : Panel
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly Color[] _colors;

    private Raster(string caption, int rows, int columns, Func<int, int, Color> color)
        : base(caption)
    {
        (_rows, _columns) = (rows, columns);
        _colors = [.. Enumerable.Range(0, rows * columns).Select(i => color(i / columns, i % columns))];
    }

    /// <summary>Pixels along a side of an element.</summary>
    public int Zoom { get; init; } = 1;

    /// <summary>Whether hairlines separate the elements.</summary>
    public bool Gridded { get; init; }

    /// <summary>Places to frame.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Text in the elements, such as the weights of a filter; null for none.</summary>
    public Func<int, int, string>? Label { get; init; }

    public override int Width => _columns * Zoom;

    public override int Height => _rows * Zoom;

    /// <summary>A photograph or gray picture: its numbers in [0, 1] as they are.</summary>
    public static Raster Picture(string caption, Tensor x, int item = 0) => new(caption, x.Shape.Height, x.Shape.Width, (row, column) =>
    {
        int last = x.Shape.Channels - 1;
        return x.Shape.Channels == 3
            ? new Color(x[item, 0, row, column], x[item, 1, row, column], x[item, last, row, column])
            : new Color(x[item, 0, row, column], x[item, 0, row, column], x[item, 0, row, column]);
    });

    /// <summary>One channel from its lowest to its highest value, dark to bright.</summary>
    public static Raster Heat(string caption, Tensor x, int channel = 0, int item = 0, double? from = null, double? to = null)
    {
        var plane = x.Span.Slice(((item * x.Shape.Channels) + channel) * x.Shape.Area, x.Shape.Area);
        double low = from ?? Lowest(plane), high = to ?? Highest(plane);
        return new Raster(caption, x.Shape.Height, x.Shape.Width, (row, column) =>
            Palette.Sequential((x[item, channel, row, column] - low) / Math.Max(high - low, 1e-12)));
    }

    /// <summary>One channel around zero: blue below, white at, red above; full colour at ±<paramref name="range"/>.</summary>
    public static Raster Signed(string caption, Tensor x, int channel = 0, int item = 0, double? range = null)
    {
        var plane = x.Span.Slice(((item * x.Shape.Channels) + channel) * x.Shape.Area, x.Shape.Area);
        double full = range ?? Math.Max(Math.Max(Highest(plane), -Lowest(plane)), 1e-12);
        return new Raster(caption, x.Shape.Height, x.Shape.Width, (row, column) => Palette.Diverging(x[item, channel, row, column] / full));
    }

    /// <summary>Colours of one's own.</summary>
    public static Raster Colors(string caption, int rows, int columns, Func<int, int, Color> color) => new(caption, rows, columns, color);

    public override void Draw(CpuCanvas canvas, int x, int y)
    {
        for (int i = 0; i < _colors.Length; i++)
            canvas.Fill(new Area(x + (i % _columns * Zoom), y + (i / _columns * Zoom), Zoom, Zoom), _colors[i]);
        if (Gridded)
            DrawGrid(canvas, x, y);
        if (Label != null)
            DrawLabels(canvas, x, y, Label);
        foreach (var mark in Marks)
            canvas.Outline(new Area(x + (mark.Column * Zoom) - 1, y + (mark.Row * Zoom) - 1, (mark.Columns * Zoom) + 2, (mark.Rows * Zoom) + 2), mark.Color, 2);
    }

    private void DrawGrid(CpuCanvas canvas, int x, int y)
    {
        for (int row = 0; row <= _rows; row++)
            canvas.Fill(new Area(x, y + (row * Zoom), Width + 1, 1), Palette.Hairline);
        for (int column = 0; column <= _columns; column++)
            canvas.Fill(new Area(x + (column * Zoom), y, 1, Height + 1), Palette.Hairline);
    }

    private void DrawLabels(CpuCanvas canvas, int x, int y, Func<int, int, string> label)
    {
        for (int i = 0; i < _colors.Length; i++)
        {
            int row = i / _columns, column = i % _columns;
            var color = _colors[i];
            bool dark = (0.3 * color.R) + (0.6 * color.G) + (0.1 * color.B) < 0.5;
            canvas.Text(label(row, column), (float)(x + (column * Zoom) + (Zoom / 2.0)), y + (row * Zoom) + ((Zoom - Typeface.Small.LineHeight) / 2), Typeface.Small, dark ? Palette.Paper : Palette.Ink, TextAnchor.Center);
        }
    }

    private static double Lowest(ReadOnlySpan<float> values)
    {
        double lowest = double.PositiveInfinity;
        foreach (float value in values)
            lowest = Math.Min(lowest, value);
        return lowest;
    }

    private static double Highest(ReadOnlySpan<float> values)
    {
        double highest = double.NegativeInfinity;
        foreach (float value in values)
            highest = Math.Max(highest, value);
        return highest;
    }
}
