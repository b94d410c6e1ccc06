using RealtimeCnn.Drawing;

namespace RealtimeCnn.Textbook.Drawing;

/// <summary>The picture of a claim: its heading, rows of panels, and what was measured.</summary>
/// <param name="heading">Number and title.</param>
/// <param name="statement">The claim.</param>
/// <param name="formula">The claim as a formula.</param>
internal sealed class Page(string heading, string statement, string formula)
{
    private const int PageWidth = 960;
    private const int Margin = 32;
    private const int Inner = PageWidth - (2 * Margin);
    private const int RowGap = 22;
    private readonly List<Panel[]> _rows = [];

    /// <summary>Adds panels side by side, spread over the page's width.</summary>
    public void Add(params Panel[] row) => _rows.Add(row);

    /// <summary>Draws the page as long as it needs to be.</summary>
    public CpuCanvas Draw(IReadOnlyList<Finding> findings, string footer)
    {
        string[] lead = [.. Typeface.Lead.Wrap(statement, Inner)];
        int head = Margin + Typeface.Title.LineHeight + 8 + (lead.Length * 21) + 30;
        int height = head + _rows.Sum(row => RowHeight(row) + RowGap) + 8 + (findings.Count * 22) + Margin + 12;
        var canvas = new CpuCanvas();
        canvas.Begin(PageWidth, height, Palette.Paper);

        int y = Margin - 6;
        canvas.Text(heading, Margin, y, Typeface.Title, Palette.Ink);
        y += Typeface.Title.LineHeight + 8;
        foreach (string line in lead)
        {
            canvas.Text(line, Margin, y, Typeface.Lead, Palette.Ink);
            y += 21;
        }

        canvas.Text(formula, Margin, y + 3, Typeface.Strong, Palette.Blue);
        y = head;
        foreach (var row in _rows)
        {
            DrawRow(canvas, row, y);
            y += RowHeight(row) + RowGap;
        }

        canvas.Fill(new Area(Margin, y - 6, Inner, 1), Palette.Hairline);
        DrawFindings(canvas, findings, y + 4);
        canvas.Text(footer, PageWidth - Margin, height - 26, Typeface.Small, Palette.Muted, TextAnchor.Right);
        return canvas;
    }

    private static void DrawRow(CpuCanvas canvas, Panel[] row, int y)
    {
        int free = Inner - row.Sum(panel => panel.Width), tallest = row.Max(panel => panel.Height);
        if (free < 0)
            throw new InvalidOperationException($"A row of panels is {Inner - free} pixels wide; a page has {Inner}.");
        int gap = row.Length == 1 ? 0 : Math.Min(free / (row.Length - 1), 56);
        int x = Margin + ((free - (gap * (row.Length - 1))) / 2);
        foreach (var panel in row)
        {
            panel.Draw(canvas, x, y + ((tallest - panel.Height) / 2));
            int line = y + tallest + 7;
            foreach (string text in Caption(panel))
            {
                canvas.Text(text, (float)(x + (panel.Width / 2.0)), line, Typeface.Body, Palette.Muted, TextAnchor.Center);
                line += 17;
            }

            x += panel.Width + gap;
        }
    }

    private static void DrawFindings(CpuCanvas canvas, IReadOnlyList<Finding> findings, int y)
    {
        int measured = Margin + 26 + findings.Max(finding => Typeface.Body.Width(finding.What)) + 18;
        int expected = measured + findings.Max(finding => Typeface.Strong.Width(finding.Measured)) + 18;
        foreach (var finding in findings)
        {
            canvas.Text(finding.Holds ? "✓" : "✗", Margin, y, Typeface.Strong, finding.Holds ? Palette.Green : Palette.Red);
            canvas.Text(finding.What, Margin + 26, y, Typeface.Body, Palette.Ink);
            canvas.Text(finding.Measured, measured, y, Typeface.Strong, finding.Holds ? Palette.Ink : Palette.Red);
            canvas.Text(finding.Expected, expected, y, Typeface.Body, Palette.Muted);
            y += 22;
        }
    }

    // Panels in a crowded row keep their captions to themselves; one alone may use the page's width.
    private static string[] Caption(Panel panel) =>
        panel.Caption.Length == 0 ? [] : [.. panel.Caption.Split('\n').SelectMany(line => Typeface.Body.Wrap(line, Math.Max(panel.Width + 24, 120)))];

    private static int RowHeight(Panel[] row) => row.Max(panel => panel.Height) + 7 + (row.Max(panel => Caption(panel).Length) * 17);
}
