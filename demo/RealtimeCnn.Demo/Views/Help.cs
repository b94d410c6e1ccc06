using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The keys and what they do, over the picture.</summary>
internal static class Help
{
    private const int KeyLetters = 13;

    public static void Draw(Canvas canvas, DemoControls controls)
    {
        int rows = controls.Help.Count(), letters = KeyLetters + controls.Help.Max(entry => entry.Meaning.Length);
        float width = Canvas.TextWidth(letters, Theme.Line) + 48, height = (rows * (Theme.Line + 3)) + 72;
        var panel = new Area(MathF.Round((canvas.Width - width) / 2), MathF.Round((canvas.Height - height) / 2), width, height);
        canvas.Fill(canvas.Bounds, Theme.Background.WithOpacity(0.6f));
        canvas.Fill(panel, Theme.Panel, 10);
        canvas.Outline(panel, Theme.Muted.WithOpacity(0.5f), 1, 10);
        canvas.Text("Keys", panel.X + 24, panel.Y + 16, 28, Theme.Accent);
        float y = panel.Y + 56;
        foreach (var (keys, meaning) in controls.Help)
        {
            canvas.Text(keys, panel.X + 24, y, Theme.Line, Theme.Text);
            canvas.Text(meaning, panel.X + 24 + Canvas.TextWidth(KeyLetters, Theme.Line), y, Theme.Line, Theme.Muted);
            y += Theme.Line + 3;
        }
    }
}
