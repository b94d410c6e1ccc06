using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>What the picture shows, large, and who says so.</summary>
internal static class TaughtAnswer
{
    /// <summary>In units.</summary>
    public const float Height = 96;

    private const float Letters = 64;

    public static void Draw(Canvas canvas, TaughtNetwork taught, int held, Area where, Surroundings around)
    {
        var classifier = taught.Classifier;
        bool isAnswer = !classifier.IsRejected;
        string text = classifier.Best < 0 ? "nothing taught yet" : isAnswer ? classifier.Classes.Names[classifier.Best]
            : classifier.Best == classifier.Classes.Nothing && !classifier.IsUnfamiliar ? classifier.Classes.Names[classifier.Best] : classifier.IsUnfamiliar ? "unfamiliar" : "not sure";
        float letters = Math.Min(Letters, where.Width * 0.7f / Canvas.TextWidth(text.Length, 1));
        Panels.Line(canvas, text, where.X, where.Y + ((Letters - letters) / 2), letters, where.Width, isAnswer ? Theme.Accent : Theme.Muted);
        Span<char> line = stackalloc char[96];
        if (isAnswer)
        {
            line.TryWrite(CultureInfo.InvariantCulture, $"{classifier.Probabilities[classifier.Best] * 100:0} %", out int percent);
            canvas.Text(line[..percent], where.Right - Canvas.TextWidth(percent, Theme.Line), where.Y + ((Letters - Theme.Line) / 2), Theme.Line, Theme.Text);
        }

        string who = classifier.IsTrained ? "a trained head answers" : classifier.Best >= 0 ? "the nearest mean answers" : "hold a key to show a class";
        line.TryWrite(CultureInfo.InvariantCulture, $"{(held >= 0 ? "taking examples" : who)}  {taught.Name} → {classifier.Classes.Features} features", out int length);
        var below = where.Below(Letters + 6);
        Panels.Line(canvas, line[..length], where.X, below.Y, Theme.SmallLine, where.Width, held >= 0 ? Theme.Accent : Theme.Muted);
        around.Explain(where, "The class whose examples are nearest, or what a head says that was trained on them. Grey: it is none of them, or unlike anything that was shown.");
    }
}
