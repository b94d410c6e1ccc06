using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The keys and what they do, over the picture: those of the mode, then those of all modes.</summary>
internal static class Help
{
    private const float Step = Theme.SmallLine + 4, Heading = 32, Between = 12;

    public static void Draw(Canvas canvas, DemoControls controls)
    {
        IReadOnlyList<KeyBinding> own = controls.Mode.Keys, common = controls.Keys;
        int keys = 0, meanings = 0;
        foreach (var binding in own.Concat(common))
            (keys, meanings) = (Math.Max(keys, binding.Name.Length + 2), Math.Max(meanings, binding.Meaning.Length));
        float width = Canvas.TextWidth(keys + meanings, Theme.SmallLine) + 48, height = 40 + (own.Count > 0 ? Heading + (own.Count * Step) + Between : 0) + Heading + (common.Count * Step);
        var panel = new Area(MathF.Round((canvas.Width - width) / 2), MathF.Round(Math.Max((canvas.Height - height) / 2, 0)), width, height);
        canvas.Fill(canvas.Bounds, Theme.Background.WithOpacity(0.6f));
        canvas.Fill(panel, Theme.Panel, 10);
        canvas.Outline(panel, Theme.Muted.WithOpacity(0.5f), 1, 10);
        float y = panel.Y + 20;
        if (own.Count > 0)
            y = Section(canvas, controls.Mode.Name, own, panel.X + 24, y, keys) + Between;
        Section(canvas, "everywhere", common, panel.X + 24, y, keys);
    }

    private static float Section(Canvas canvas, string title, IReadOnlyList<KeyBinding> bindings, float x, float y, int keys)
    {
        canvas.Text(title, x, y, Theme.Line, Theme.Accent);
        y += Heading;
        foreach (var binding in bindings)
        {
            canvas.Text(binding.Name, x, y, Theme.SmallLine, Theme.Text);
            canvas.Text(binding.Meaning, x + Canvas.TextWidth(keys, Theme.SmallLine), y, Theme.SmallLine, Theme.Muted);
            y += Step;
        }

        return y;
    }
}
