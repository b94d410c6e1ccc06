using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Answers of late from left to right: how likely each was, which are believed, and where the answer changed to what.</summary>
internal static class HistoryStrip
{
    private const float Label = Theme.SmallLine + 2;

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="history">The answers.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="rejected">The class that stands for nothing; below 0 for none.</param>
    /// <param name="where">The room.</param>
    public static void Draw(Canvas canvas, AnswerHistory history, IReadOnlyList<string> classes, int rejected, Area where)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(8);
        var plot = room.Below(Label);
        float half = plot.Y + (plot.Height * (1 - SignThreshold.Least));
        canvas.Fill(plot with { Y = half, Height = 1 }, Theme.Muted.WithOpacity(0.4f));
        float step = plot.Width / history.Capacity, free = room.X;
        for (int from = 0; from < history.Count;)
        {
            // A run of one answer; its bars touch.
            int label = history[from].Class, to = from;
            bool isBelieved = false;
            for (; to < history.Count && history[to].Class == label; to++)
            {
                float probability = history[to].Probability, x = MathF.Floor(plot.X + (to * step)), next = MathF.Floor(plot.X + ((to + 1) * step));
                bool counts = label != rejected && probability > SignThreshold.Least;
                isBelieved |= counts;
                canvas.Fill(new Area(x, plot.Bottom - (plot.Height * probability), next - x, plot.Height * probability), counts ? Theme.Accent : Theme.Muted.WithOpacity(0.45f));
            }

            float width = Canvas.TextWidth(classes[label].Length + 1, Theme.SmallLine), start = plot.X + (from * step);
            if (isBelieved && start >= free && start + width <= room.Right)
            {
                canvas.Text(classes[label], start, room.Y, Theme.SmallLine, Theme.Text);
                free = start + width;
            }

            from = to;
        }
    }
}
