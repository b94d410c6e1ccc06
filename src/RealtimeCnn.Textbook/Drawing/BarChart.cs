using RealtimeCnn.Drawing;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>One bar: its name, its length, what stands behind it, and its colour.</summary>
internal readonly record struct Bar(string Name, double Value, string Label, Color Color);

/// <summary>Horizontal bars from zero, to the right for what is above it and to the left for what is below; or over a logarithmic axis.</summary>
/// <param name="Caption">What is compared.</param>
/// <param name="ChartWidth">Width in pixels, names and labels included.</param>
/// <param name="Bars">From top to bottom.</param>
internal sealed record BarChart(string Caption, int ChartWidth, IReadOnlyList<Bar> Bars) : Panel(Caption)
{
    private const int Pitch = 24;

    /// <summary>Whether lengths are proportional to the logarithm; then all values are at least 1.</summary>
    public bool Logarithmic { get; init; }

    public override int Width => ChartWidth;

    public override int Height => (Bars.Count * Pitch) + 4;

    public override void Draw(CpuCanvas canvas, int x, int y)
    {
        int names = Bars.Max(bar => Typeface.Body.Width(bar.Name)) + 10, labels = Bars.Max(bar => Typeface.Body.Width(bar.Label)) + 10;
        int room = Math.Max(ChartWidth - names - labels, 20);
        double least = Math.Min(Bars.Min(bar => Length(bar.Value)), 0), most = Math.Max(Bars.Max(bar => Length(bar.Value)), 0);
        double unit = room / Math.Max(most - least, 1e-12);
        int zero = x + names + (int)Math.Round(-least * unit);
        canvas.Fill(new Area(zero - 1, y, 1, Height), Palette.Muted);
        for (int i = 0; i < Bars.Count; i++)
        {
            var bar = Bars[i];
            double length = Length(bar.Value);
            int top = y + (i * Pitch) + 4, width = Math.Max((int)Math.Round(Math.Abs(length) * unit), 1), left = length < 0 ? zero - 1 - width : zero;
            canvas.Text(bar.Name, x + names - 10, top, Typeface.Body, Palette.Ink, TextAnchor.Right);
            canvas.Fill(new Area(left, top, width, Pitch - 8), bar.Color);
            canvas.Text(bar.Label, Math.Max(left + width, zero) + 7, top, Typeface.Body, Palette.Muted);
        }
    }

    private double Length(double value) => Logarithmic ? Math.Log10(Math.Max(value, 1)) : value;
}
