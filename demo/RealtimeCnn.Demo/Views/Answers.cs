using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What a classifier answers, and how likely it finds each class.</summary>
internal static class Answers
{
    private const float AnswerLine = 96, BarLine = 38, LabelShare = 0.5f;

    public static void Draw(Canvas canvas, ShownClassifier model, Area where)
    {
        var room = Panels.Model(canvas, model, where);
        if (!model.HasAnswer)
            return;
        var best = model.Answers[0];
        float letter = Canvas.TextWidth(1, 1), line = Math.Max(Math.Min(AnswerLine, room.Width * 0.66f / (best.Name.Length * letter)), Theme.Line);
        Panels.Line(canvas, best.Name, room.X, room.Y + ((AnswerLine - line) / 2), line, room.Width, model.IsSure ? Theme.Accent : Theme.Muted);
        Span<char> text = stackalloc char[16];
        text.TryWrite(CultureInfo.InvariantCulture, $"{best.Probability * 100:0} %", out int length);
        canvas.Text(text[..length], room.Right - Canvas.TextWidth(length, Theme.Line), room.Y + ((AnswerLine - Theme.Line) / 2), Theme.Line, Theme.Text);
        Bars(canvas, model, room.Below(AnswerLine + 20));
    }

    /// <summary>A bar for each answer: in the order of the classes where all are shown, so that none jumps; else the best first.</summary>
    private static void Bars(Canvas canvas, ShownClassifier model, Area room)
    {
        int count = model.Answers.Count;
        float line = Math.Min(BarLine, room.Height / count);
        int letters = 0;
        for (int i = 0; i < count; i++)
            letters = Math.Max(letters, model.Answers[i].Name.Length);
        float labels = Math.Min(room.Width * LabelShare, Canvas.TextWidth(letters + 1, Theme.SmallLine));
        bool showsAll = model.Classes.Count <= ShownClassifier.MostAnswers;
        for (int i = 0; i < count; i++)
        {
            var score = model.Answers[i];
            Panels.Bar(canvas, score.Name, score.Probability, i == 0, room.Top(line) with { Y = room.Y + (line * (showsAll ? score.Class : i)) }, labels);
        }
    }
}
