using System.Globalization;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A picture with the answers drawn on it: boxes with their labels, or the most likely classes in a corner.</summary>
internal static class AnswerPicture
{
    private const float LineShare = 1 / 24f, LeastLine = 14, MostLine = 64;
    private static readonly Color Paper = Color.Black.WithOpacity(0.6f);
    private static readonly Color Accent = Color.FromRgb(0xF6BE4F);

    /// <summary>Draws it, in pixels of the picture.</summary>
    public static void Draw(CpuCanvas canvas, Frame picture, PictureAnswer answer)
    {
        float line = DrawPicture(canvas, picture, answer);
        for (int i = 0; i < answer.Classes.Count; i++)
            Tag(canvas, string.Create(CultureInfo.InvariantCulture, $"{answer.Classes[i].Label} {answer.Classes[i].Score:P0}"), line / 2, (line / 2) + (i * line * 1.25f), line, Color.White);
        foreach (var thing in answer.Detections)
            canvas.Outline(new Area(thing.X, thing.Y, thing.Width, thing.Height), ColorOf(thing), Math.Max(line / 10, 2), line / 6);
        foreach (var thing in answer.Detections)
        {
            // Small on small things, so that what they mark stays visible.
            float dot = Math.Clamp(thing.Width / 30, 1, line / 6);
            foreach (float[] point in thing.Landmarks)
                canvas.Fill(new Area(point[0] - dot, point[1] - dot, 2 * dot, 2 * dot), Color.White, dot);
        }

        foreach (var thing in answer.Detections)
            Tag(canvas, thing.Track is { } track ? $"{thing.Label} {track}" : thing.Label, thing.X, Math.Max(thing.Y - (line * 1.2f), 0), line, ColorOf(thing));
    }

    /// <summary>Draws the picture alone.</summary>
    /// <returns>Height of a line of text on it.</returns>
    public static float DrawPicture(CpuCanvas canvas, Frame picture, PictureAnswer answer)
    {
        var reading = new Preprocessing { Size = new Size2d(answer.Height, answer.Width), Fit = FitMode.Stretch };
        using var pixels = new Tensor(reading.Shape);
        new ImageToTensor(reading).Run(picture, pixels);
        canvas.Begin(answer.Width, answer.Height, Color.Black);
        canvas.Picture(pixels, canvas.Bounds);
        return LineOf(answer.Height);
    }

    /// <summary>Names colours, one line under the other.</summary>
    public static void DrawLegend(CpuCanvas canvas, IReadOnlyList<(string Text, Color Color)> lines)
    {
        float line = LineOf(canvas.Format.Height), margin = line / 4;
        int letters = lines.Select(one => one.Text.Length).DefaultIfEmpty().Max();
        if (lines.Count > 0)
            canvas.Fill(new Area(line / 2, line / 2, Canvas.TextWidth(letters, line) + line + (3 * margin), lines.Count * line * 1.2f), Paper, margin);
        for (int i = 0; i < lines.Count; i++)
        {
            float x = line / 2, y = (line / 2) + (i * line * 1.2f);
            canvas.Fill(new Area(x + margin, y + (line * 0.25f), line * 0.7f, line * 0.7f), lines[i].Color, line / 8);
            canvas.Text(lines[i].Text, x + line + margin, y + (line * 0.1f), line, Color.White);
        }
    }

    private static float LineOf(int height) => Math.Clamp(height * LineShare, LeastLine, MostLine);

    private static Color ColorOf(FoundThing thing) => thing.Track is { } track ? ClassColors.Of(track - 1) : Accent;

    private static void Tag(Canvas canvas, string text, float x, float y, float line, Color color)
    {
        float margin = line / 4;
        canvas.Fill(new Area(x, y, Canvas.TextWidth(text.Length, line) + (2 * margin), line * 1.2f), Paper, margin);
        canvas.Text(text, x + margin, y + (line * 0.1f), line, color);
    }
}
