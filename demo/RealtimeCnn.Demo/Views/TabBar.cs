using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>
/// The modes side by side at the top, each with its number key. Where room is scarce, first the title goes, then the tabs move together,
/// and then only the chosen one says its name; what the others are for is said to a mouse that rests on them.
/// </summary>
internal static class TabBar
{
    /// <summary>In units.</summary>
    public const float Height = 34;

    private const string Title = "RealtimeCnn";
    private const float Top = 8, TitleGap = 20;

    // The first that has room is taken; the last is taken in any case.
    private static readonly Form[] Forms = [new(HasTitle: true, HasNames: true, Pad: 12, Gap: 4), new(false, true, 12, 4), new(false, true, 7, 2), new(false, false, 9, 2)];

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="modes">From the left.</param>
    /// <param name="chosen">The mode that is shown.</param>
    /// <param name="around">Gets what each mode is for.</param>
    public static void Draw(Canvas canvas, IReadOnlyList<Mode> modes, Mode chosen, Surroundings around)
    {
        var form = FormFor(modes, chosen, canvas.Width);
        if (form.HasTitle)
            canvas.Text(Title, Theme.Margin, Top + ((Height - Theme.Line) / 2), Theme.Line, Theme.Accent);
        Span<char> number = stackalloc char[1];
        for (int i = 0; i < modes.Count; i++)
        {
            var (mode, area) = (modes[i], AreaOf(form, modes, chosen, i));
            bool isChosen = mode == chosen, isOver = around.IsOver(area);
            if (isChosen || isOver)
                canvas.Fill(area, isChosen ? Theme.Raised : Theme.Panel, 6);
            if (isChosen)
                canvas.Fill(new Area(area.X + form.Pad, area.Bottom - 3, area.Width - (2 * form.Pad), 3), Theme.Accent, 1.5f);
            number[0] = (char)('0' + ((i + 1) % 10));
            float y = area.Y + ((Height - Theme.SmallLine) / 2), x = area.X + form.Pad;
            canvas.Text(number, x, y, Theme.SmallLine, Theme.Muted.WithOpacity(0.7f));
            if (form.HasNames || isChosen)
                canvas.Text(mode.Name, x + Canvas.TextWidth(2, Theme.SmallLine), y, Theme.SmallLine, isChosen ? Theme.Text : Theme.Muted);
            around.Explain(area, mode.Purpose);
        }
    }

    /// <summary>The key of a mode: 1 to 9, then 0.</summary>
    /// <param name="index">Of the mode, from 0 to 9.</param>
    public static ConsoleKey KeyOf(int index) => ConsoleKey.D0 + ((index + 1) % 10);

    /// <summary>The mode whose tab is at a place, or null.</summary>
    public static Mode? At(IReadOnlyList<Mode> modes, Mode chosen, float width, float x, float y)
    {
        var form = FormFor(modes, chosen, width);
        for (int i = 0; i < modes.Count; i++)
        {
            if (AreaOf(form, modes, chosen, i).Contains(x, y))
                return modes[i];
        }

        return null;
    }

    /// <summary>Where the tab of a mode is, in units of the canvas.</summary>
    /// <param name="modes">From the left.</param>
    /// <param name="chosen">The mode that is shown.</param>
    /// <param name="width">Of the canvas, in units.</param>
    /// <param name="index">Of the mode.</param>
    public static Area AreaOf(IReadOnlyList<Mode> modes, Mode chosen, float width, int index) => AreaOf(FormFor(modes, chosen, width), modes, chosen, index);

    private static Area AreaOf(Form form, IReadOnlyList<Mode> modes, Mode chosen, int index)
    {
        float x = Theme.Margin + (form.HasTitle ? Canvas.TextWidth(Title.Length, Theme.Line) + TitleGap : 0);
        for (int i = 0; i < index; i++)
            x += form.WidthOf(modes[i], chosen) + form.Gap;
        return new Area(x, Top, form.WidthOf(modes[index], chosen), Height);
    }

    private static Form FormFor(IReadOnlyList<Mode> modes, Mode chosen, float width)
    {
        foreach (var form in Forms)
        {
            if (AreaOf(form, modes, chosen, modes.Count - 1).Right <= width - Theme.Margin)
                return form;
        }

        return Forms[^1];
    }

    private sealed record Form(bool HasTitle, bool HasNames, float Pad, float Gap)
    {
        public float WidthOf(Mode mode, Mode chosen) => Canvas.TextWidth(HasNames || mode == chosen ? mode.Name.Length + 2 : 1, Theme.SmallLine) + (2 * Pad);
    }
}
