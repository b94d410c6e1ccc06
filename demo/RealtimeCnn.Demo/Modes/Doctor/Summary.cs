using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>What is examined, how far that is, and what came of it in a few sentences.</summary>
internal static class Summary
{
    private const float Step = Theme.SmallLine + 4, ScaleHeight = Step + 14;
    private const int Shades = 24;

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="model">What is examined.</param>
    /// <param name="examination">How far it is; null while there is none.</param>
    /// <param name="said">What went wrong, or where the report is; null for neither.</param>
    /// <param name="where">The room.</param>
    public static void Draw(Canvas canvas, ShownModel model, Examination? examination, string? said, Area where)
    {
        var room = Panels.Model(canvas, model, where);
        if (examination != null)
            room = room.Below(Found(canvas, examination, room) - room.Y + 8);
        if (said != null)
            Notes.Paragraph(canvas, said, room, Theme.Accent);
    }

    private static float Found(Canvas canvas, Examination examination, Area room)
    {
        if (examination.Diagnosis is not { } found)
        {
            canvas.Fill(room.Top(10), Theme.Background, 4);
            canvas.Fill(room.Top(10) with { Width = Math.Max(room.Width * (float)examination.Progress, 4) }, Theme.Accent, 4);
            return Notes.Paragraph(canvas, examination.Doing, room.Below(18), Theme.Muted);
        }

        float y = Notes.Paragraph(canvas, found.Verdict, room, found.Comparison.Agrees ? Theme.Text : ErrorScale.Bad) + 8;
        Line("largest error", found.WorstLine);
        Line(found.Expected, found.ExpectedTime);
        Line(found.Actual, found.ActualTime);
        y += 4;
        if (examination.Pair.Remark.Length > 0)
            y = Notes.Paragraph(canvas, examination.Pair.Remark, room.Below(y - room.Y), Theme.Muted) + 8;
        if (y + ScaleHeight <= room.Bottom)
            Scale(canvas, room with { Y = room.Bottom - ScaleHeight, Height = ScaleHeight });
        return y;

        void Line(string name, string value)
        {
            if (y + Step > room.Bottom)
                return;
            canvas.Text(name, room.X, y, Theme.SmallLine, Theme.Muted);
            float left = room.X + Canvas.TextWidth(14, Theme.SmallLine);
            Panels.Line(canvas, value, left, y, Theme.SmallLine, room.Right - left, Theme.Text);
            y += Step;
        }
    }

    // What the colours mean: from the same on both sides to what is allowed, and beyond.
    private static void Scale(Canvas canvas, Area where)
    {
        float beyond = MathF.Round(where.Width * 0.2f), shade = (where.Width - beyond) / Shades;
        for (int i = 0; i < Shades; i++)
        {
            float left = MathF.Round(where.X + (i * shade));
            canvas.Fill(new Area(left, where.Y, MathF.Round(where.X + ((i + 1) * shade)) - left, 8), ErrorScale.At((i + 0.5f) / Shades));
        }

        canvas.Fill(new Area(where.Right - beyond, where.Y, beyond, 8), ErrorScale.Bad);
        float y = where.Y + 12;
        canvas.Text("equal", where.X, y, Theme.SmallLine, Theme.Muted);
        canvas.Text("allowed", where.Right - beyond - Canvas.TextWidth(8, Theme.SmallLine), y, Theme.SmallLine, Theme.Muted);
        canvas.Text("× not", where.Right - Canvas.TextWidth(5, Theme.SmallLine), y, Theme.SmallLine, ErrorScale.Bad);
    }
}
