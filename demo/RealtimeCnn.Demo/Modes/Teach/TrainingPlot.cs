using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>How the training of a head goes: its loss, and how many of the examples that are left out it calls right.</summary>
internal static class TrainingPlot
{
    private const float Thickness = 2;

    public static void Draw(Canvas canvas, FewShotClassifier classifier, Area where, Surroundings around)
    {
        canvas.Fill(where, Theme.Panel, 6);
        around.Explain(where, "Each step sees all examples but the last fifth of each class. Blue: the loss of those that it learns from. Amber: how many of those left out are called right. The head is the one at the thin line.");
        var room = where.Inset(10);
        Span<char> text = stackalloc char[64];
        int length;
        var steps = classifier.Progress?.Steps ?? classifier.Report?.Steps;
        if (steps is not { Count: > 0 })
        {
            Notes.Paragraph(canvas, classifier.IsTraining ? "training …" : "Two classes of two examples or more, and a head is trained here.", room, Theme.Muted);
            return;
        }

        var last = steps[^1];
        text.TryWrite(CultureInfo.InvariantCulture, $"step {last.Step}: loss {last.Loss:0.000}", out length);
        canvas.Text(text[..length], room.X, room.Y, Theme.SmallLine, Theme.Cool);
        text.TryWrite(CultureInfo.InvariantCulture, $"{last.LeftOutAccuracy * 100:0} % of left out", out length);
        canvas.Text(text[..length], room.X, room.Y + Theme.SmallLine + 3, Theme.SmallLine, Theme.Accent);
        var plot = room.Below((2 * Theme.SmallLine) + 12);
        canvas.Outline(plot, Theme.Muted.WithOpacity(0.4f), 1);
        float most = 0;
        for (int i = 0; i < steps.Count; i++)
            most = Math.Max(most, steps[i].Loss);
        float step = plot.Width / Math.Max(classifier.Progress?.MostSteps ?? steps.Count - 1, 1);
        for (int i = 1; i < steps.Count; i++)
        {
            float x = plot.X + (steps[i].Step * step);
            Segment(x, Height(steps[i - 1].Loss / most), Height(steps[i].Loss / most), Theme.Cool);
            Segment(x, Height(steps[i - 1].LeftOutAccuracy), Height(steps[i].LeftOutAccuracy), Theme.Accent);
        }

        if (classifier.Report is { } report && report.Version == classifier.Progress?.Version)
            canvas.Fill(new Area(plot.X + (report.StepsTaken * step), plot.Y, 1, plot.Height), Theme.Text.WithOpacity(0.7f));

        float Height(float share) => plot.Bottom - 2 - ((plot.Height - 4) * Math.Clamp(share, 0, 1));

        void Segment(float x, float from, float to, Color color) => canvas.Line(x - step, from, x, to, color, Thickness);
    }
}
