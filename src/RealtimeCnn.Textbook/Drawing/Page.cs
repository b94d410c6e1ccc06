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
    public Canvas Draw(IReadOnlyList<Finding> findings, string footer)
    {
        string[] lead = [.. Font.Lead.Wrap(statement, Inner)];
        int head = Margin + Font.Title.LineHeight + 8 + (lead.Length * 21) + 30;
        int height = head + _rows.Sum(row => RowHeight(row) + RowGap) + 8 + (findings.Count * 22) + Margin + 12;
        var canvas = new Canvas(PageWidth, height);

        int y = Margin - 6;
        canvas.Text(Margin, y, heading, Font.Title, Palette.Ink);
        y += Font.Title.LineHeight + 8;
        foreach (string line in lead)
        {
            canvas.Text(Margin, y, line, Font.Lead, Palette.Ink);
            y += 21;
        }

        canvas.Text(Margin, y + 3, formula, Font.Strong, Palette.Blue);
        y = head;
        foreach (var row in _rows)
        {
            DrawRow(canvas, row, y);
            y += RowHeight(row) + RowGap;
        }

        canvas.Fill(new Box(Margin, y - 6, Inner, 1), Palette.Hairline);
        DrawFindings(canvas, findings, y + 4);
        canvas.Text(PageWidth - Margin, height - 26, footer, Font.Small, Palette.Muted, Anchor.Right);
        return canvas;
    }

    private static void DrawRow(Canvas canvas, Panel[] row, int y)
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
                canvas.Text(x + (panel.Width / 2.0), line, text, Font.Body, Palette.Muted, Anchor.Center);
                line += 17;
            }

            x += panel.Width + gap;
        }
    }

    private static void DrawFindings(Canvas canvas, IReadOnlyList<Finding> findings, int y)
    {
        int measured = Margin + 26 + findings.Max(finding => Font.Body.Width(finding.What)) + 18;
        int expected = measured + findings.Max(finding => Font.Strong.Width(finding.Measured)) + 18;
        foreach (var finding in findings)
        {
            canvas.Text(Margin, y, finding.Holds ? "✓" : "✗", Font.Strong, finding.Holds ? Palette.Green : Palette.Red);
            canvas.Text(Margin + 26, y, finding.What, Font.Body, Palette.Ink);
            canvas.Text(measured, y, finding.Measured, Font.Strong, finding.Holds ? Palette.Ink : Palette.Red);
            canvas.Text(expected, y, finding.Expected, Font.Body, Palette.Muted);
            y += 22;
        }
    }

    // Panels in a crowded row keep their captions to themselves; one alone may use the page's width.
    private static string[] Caption(Panel panel) =>
        panel.Caption.Length == 0 ? [] : [.. panel.Caption.Split('\n').SelectMany(line => Font.Body.Wrap(line, Math.Max(panel.Width + 24, 120)))];

    private static int RowHeight(Panel[] row) => row.Max(panel => panel.Height) + 7 + (row.Max(panel => Caption(panel).Length) * 17);
}
