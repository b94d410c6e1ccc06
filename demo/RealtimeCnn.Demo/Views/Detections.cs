using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>What a detector finds: boxes on the picture, and each class that was found with how often and how surely.</summary>
internal static class Detections
{
    private const float CountLine = 96, BarLine = 38, TagLine = 26, EdgeWidth = 1.5f, MostDot = 3.5f, DotShare = 1 / 40f;
    private const int MostClasses = 12;

    /// <summary>Boxes with their labels and landmarks, on the picture.</summary>
    /// <param name="scene">Has the picture.</param>
    /// <param name="model">Has the boxes.</param>
    /// <param name="picture">Where the picture lies.</param>
    /// <param name="mirrored">Whether it is shown as in a mirror.</param>
    public static void DrawBoxes(Scene scene, ShownDetector model, Area picture, bool mirrored)
    {
        if (!model.HasAnswer)
            return;
        float scale = picture.Width / scene.FrameSize.Width;
        for (int i = 0; i < model.Found.Count; i++)
        {
            var box = model.Found[i];
            float left = mirrored ? scene.FrameSize.Width - box.Right : box.Left;
            var area = new Area(picture.X + (left * scale), picture.Y + (box.Top * scale), (box.Right - box.Left) * scale, (box.Bottom - box.Top) * scale);
            // A dark edge around the amber one, so that it is seen on paper too.
            scene.Canvas.Outline(area.Inset(-EdgeWidth), Theme.Background.WithOpacity(0.75f), EdgeWidth, 3);
            scene.Canvas.Outline(area, Theme.Accent, 2.5f, 3);
            // Small on small things, so that what they mark stays visible.
            float dot = Math.Clamp(area.Width * DotShare, 1, MostDot);
            foreach (var point in model.Found.LandmarksOf(i))
            {
                float x = picture.X + ((mirrored ? scene.FrameSize.Width - point.X : point.X) * scale), y = picture.Y + (point.Y * scale);
                var place = new Area(x - dot, y - dot, 2 * dot, 2 * dot);
                scene.Canvas.Fill(place.Inset(-EdgeWidth), Theme.Background.WithOpacity(0.75f), dot + EdgeWidth);
                scene.Canvas.Fill(place, Color.White, dot);
            }

            string name = model.Names[box.Class];
            float width = Canvas.TextWidth(name.Length, TagLine) + 8;
            // Above the box, or in it at the picture's edge.
            var tag = new Area(Math.Clamp(area.X, picture.X, Math.Max(picture.X, picture.Right - width)), Math.Max(area.Y - TagLine - 2, picture.Y), width, TagLine + 2);
            scene.Canvas.Fill(tag, Theme.Accent, 3);
            scene.Canvas.Text(name, tag.X + 4, tag.Y + 1, TagLine, Theme.Background);
        }
    }

    /// <summary>How many things there are, and which.</summary>
    public static void Draw(Canvas canvas, ShownDetector model, Area where)
    {
        var room = Panels.Model(canvas, model, where);
        if (!model.HasAnswer)
            return;
        Span<char> text = stackalloc char[16];
        text.TryWrite(CultureInfo.InvariantCulture, $"{model.Found.Count}", out int length);
        canvas.Text(text[..length], room.X, room.Y, CountLine, model.IsSure ? Theme.Accent : Theme.Muted);
        canvas.Text("found", room.X + Canvas.TextWidth(length, CountLine) + 12, room.Y + (CountLine * 0.62f), Theme.SmallLine, Theme.Muted);
        Classes(canvas, model, room.Below(CountLine + 20));
    }

    /// <summary>A line for each class that is there, in their order, so that none jumps while others come and go; a line stays free for those that are not, where all have room.</summary>
    private static void Classes(Canvas canvas, ShownDetector model, Area room)
    {
        bool showsAll = model.Names.Count <= MostClasses;
        int rows = showsAll ? model.Names.Count : MostClasses, row = 0, letters = 0;
        for (int k = 0; k < model.Names.Count; k++)
            letters = Math.Max(letters, model.Names[k].Length);
        float line = Math.Min(BarLine, room.Height / rows), labels = Math.Min(room.Width / 2, Canvas.TextWidth(letters + 1, Theme.SmallLine)), counts = Canvas.TextWidth(4, Theme.SmallLine);
        Span<char> text = stackalloc char[16];
        for (int k = 0; k < model.Names.Count && row < rows; k++)
        {
            var (count, best) = Of(model.Found, k);
            if (count == 0 && !showsAll)
                continue;
            var place = room.Top(line) with { Y = room.Y + (line * row++) };
            Panels.Bar(canvas, model.Names[k], best, count > 0, place with { Width = place.Width - counts }, labels);
            if (count < 2)
                continue;
            text.TryWrite(CultureInfo.InvariantCulture, $"×{count}", out int length);
            canvas.Text(text[..length], place.Right - Canvas.TextWidth(length, Theme.SmallLine), place.Y + ((line - Theme.SmallLine) / 2), Theme.SmallLine, Theme.Text);
        }
    }

    private static (int Count, float Best) Of(Heads.Detections found, int label)
    {
        var (count, best) = (0, 0f);
        for (int i = 0; i < found.Count; i++)
        {
            if (found[i].Class == label)
                (count, best) = (count + 1, Math.Max(best, found[i].Score));
        }

        return (count, best);
    }
}
