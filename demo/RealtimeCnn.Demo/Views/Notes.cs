using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What lies above the picture for a while: a message at the bottom, and what is under the mouse beside it. Text breaks into lines between words.</summary>
internal static class Notes
{
    private const float Step = Theme.SmallLine + 4, Pad = 12;
    private const int TipLetters = 46, MessageLetters = 100;

    /// <summary>Height that a text takes in a room of some width.</summary>
    public static float HeightOf(ReadOnlySpan<char> text, float width) => (Measure(text, (int)(width / Canvas.TextWidth(1, Theme.SmallLine))).Lines * Step) - (Step - Theme.SmallLine);

    /// <summary>A message, in the middle of the lower edge.</summary>
    public static void Message(Canvas canvas, string text, Area room)
    {
        var (lines, letters) = Measure(text, Math.Min(MessageLetters, (int)((room.Width - (4 * Pad)) / Canvas.TextWidth(1, Theme.SmallLine))));
        float width = Canvas.TextWidth(letters, Theme.SmallLine) + (3 * Pad), height = (lines * Step) + Pad;
        Box(canvas, text, new Area(room.X + ((room.Width - width) / 2), room.Bottom - height - Theme.Gap, width, height), letters, Theme.Accent);
    }

    /// <summary>What a script says, large, in the middle of the lower edge.</summary>
    public static void Caption(Canvas canvas, string text, Area room)
    {
        float line = Theme.Line, step = line + 5;
        var (lines, letters) = Measure(text, (int)((room.Width - (4 * Pad)) / Canvas.TextWidth(1, line)));
        float width = Canvas.TextWidth(letters, line) + (3 * Pad), height = (lines * step) + Pad;
        var box = new Area(room.X + ((room.Width - width) / 2), canvas.Height - height - 4, width, height);
        canvas.Fill(box, Theme.Raised.WithOpacity(0.97f), 6);
        canvas.Outline(box, Theme.Accent, 1.5f, 6);
        float y = box.Y + (Pad / 2) + 2;
        for (ReadOnlySpan<char> left = text; !left.IsEmpty; y += step)
        {
            int end = LineEnd(left, letters);
            canvas.Text(left[..end], box.X + (1.5f * Pad), y, line, Theme.Text);
            left = left[end..].TrimStart();
        }
    }

    /// <summary>What is under the mouse, beside it and inside the picture.</summary>
    public static void Tip(Canvas canvas, string text, float x, float y)
    {
        var (lines, letters) = Measure(text, TipLetters);
        float width = Canvas.TextWidth(letters, Theme.SmallLine) + (2 * Pad), height = (lines * Step) + Pad;
        float left = Math.Clamp(x + 18, 4, Math.Max(canvas.Width - width - 4, 4)), top = y + 22 + height > canvas.Height ? y - height - 10 : y + 22;
        Box(canvas, text, new Area(left, top, width, height), letters, Theme.Muted);
    }

    /// <summary>Text on as many lines as it takes and there is room for, as wide as the room.</summary>
    /// <returns>The lower edge.</returns>
    public static float Paragraph(Canvas canvas, ReadOnlySpan<char> text, Area room, Color color)
    {
        int letters = (int)(room.Width / Canvas.TextWidth(1, Theme.SmallLine));
        float y = room.Y;
        for (; !text.IsEmpty && letters > 0 && y + Theme.SmallLine <= room.Bottom; y += Step)
        {
            int end = LineEnd(text, letters);
            canvas.Text(text[..end], room.X, y, Theme.SmallLine, color);
            text = text[end..].TrimStart();
        }

        return y;
    }

    private static void Box(Canvas canvas, ReadOnlySpan<char> text, Area where, int letters, Color edge)
    {
        canvas.Fill(where, Theme.Raised.WithOpacity(0.96f), 6);
        canvas.Outline(where, edge.WithOpacity(0.7f), 1, 6);
        Paragraph(canvas, text, new Area(where.X + Pad, where.Y + (Pad / 2) + 2, Canvas.TextWidth(letters, Theme.SmallLine) + 1, where.Height), Theme.Text);
    }

    private static (int Lines, int Letters) Measure(ReadOnlySpan<char> text, int most)
    {
        int lines = 0, letters = 0;
        while (!text.IsEmpty)
        {
            int end = LineEnd(text, most);
            (lines, letters) = (lines + 1, Math.Max(letters, end));
            text = text[end..].TrimStart();
        }

        return (lines, letters);
    }

    // Behind the last word that has room; a word that is longer than a line is cut.
    private static int LineEnd(ReadOnlySpan<char> text, int most)
    {
        if (text.Length <= most)
            return text.Length;
        int space = text[..(most + 1)].LastIndexOf(' ');
        return space > 0 ? space : Math.Max(most, 1);
    }
}
