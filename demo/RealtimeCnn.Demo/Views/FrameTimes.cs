using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>
/// Where the time goes: a column for each of the last frames, whose parts add up to it, between lines at 60 and 30 frames a second, and
/// median and 99th percentile of each stage.
/// </summary>
internal static class FrameTimes
{
    private const float Height = 280, Numbers = 400, Row = Theme.SmallLine + 2, NumberWidth = 80, Swatch = 10;
    private const double Slow = 1000 / 30.0, Quick = 1000 / 60.0;

    /// <param name="canvas">What to draw on.</param>
    /// <param name="stats">What was measured.</param>
    /// <param name="room">It takes the lower part.</param>
    /// <param name="around">Gets explanations.</param>
    public static void Draw(Canvas canvas, RunStats stats, Area room, Surroundings around)
    {
        var panel = room with { Y = room.Bottom - Height, Height = Height };
        canvas.Fill(panel, Theme.Panel.WithOpacity(0.94f), 8);
        canvas.Outline(panel, Theme.Muted.WithOpacity(0.4f), 1, 8);
        var inside = panel.Inset(14);
        Legend(canvas, stats, inside with { Width = Math.Min(Numbers, inside.Width) });
        var chart = new Area(inside.X + Numbers + 24, inside.Y, inside.Width - Numbers - 24, inside.Height);
        if (chart.Width < 120)
            return;
        Columns(canvas, stats, chart);
        around.Explain(chart, "one column for each frame, the newest at the right: its parts add up to the time from one frame shown to the next");
    }

    /// <summary>The colour of a part, which everybody can tell from those of the others.</summary>
    /// <remarks>Source: Okabe and Ito 2008, "Color Universal Design".</remarks>
    public static Color ColorOf(Stage stage) => stage switch
    {
        Stage.Upload => Color.FromRgb(0x56B4E9),
        Stage.Preprocess => Color.FromRgb(0x009E73),
        Stage.Network => Color.FromRgb(0xE69F00),
        Stage.Draw => Color.FromRgb(0x0072B2),
        Stage.Present => Color.FromRgb(0xCC79A7),
        Stage.Other => Color.FromRgb(0xD55E00),
        _ => Color.FromRgb(0x4A5365),
    };

    private static void Legend(Canvas canvas, RunStats stats, Area where)
    {
        float y = where.Y;
        canvas.Text("ms", where.X + Swatch + 6, y, Theme.SmallLine, Theme.Muted);
        Right(canvas, "p50", where.X + 140 + NumberWidth, y, Theme.Muted);
        Right(canvas, "p99", where.X + 140 + (2 * NumberWidth), y, Theme.Muted);
        y += Row;
        foreach (var stage in stats.Parts)
            Line(stage, ColorOf(stage));
        Line(Stage.Frame, null);
        foreach (var stage in stats.Beside)
            Line(stage, null);
        Line(Stage.Readback, null);
        Line(Stage.Decode, null);
        Line(Stage.Age, null);

        // Stages that never happen here are left out, and so is what finds no room.
        void Line(Stage stage, Color? color)
        {
            var (median, _, most) = stats.Quantiles(stage);
            if (most == 0 || y + Theme.SmallLine > where.Bottom + 2)
                return;
            if (color is { } own)
                canvas.Fill(new Area(where.X, y + ((Theme.SmallLine - Swatch) / 2), Swatch, Swatch), own, 2);
            canvas.Text(RunStats.NameOf(stage), where.X + Swatch + 6, y, Theme.SmallLine, stage == Stage.Frame ? Theme.Accent : color == null ? Theme.Muted : Theme.Text);
            Number(canvas, median, where.X + 140 + NumberWidth, y);
            Number(canvas, most, where.X + 140 + (2 * NumberWidth), y);
            y += Row;
        }
    }

    private static void Columns(Canvas canvas, RunStats stats, Area where)
    {
        double top = Slow * 1.15;
        for (int back = 0; back < stats.FramesRemembered; back++)
            top = Math.Max(top, stats.FrameBefore(back, Stage.Frame));
        // A frame that took very long is cut, so that the others can be seen.
        top = Math.Min(top, 4 * Slow);
        // The names of the marks stand beside the columns.
        var names = where;
        where = where with { Width = where.Width - Canvas.TextWidth("60 fps ".Length, Theme.SmallLine) };
        float column = where.Width / RunStats.HistoryLength, pixels = (float)(where.Height / top);
        for (int back = 0; back < stats.FramesRemembered; back++)
        {
            float x = where.Right - ((back + 1) * column), bottom = where.Bottom;
            foreach (var stage in stats.Parts)
            {
                float height = Math.Min(stats.FrameBefore(back, stage) * pixels, bottom - where.Y);
                if (height < 0.25f)
                    continue;
                bottom -= height;
                canvas.Fill(new Area(x, bottom, Math.Max(column - 0.5f, 0.5f), height), ColorOf(stage));
            }
        }

        Mark(Quick, "60 fps");
        Mark(Slow, "30 fps");

        void Mark(double milliseconds, string name)
        {
            float y = where.Bottom - ((float)milliseconds * pixels);
            canvas.Line(names.X, y, names.Right, y, Theme.Text.WithOpacity(0.5f), 1);
            canvas.Text(name, names.Right - Canvas.TextWidth(name.Length, Theme.SmallLine), y, Theme.SmallLine, Theme.Text.WithOpacity(0.8f));
        }
    }

    private static void Number(Canvas canvas, double milliseconds, float right, float y)
    {
        Span<char> text = stackalloc char[24];
        text.TryWrite(CultureInfo.InvariantCulture, $"{milliseconds:0.0}", out int length);
        Right(canvas, text[..length], right, y, Theme.Text);
    }

    private static void Right(Canvas canvas, ReadOnlySpan<char> text, float right, float y, Color color) =>
        canvas.Text(text, right - Canvas.TextWidth(text.Length, Theme.SmallLine), y, Theme.SmallLine, color);
}
