using RealtimeCnn.Images;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>One bar: its name, its length, what stands behind it, and its colour.</summary>
internal readonly record struct Bar(string Name, double Value, string Label, Rgb Color);

/// <summary>Horizontal bars from zero, or over a logarithmic axis.</summary>
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

    public override void Draw(Canvas canvas, int x, int y)
    {
        int names = Bars.Max(bar => Font.Body.Width(bar.Name)) + 10, labels = Bars.Max(bar => Font.Body.Width(bar.Label)) + 10;
        int room = Math.Max(ChartWidth - names - labels, 20);
        double longest = Math.Max(Bars.Max(bar => Length(bar.Value)), 1e-12);
        canvas.Fill(new Box(x + names - 1, y, 1, Height), Palette.Muted);
        for (int i = 0; i < Bars.Count; i++)
        {
            var bar = Bars[i];
            int top = y + (i * Pitch) + 4, width = Math.Max((int)Math.Round(Length(bar.Value) / longest * room), 1);
            canvas.Text(x + names - 10, top, bar.Name, Font.Body, Palette.Ink, Anchor.Right);
            canvas.Fill(new Box(x + names, top, width, Pitch - 8), bar.Color);
            canvas.Text(x + names + width + 7, top, bar.Label, Font.Body, Palette.Muted);
        }
    }

    private double Length(double value) => Logarithmic ? Math.Log10(Math.Max(value, 1)) : Math.Max(value, 0);
}
