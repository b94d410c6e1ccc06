using System.Globalization;
using System.Numerics;
using RealtimeCnn.Drawing;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A picture with the answers drawn on it: boxes with their labels, or the most likely classes in a corner.</summary>
internal static class AnswerPicture
{
    private static readonly Color Paper = Color.Black.WithOpacity(0.6f);
    private static readonly Color Accent = Color.FromRgb(0xF6BE4F);

    /// <summary>Draws it, in pixels of the picture.</summary>
    public static void Draw(CpuCanvas canvas, Frame picture, PictureAnswer answer)
    {
        DrawPicture(canvas, picture, answer);
        float line = BoxPainter.LineOf(canvas.Bounds);
        for (int i = 0; i < answer.Classes.Count; i++)
            BoxPainter.Tag(canvas, string.Create(CultureInfo.InvariantCulture, $"{answer.Classes[i].Label} {answer.Classes[i].Score:P0}"), line / 2, (line / 2) + (i * line * 1.25f), line, Color.White);
        foreach (var thing in answer.Detections)
        {
            Vector2[] landmarks = [.. thing.Landmarks.Select(point => new Vector2(point[0], point[1]))];
            BoxPainter.Draw(canvas, new Area(thing.X, thing.Y, thing.Width, thing.Height), thing.Track is { } track ? $"{thing.Label} {track}" : thing.Label, ColorOf(thing), canvas.Bounds, landmarks);
        }
    }

    /// <summary>Draws the picture alone.</summary>
    public static void DrawPicture(CpuCanvas canvas, Frame picture, PictureAnswer answer)
    {
        var reading = new Preprocessing { Size = new Size2d(answer.Height, answer.Width), Fit = FitMode.Stretch };
        using var pixels = new Tensor(reading.Shape);
        new ImageToTensor(reading).Run(picture, pixels);
        canvas.Begin(answer.Width, answer.Height, Color.Black);
        canvas.Picture(pixels, canvas.Bounds);
    }

    /// <summary>Names colours, one line under the other.</summary>
    public static void DrawLegend(CpuCanvas canvas, IReadOnlyList<(string Text, Color Color)> lines)
    {
        float line = BoxPainter.LineOf(canvas.Bounds), margin = line / 4;
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

    private static Color ColorOf(FoundThing thing) => thing.Track is { } track ? ClassColors.Of(track - 1) : Accent;
}
