using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The part of a picture that a network sees, framed; the rest is darkened.</summary>
internal static class SeenPart
{
    public static void Draw(Scene scene, ShownModel model, Area picture) => Draw(scene, model.Seen(scene.FrameSize), model.IsSure, picture);

    /// <param name="scene">Has the picture.</param>
    /// <param name="part">What is seen of it, in its pixels.</param>
    /// <param name="isSure">Whether what the network says is believed.</param>
    /// <param name="picture">Where the picture lies.</param>
    public static void Draw(Scene scene, (double Left, double Top, double Width, double Height) part, bool isSure, Area picture)
    {
        var canvas = scene.Canvas;
        float scale = picture.Width / scene.FrameSize.Width;
        // In the middle, so that it is the same in a mirror.
        var (left, top, width, height) = part;
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

        canvas.Outline(seen.Inset(1), isSure ? Theme.Accent : Theme.Muted, 2);
    }
}
