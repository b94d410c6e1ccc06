using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What a classifier says of the live picture: the part that it sees, its answer, and how likely it finds each class.</summary>
internal sealed class RecognitionView : IView
{
    private const float AnswerLine = 96, BarLine = 38, LabelShare = 0.5f;
    private const float Sure = 0.5f;

    public string Name => "recognition";

    public ISceneNetwork NetworkFor(DemoControls controls) => controls.Model;

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        if (scene.Network is not ShownModel model)
            return;
        float width = MathF.Round(where.Width * 0.62f);
        var left = where with { Width = width };
        var picture = Panels.Frame(scene, left);
        Seen(scene, model, picture);
        Panels.SourceBadge(scene, picture);
        Answers(scene.Canvas, model, where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap });
    }

    /// <summary>Darkens what the network does not see.</summary>
    private static void Seen(Scene scene, ShownModel model, Area picture)
    {
        var canvas = scene.Canvas;
        float scale = picture.Width / scene.FrameSize.Width;
        var (left, top, width, height) = model.Seen(scene.FrameSize);
        var seen = new Area(picture.X + ((float)left * scale), picture.Y + ((float)top * scale), (float)width * scale, (float)height * scale);
        var shade = Theme.Background.WithOpacity(0.55f);
        if (seen.X > picture.X + 1)
        {
            canvas.Fill(picture with { Width = seen.X - picture.X }, shade);
            canvas.Fill(picture with { X = seen.Right, Width = picture.Right - seen.Right }, shade);
        }

        if (seen.Y > picture.Y + 1)
        {
            canvas.Fill(picture with { Height = seen.Y - picture.Y }, shade);
            canvas.Fill(picture with { Y = seen.Bottom, Height = picture.Bottom - seen.Bottom }, shade);
        }

        canvas.Outline(seen.Inset(1), model is { HasAnswer: true, Answers: [{ Probability: > Sure }, ..] } ? Theme.Accent : Theme.Muted, 2);
    }

    private static void Answers(Canvas canvas, ShownModel model, Area where)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(16);
        Span<char> text = stackalloc char[64];
        text.TryWrite(CultureInfo.InvariantCulture, $"{model.Name}  {model.Input.Channels}×{model.Input.Height}×{model.Input.Width}", out int length);
        Line(canvas, text[..length], room.X, room.Y, Theme.SmallLine, room.Width, Theme.Muted);
        if (!model.HasAnswer)
            return;
        var best = model.Answers[0];
        var color = best.Probability > Sure ? Theme.Accent : Theme.Muted;
        float letter = Canvas.TextWidth(1, 1), line = Math.Min(AnswerLine, room.Width * 0.66f / (best.Name.Length * letter));
        line = Math.Max(line, Theme.Line);
        Line(canvas, best.Name, room.X, room.Y + 36 + ((AnswerLine - line) / 2), line, room.Width, color);
        text.TryWrite(CultureInfo.InvariantCulture, $"{best.Probability * 100:0} %", out length);
        canvas.Text(text[..length], room.Right - Canvas.TextWidth(length, Theme.Line), room.Y + 36 + ((AnswerLine - Theme.Line) / 2), Theme.Line, Theme.Text);
        Bars(canvas, model, room.Below(36 + AnswerLine + 20));
    }

    /// <summary>A bar for each answer: in the order of the classes where all are shown, so that none jumps; else the best first.</summary>
    private static void Bars(Canvas canvas, ShownModel model, Area room)
    {
        int count = model.Answers.Count;
        float line = Math.Min(BarLine, room.Height / count);
        int letters = 0;
        for (int i = 0; i < count; i++)
            letters = Math.Max(letters, model.Answers[i].Name.Length);
        float labels = Math.Min(room.Width * LabelShare, Canvas.TextWidth(letters + 1, Theme.SmallLine));
        bool showsAll = model.Classes is null || model.Classes.Count <= ShownModel.MostAnswers;
        for (int i = 0; i < count; i++)
        {
            var score = model.Answers[i];
            float y = room.Y + (line * (showsAll ? score.Class : i));
            var color = i == 0 ? Theme.Accent : Theme.Muted;
            float size = Math.Min(Theme.SmallLine, line - 4);
            Line(canvas, score.Name, room.X, y + ((line - size) / 2), size, labels - 8, i == 0 ? Theme.Text : Theme.Muted);
            var bar = new Area(room.X + labels, y + (line * 0.25f), room.Width - labels, line * 0.5f);
            canvas.Fill(bar, Theme.Background, 4);
            canvas.Fill(bar with { Width = Math.Max(bar.Width * Math.Clamp(score.Probability, 0, 1), 4) }, color, 4);
        }
    }

    private static void Line(Canvas canvas, ReadOnlySpan<char> text, float x, float y, float height, float width, Color color) =>
        canvas.Text(text[..Math.Clamp((int)(width / Canvas.TextWidth(1, height)), 0, text.Length)], x, y, height, color);
}
