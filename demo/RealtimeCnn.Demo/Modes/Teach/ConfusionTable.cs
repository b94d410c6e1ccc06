using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>What examples are called by heads that had not learned from them: a row for what they show, a column for what they are called.</summary>
internal static class ConfusionTable
{
    private const float Label = 22;

    public static void Draw(Canvas canvas, FewShotClassifier classifier, Area where, Surroundings around)
    {
        canvas.Fill(where, Theme.Panel, 6);
        around.Explain(where, "Each example was left out once, with its neighbours in time, and named by a head that had not seen it. Row: what it shows; column: what it was called. Amber is right, blue is wrong.");
        var room = where.Inset(10);
        if (classifier.Report is not { } report || !double.IsFinite(report.HeadAccuracy))
        {
            Notes.Paragraph(canvas, "What is taken for what will stand here.", room, Theme.Muted);
            return;
        }

        var confusion = report.Confusion;
        int places = confusion.GetLength(0), asked = 0, right = 0, shown = 0;
        Span<int> labels = stackalloc int[places];
        for (int row = 0; row < places; row++)
        {
            // Nothing comes last, as its row does.
            int label = (row + 1) % places, sum = 0;
            for (int called = 0; called < places; called++)
                sum += confusion[label, called];
            (asked, right) = (asked + sum, right + confusion[label, label]);
            if (sum > 0)
                labels[shown++] = label;
        }

        Span<char> text = stackalloc char[48];
        text.TryWrite(CultureInfo.InvariantCulture, $"{right} of {asked} left out", out int length);
        canvas.Text(text[..length], room.X, room.Y, Theme.SmallLine, Theme.Text);
        text.TryWrite(CultureInfo.InvariantCulture, $"nearest means {report.NearestMeansAccuracy * 100:0} %", out length);
        canvas.Text(text[..length], room.X, room.Y + Theme.SmallLine + 3, Theme.SmallLine, Theme.Muted);
        var below = room.Below((2 * Theme.SmallLine) + 12);
        float side = MathF.Floor(Math.Min((below.Width - Label) / shown, (below.Height - Label) / shown));
        for (int row = 0; row < shown; row++)
        {
            Key(canvas, labels[row], below.X, below.Y + Label + (row * side), Label, side);
            Key(canvas, labels[row], below.X + Label + (row * side), below.Y, side, Label);
            for (int column = 0; column < shown; column++)
            {
                int of = 0, count = confusion[labels[row], labels[column]];
                for (int called = 0; called < places; called++)
                    of += confusion[labels[row], called];
                var cell = new Area(below.X + Label + (column * side), below.Y + Label + (row * side), side - 1, side - 1);
                canvas.Fill(cell, Theme.Background);
                if (count > 0)
                    canvas.Fill(cell, (row == column ? Theme.Accent : Theme.Cool).WithOpacity(0.15f + (0.85f * count / of)));
            }
        }
    }

    private static void Key(Canvas canvas, int label, float x, float y, float width, float height)
    {
        const float Size = 15;
        ReadOnlySpan<char> key = [label == TaughtNetwork.Nothing ? 'N' : (char)('0' + label)];
        canvas.Text(key, x + ((width - Canvas.TextWidth(1, Size)) / 2), y + ((height - Size) / 2), Size, Theme.Muted);
    }
}
