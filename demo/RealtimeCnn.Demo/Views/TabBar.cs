using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The modes side by side at the top, each with its number key.</summary>
internal static class TabBar
{
    /// <summary>In units.</summary>
    public const float Height = 34;

    private const string Title = "RealtimeCnn";
    private const float Pad = 12;

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="modes">From the left.</param>
    /// <param name="chosen">The mode that is shown.</param>
    /// <param name="around">Gets what each mode is for.</param>
    public static void Draw(Canvas canvas, IReadOnlyList<Mode> modes, Mode chosen, Surroundings around)
    {
        canvas.Text(Title, Theme.Margin, 8 + ((Height - Theme.Line) / 2), Theme.Line, Theme.Accent);
        Span<char> number = stackalloc char[2];
        for (int i = 0; i < modes.Count; i++)
        {
            var (mode, area) = (modes[i], AreaOf(modes, i));
            bool isChosen = mode == chosen, isOver = around.IsOver(area);
            if (isChosen || isOver)
                canvas.Fill(area, isChosen ? Theme.Raised : Theme.Panel, 6);
            if (isChosen)
                canvas.Fill(new Area(area.X + Pad, area.Bottom - 3, area.Width - (2 * Pad), 3), Theme.Accent, 1.5f);
            number[0] = (char)('1' + i);
            float y = area.Y + ((Height - Theme.SmallLine) / 2), x = area.X + Pad;
            canvas.Text(number[..1], x, y, Theme.SmallLine, Theme.Muted.WithOpacity(0.7f));
            canvas.Text(mode.Name, x + Canvas.TextWidth(2, Theme.SmallLine), y, Theme.SmallLine, isChosen ? Theme.Text : Theme.Muted);
            around.Explain(area, mode.Purpose);
        }
    }

    /// <summary>The mode whose tab is at a place, or null.</summary>
    public static Mode? At(IReadOnlyList<Mode> modes, float x, float y)
    {
        for (int i = 0; i < modes.Count; i++)
        {
            if (AreaOf(modes, i).Contains(x, y))
                return modes[i];
        }

        return null;
    }

    /// <summary>Where the tab of a mode is, in units of the canvas.</summary>
    public static Area AreaOf(IReadOnlyList<Mode> modes, int index)
    {
        float x = Theme.Margin + Canvas.TextWidth(Title.Length, Theme.Line) + 20;
        for (int i = 0; i < index; i++)
            x += WidthOf(modes[i]) + 4;
        return new Area(x, 8, WidthOf(modes[index]), Height);
    }

    private static float WidthOf(Mode mode) => Canvas.TextWidth(mode.Name.Length + 2, Theme.SmallLine) + (2 * Pad);
}
