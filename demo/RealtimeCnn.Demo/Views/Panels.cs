using System.Globalization;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The parts that views are made of.</summary>
internal static class Panels
{
    /// <summary>The newest frame in its own proportions, on a panel.</summary>
    /// <param name="scene">Has the frame.</param>
    /// <param name="where">The panel.</param>
    /// <param name="mirrored">Whether it is shown as in a mirror.</param>
    /// <returns>Where the frame lies.</returns>
    public static Area Frame(Scene scene, Area where, bool mirrored = false)
    {
        var picture = where.Inset(1).Fit(scene.FrameSize);
        if (picture.Width < where.Width - 3 || picture.Height < where.Height - 3)
            scene.Canvas.Fill(where, Theme.Panel, 6);
        scene.DrawFrame(picture, mirrored);
        return picture;
    }

    /// <summary>The newest frame with its size in its corner.</summary>
    public static Area Source(Scene scene, Area where, Surroundings around)
    {
        var picture = Frame(scene, where, around.IsMirrored);
        SourceBadge(scene, picture, around.IsMirrored);
        return picture;
    }

    /// <summary>What the newest frame is, in its corner.</summary>
    public static void SourceBadge(Scene scene, Area picture, bool mirrored)
    {
        Span<char> label = stackalloc char[64];
        label.TryWrite(CultureInfo.InvariantCulture, $"source {scene.FrameSize.Width}×{scene.FrameSize.Height}{(mirrored ? ", mirrored" : "")}", out int length);
        Badge(scene.Canvas, label[..length], picture);
    }

    /// <summary>A value of three channels as a picture with its name.</summary>
    /// <returns>Where the picture lies.</returns>
    public static Area Value(Scene scene, string name, ReadOnlySpan<char> label, Color color, Area where)
    {
        var value = scene.Value(name);
        var picture = where.Inset(1).Fit(new Size2d(value.Shape.Height, value.Shape.Width));
        if (picture.Width < where.Width - 3 || picture.Height < where.Height - 3)
            scene.Canvas.Fill(where, Theme.Panel, 6);
        value.Draw(scene.Canvas, picture);
        Badge(scene.Canvas, label, picture, color);
        return picture;
    }

    /// <summary>The grid in which pictures of one size are largest.</summary>
    public static (int Columns, int Rows) BestGrid(Size2d picture, int count, Area room)
    {
        (int, int) best = (1, count);
        float bestScale = 0;
        for (int columns = 1; columns <= count; columns++)
        {
            int rows = (count + columns - 1) / columns;
            float scale = Math.Min(room.Width / columns / picture.Width, room.Height / rows / picture.Height);
            if (scale > bestScale)
                (bestScale, best) = (scale, (columns, rows));
        }

        return best;
    }

    /// <summary>A panel under a model's name and input; gives the room below them.</summary>
    public static Area Model(Canvas canvas, ShownModel model, Area where)
    {
        canvas.Fill(where, Theme.Panel, 6);
        var room = where.Inset(16);
        Span<char> text = stackalloc char[64];
        text.TryWrite(CultureInfo.InvariantCulture, $"{model.Name}  {model.Input.Channels}×{model.Input.Height}×{model.Input.Width}", out int length);
        Line(canvas, text[..length], room.X, room.Y, Theme.SmallLine, room.Width, Theme.Muted);
        return room.Below(36);
    }

    /// <summary>A label, and a bar as long as a share of what is left of the line.</summary>
    public static void Bar(Canvas canvas, string label, float share, bool isMarked, Area line, float labels)
    {
        float size = Math.Min(Theme.SmallLine, line.Height - 4);
        Line(canvas, label, line.X, line.Y + ((line.Height - size) / 2), size, labels - 8, isMarked ? Theme.Text : Theme.Muted);
        var bar = new Area(line.X + labels, line.Y + (line.Height * 0.25f), line.Width - labels, line.Height * 0.5f);
        canvas.Fill(bar, Theme.Background, 4);
        canvas.Fill(bar with { Width = Math.Max(bar.Width * Math.Clamp(share, 0, 1), 4) }, isMarked ? Theme.Accent : Theme.Muted, 4);
    }

    /// <summary>As much of a text as has room, and … where that is not all.</summary>
    public static void Line(Canvas canvas, ReadOnlySpan<char> text, float x, float y, float height, float width, Color color)
    {
        // A hundredth of a letter, for a room that was computed of the letters.
        int letters = (int)((width / Canvas.TextWidth(1, height)) + 0.01f);
        if (text.Length > letters && letters > 0)
        {
            canvas.Text("…", x + Canvas.TextWidth(letters - 1, height), y, height, color);
            letters--;
        }

        canvas.Text(text[..Math.Clamp(letters, 0, text.Length)], x, y, height, color);
    }

    /// <summary>A few words in the corner of a picture.</summary>
    public static void Badge(Canvas canvas, ReadOnlySpan<char> text, Area picture, Color? color = null)
    {
        if (text.IsEmpty)
            return;
        text = text[..Math.Clamp((int)((picture.Width - 14) / Canvas.TextWidth(1, Theme.SmallLine)), 0, text.Length)];
        float width = Canvas.TextWidth(text.Length, Theme.SmallLine) + 10;
        canvas.Fill(new Area(picture.X + 4, picture.Y + 4, width, Theme.SmallLine + 2), Theme.Background.WithOpacity(0.8f), 4);
        canvas.Text(text, picture.X + 9, picture.Y + 5, Theme.SmallLine, color ?? Theme.Text);
    }
}
