using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What a network says of the live picture: the part that it sees, what it finds there, and how sure it is.</summary>
internal sealed class RecognitionView : IView
{
    private const float PictureShare = 0.62f, WidePictureShare = 0.76f;

    public string Name => "recognition";

    public ISceneNetwork NetworkFor(DemoControls controls) => controls.Model;

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        if (scene.Network is not ShownModel model)
            return;
        float width = MathF.Round(where.Width * (model is ShownDetector ? WidePictureShare : PictureShare));
        var picture = Panels.Frame(scene, where with { Width = width });
        Seen(scene, model, picture);
        Panels.SourceBadge(scene, picture);
        var right = where with { X = where.X + width + Theme.Gap, Width = where.Width - width - Theme.Gap };
        switch (model)
        {
            case ShownClassifier classifier:
                Answers.Draw(scene.Canvas, classifier, right);
                break;
            case ShownDetector detector:
                Detections.DrawBoxes(scene, detector, picture);
                Detections.Draw(scene.Canvas, detector, right);
                break;
        }
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

        canvas.Outline(seen.Inset(1), model.IsSure ? Theme.Accent : Theme.Muted, 2);
    }
}
