using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>A row for each class: its key, its newest example, how many there are, and how likely the picture shows it. A row that is held with the mouse is its key, and a name that is clicked is typed anew.</summary>
internal sealed class ClassRows
{
    private const float Key = 26, Counts = 62, Percents = 62, LeastLabels = 90;
    private readonly Area[] _areas = new Area[10], _names = new Area[10];
    private readonly ThumbnailPicture[] _pictures = [.. Enumerable.Range(0, 10).Select(_ => new ThumbnailPicture())];

    /// <summary>The class whose row is at a place; −1 for none.</summary>
    public int At(float x, float y) => Array.FindIndex(_areas, area => area.Contains(x, y));

    /// <summary>The class whose name is at a place; −1 for none.</summary>
    public int NameAt(float x, float y) => Array.FindIndex(_names, area => area.Contains(x, y));

    /// <summary>Draws the rows, 1 to 9 and then nothing.</summary>
    public void Draw(Canvas canvas, FewShotClassifier classifier, int held, NameField typed, Area where, Surroundings around)
    {
        float labels = LabelsOf(classifier.Classes, where.Width);
        for (int row = 0; row < _areas.Length; row++)
        {
            int label = (row + 1) % _areas.Length;
            var area = _areas[label] = where.Cell(1, _areas.Length, row, 3);
            bool isHeld = held == label;
            if (isHeld || around.IsOver(area))
                canvas.Fill(area, Theme.Raised, 5);
            if (isHeld)
                canvas.Outline(area, Theme.Accent, 2, 5);
            around.Explain(area, label == TaughtNetwork.Nothing
                ? "What is none of the others. Hold N, or this row with the mouse, while the camera sees none of them."
                : "Hold the key, or this row with the mouse, while the camera sees the thing: each picture becomes an example.");
            DrawRow(canvas, classifier, label, typed, labels, area.Inset(3), around);
        }
    }

    // As wide as the longest name, and never more than the bars need.
    private static float LabelsOf(TaughtClasses classes, float width)
    {
        int letters = 0;
        for (int label = 0; label < classes.Names.Count; label++)
            letters = Math.Max(letters, classes.CountOf(label) > 0 ? classes.Names[label].Length : 0);
        return Math.Clamp(Canvas.TextWidth(letters, Theme.SmallLine) + 14, LeastLabels, Math.Max(width * 0.36f, LeastLabels));
    }

    private void DrawRow(Canvas canvas, FewShotClassifier classifier, int label, NameField typed, float labels, Area row, Surroundings around)
    {
        var classes = classifier.Classes;
        int count = classes.CountOf(label);
        bool isAnswer = classifier.Best == label && !classifier.IsRejected;
        float textY = row.Y + ((row.Height - Theme.SmallLine) / 2);
        var key = new Area(row.X, row.Y + ((row.Height - Key) / 2), Key, Key);
        canvas.Outline(key, count > 0 ? Theme.Text : Theme.Muted.WithOpacity(0.6f), 1.5f, 5);
        Span<char> text = stackalloc char[16];
        ReadOnlySpan<char> letter = [label == TaughtNetwork.Nothing ? 'N' : (char)('0' + label)];
        canvas.Text(letter, key.X + ((Key - Canvas.TextWidth(1, Theme.SmallLine)) / 2), key.Y + ((Key - Theme.SmallLine) / 2), Theme.SmallLine, count > 0 ? Theme.Text : Theme.Muted);
        float x = key.Right + 8;
        _names[label] = default;
        if (classes.NewestOf(label) is not { } newest)
        {
            if (typed.Class == label)
            {
                typed.Draw(canvas, _names[label] = new Area(x, row.Y, row.Right - x, row.Height));
                return;
            }

            Panels.Line(canvas, label == TaughtNetwork.Nothing ? "hold N for what is none of them" : "hold the key and show it", x, textY, Theme.SmallLine, row.Right - x, Theme.Muted.WithOpacity(0.6f));
            return;
        }

        _pictures[label].Draw(canvas, newest, classes.ThumbnailSize, new Area(x, row.Y, row.Height, row.Height));
        x += row.Height + 8;
        text.TryWrite(CultureInfo.InvariantCulture, $"×{count}", out int length);
        canvas.Text(text[..length], x, textY, Theme.SmallLine, count >= TaughtClasses.MostShots ? Theme.Accent : Theme.Muted);
        x += Counts;
        // A class that is called as its key is needs no name.
        var named = _names[label] = new Area(x, row.Y, labels - 6, row.Height);
        string name = !letter.SequenceEqual(classes.Names[label]) ? classes.Names[label] : around.IsOver(named) ? "name …" : string.Empty;
        Panels.Bar(canvas, typed.Class == label ? string.Empty : name, classifier.Probabilities[label], isAnswer, new Area(x, row.Y, row.Right - x - Percents, row.Height), labels);
        around.Explain(named, "What this class is called: click, type, Enter. Escape leaves the old name.");
        if (typed.Class == label)
            typed.Draw(canvas, new Area(named.X - 5, named.Y, Math.Max(named.Width, Canvas.TextWidth(NameField.MostLetters, Theme.SmallLine) + 12), named.Height) is var field && field.Right > row.Right ? field with { Width = row.Right - field.X } : field);
        text.TryWrite(CultureInfo.InvariantCulture, $"{classifier.Probabilities[label] * 100:0} %", out length);
        canvas.Text(text[..length], row.Right - Canvas.TextWidth(length, Theme.SmallLine), textY, Theme.SmallLine, isAnswer ? Theme.Text : Theme.Muted);
    }
}
