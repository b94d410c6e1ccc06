using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What a classifier answers, and how likely it finds each class.</summary>
internal static class Answers
{
    private const float AnswerLine = 96, BarLine = 38, BestLine = 64, LabelShare = 0.5f;
    private const int Best = 5;

    /// <summary>The answer, and all classes with how likely they are.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="model">Answers.</param>
    /// <param name="where">The room.</param>
    /// <param name="rejected">The class that stands for nothing, which is never shown as believed; below 0 for none.</param>
    public static void Draw(Canvas canvas, ShownClassifier model, Area where, int rejected = -1)
    {
        var room = Panels.Model(canvas, model, where);
        if (!model.HasAnswer)
            return;
        Answer(canvas, model, room, rejected);
        Bars(canvas, model, room.Below(AnswerLine + 20), model.Answers.Count, inOrder: model.Classes is null || model.Classes.Count <= ShownClassifier.MostAnswers);
    }

    /// <summary>The answer, and the likeliest five with how likely they are; the best first.</summary>
    public static void DrawBest(Canvas canvas, ShownClassifier model, Area where, bool isBlank, Surroundings around)
    {
        var room = Panels.Model(canvas, model, where);
        if (isBlank || !model.HasAnswer)
        {
            canvas.Text("nothing yet", room.X, room.Y + ((AnswerLine - Theme.Line) / 2), Theme.Line, Theme.Muted);
            return;
        }

        Answer(canvas, model, room);
        int count = Math.Min(Best, model.Answers.Count);
        var bars = room.Below(AnswerLine + 20);
        Bars(canvas, model, bars, count, inOrder: false, BestLine);
        around.Explain(bars, "How likely the network finds each digit; together they are 100 %.");
    }

    /// <summary>The likeliest class, large, and its probability.</summary>
    private static void Answer(Canvas canvas, ShownClassifier model, Area room, int rejected = -1)
    {
        var best = model.Answers[0];
        float letter = Canvas.TextWidth(1, 1), line = Math.Max(Math.Min(AnswerLine, room.Width * 0.66f / (best.Name.Length * letter)), Theme.Line);
        Panels.Line(canvas, best.Name, room.X, room.Y + ((AnswerLine - line) / 2), line, room.Width, model.IsSure && best.Class != rejected ? Theme.Accent : Theme.Muted);
        Span<char> text = stackalloc char[16];
        text.TryWrite(CultureInfo.InvariantCulture, $"{best.Probability * 100:0} %", out int length);
        canvas.Text(text[..length], room.Right - Canvas.TextWidth(length, Theme.Line), room.Y + ((AnswerLine - Theme.Line) / 2), Theme.Line, Theme.Text);
    }

    /// <summary>A bar for each of the best answers: in the order of the classes where all are shown, so that none jumps; else the best first.</summary>
    private static void Bars(Canvas canvas, ShownClassifier model, Area room, int count, bool inOrder, float most = BarLine)
    {
        float line = Math.Min(most, room.Height / count);
        int letters = 0;
        for (int i = 0; i < count; i++)
            letters = Math.Max(letters, model.Answers[i].Name.Length);
        float labels = Math.Min(room.Width * LabelShare, Canvas.TextWidth(letters + 1, Theme.SmallLine));
        for (int i = 0; i < count; i++)
        {
            var score = model.Answers[i];
            Panels.Bar(canvas, score.Name, score.Probability, i == 0, room.Top(line) with { Y = room.Y + (line * (inOrder ? score.Class : i)) }, labels);
        }
    }
}
