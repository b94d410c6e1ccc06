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

    /// <summary>Writes it as PNG.</summary>
    public static void Write(string path, Frame picture, PictureAnswer answer)
    {
        var reading = new Preprocessing { Size = new Size2d(answer.Height, answer.Width), Fit = FitMode.Stretch };
        using var pixels = new Tensor(reading.Shape);
        new ImageToTensor(reading).Run(picture, pixels);
        var canvas = new CpuCanvas();
        canvas.Begin(answer.Width, answer.Height, Color.Black);
        canvas.Picture(pixels, canvas.Bounds);
        float line = Math.Clamp(answer.Height * LineShare, LeastLine, MostLine);
        for (int i = 0; i < answer.Classes.Count; i++)
            Tag(canvas, string.Create(CultureInfo.InvariantCulture, $"{answer.Classes[i].Label} {answer.Classes[i].Score:P0}"), line / 2, (line / 2) + (i * line * 1.25f), line, Color.White);
        foreach (var thing in answer.Detections)
            canvas.Outline(new Area(thing.X, thing.Y, thing.Width, thing.Height), Accent, Math.Max(line / 10, 2), line / 6);
        float dot = Math.Max(line / 8, 2);
        foreach (float[] point in answer.Detections.SelectMany(thing => thing.Landmarks))
            canvas.Fill(new Area(point[0] - dot, point[1] - dot, 2 * dot, 2 * dot), Color.White, dot);
        foreach (var thing in answer.Detections)
            Tag(canvas, thing.Label, thing.X, Math.Max(thing.Y - (line * 1.2f), 0), line, Accent);
        Png.Write(path, canvas.Pixels, canvas.Format);
    }

    private static void Tag(Canvas canvas, string text, float x, float y, float line, Color color)
    {
        float margin = line / 4;
        canvas.Fill(new Area(x, y, Canvas.TextWidth(text.Length, line) + (2 * margin), line * 1.2f), Paper, margin);
        canvas.Text(text, x + margin, y + (line * 0.1f), line, color);
    }
}
