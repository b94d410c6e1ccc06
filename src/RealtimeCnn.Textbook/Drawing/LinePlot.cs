using RealtimeCnn.Drawing;
using System.Globalization;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>Points to join, from left to right.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points, Color Color);

/// <summary>Curves over two axes with ticks, and a legend beside them.</summary>
internal sealed record LinePlot(string Caption, int PlotWidth, int PlotHeight, string XLabel, string YLabel, IReadOnlyList<Curve> Curves) : Panel(Caption)
{
    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>Ends of the vertical axis; from the data where null.</summary>
    public (double Low, double High)? YRange { get; init; }

    public override int Width => PlotWidth;

    public override int Height => PlotHeight;

    public override void Draw(CpuCanvas canvas, int x, int y)
    {
        var points = Curves.SelectMany(curve => curve.Points).ToArray();
        var horizontal = Axis.Of(points.Select(point => point.X), LogX, null);
        var vertical = Axis.Of(points.Select(point => point.Y), LogY, YRange);
        int gutter = vertical.Ticks.Max(tick => Typeface.Small.Width(Format(tick))) + 8, legend = Curves.Count > 1 ? 18 : 0;
        var area = new Area(x + gutter, y + 20 + legend, PlotWidth - gutter - 8, PlotHeight - 58 - legend);

        canvas.Text(YLabel, x, y, Typeface.Small, Palette.Muted);
        canvas.Text(XLabel, area.Right, area.Bottom + 20, Typeface.Small, Palette.Muted, TextAnchor.Right);
        foreach (double tick in vertical.Ticks)
        {
            int at = (int)Math.Round(area.Bottom - (vertical.Place(tick) * area.Height));
            canvas.Fill(new Area(area.X, at, area.Width, 1), Palette.Hairline);
            canvas.Text(Format(tick), area.X - 6, at - 7, Typeface.Small, Palette.Muted, TextAnchor.Right);
        }

        foreach (double tick in horizontal.Ticks)
        {
            int at = (int)Math.Round(area.X + (horizontal.Place(tick) * area.Width));
            canvas.Fill(new Area(at, area.Bottom, 1, 4), Palette.Muted);
            canvas.Text(Format(tick), at, area.Bottom + 5, Typeface.Small, Palette.Muted, TextAnchor.Center);
        }

        canvas.Fill(new Area(area.X, area.Bottom, area.Width, 1), Palette.Muted);
        foreach (var curve in Curves)
            Draw(canvas, area, horizontal, vertical, curve);
        if (legend > 0)
            DrawLegend(canvas, area.X, y + 17);
    }

    private static void Draw(CpuCanvas canvas, Area area, Axis horizontal, Axis vertical, Curve curve)
    {
        var places = curve.Points.Select(point => (
            X: area.X + ((float)horizontal.Place(point.X) * area.Width), Y: area.Bottom - ((float)vertical.Place(point.Y) * area.Height))).ToArray();
        for (int i = 1; i < places.Length; i++)
            canvas.Line(places[i - 1].X, places[i - 1].Y, places[i].X, places[i].Y, curve.Color, 2);
        if (places.Length > 40)
            return;
        foreach (var (px, py) in places)
            canvas.Disk(px, py, 2.6f, curve.Color);
    }

    private void DrawLegend(CpuCanvas canvas, float x, float y)
    {
        foreach (var curve in Curves)
        {
            canvas.Line(x + 1, y + 7, x + 13, y + 7, curve.Color, 3);
            canvas.Text(curve.Name, x + 19, y, Typeface.Small, Palette.Ink);
            x += Typeface.Small.Width(curve.Name) + 34;
        }
    }

    private static string Format(double tick) =>
        Math.Abs(tick) >= 1e6 ? $"{(tick / 1e6).ToString("0.##", CultureInfo.InvariantCulture)}M"
        : Math.Abs(tick) >= 1e4 ? $"{(tick / 1e3).ToString("0.##", CultureInfo.InvariantCulture)}k"
        : tick != 0 && Math.Abs(tick) < 1e-3 ? tick.ToString("0e-0", CultureInfo.InvariantCulture)
        : tick.ToString("0.####", CultureInfo.InvariantCulture);
}
