using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>What the network of the wall answers, in a few lines.</summary>
internal static class WallAnswer
{
    /// <summary>In units.</summary>
    public const float Height = Best * Line;

    private const float Line = 26;
    private const int Best = 3;

    /// <summary>Draws it.</summary>
    public static void Draw(Scene scene, ShownModel model, Area picture, Area where, Surroundings around)
    {
        if (!model.HasAnswer)
            return;
        if (model is ShownDetector detector)
        {
            Detections.DrawBoxes(scene, detector, picture, around.IsMirrored);
            Span<char> text = stackalloc char[24];
            text.TryWrite(CultureInfo.InvariantCulture, $"{detector.Found.Count} found", out int length);
            scene.Canvas.Text(text[..length], where.X, where.Y, Theme.Line, detector.IsSure ? Theme.Accent : Theme.Muted);
            return;
        }

        var answers = ((ShownClassifier)model).Answers;
        float labels = where.Width * 0.4f;
        for (int i = 0; i < Math.Min(Best, answers.Count); i++)
            Panels.Bar(scene.Canvas, answers[i].Name, answers[i].Probability, i == 0, where with { Y = where.Y + (i * Line), Height = Line }, labels);
        around.Explain(where, "What the network answers, with all that is muted and amplified.");
    }
}
