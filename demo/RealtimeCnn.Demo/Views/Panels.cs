using System.Globalization;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Demo.Views;

/// <summary>The parts that views are made of.</summary>
internal static class Panels
{
    private const float MapGap = 3;

    /// <summary>The newest frame in its own proportions.</summary>
    public static void Source(Scene scene, Area where) => SourceBadge(scene, Frame(scene, where));

    /// <summary>The newest frame without a label; gives where it lies.</summary>
    public static Area Frame(Scene scene, Area where)
    {
        scene.Canvas.Fill(where, Theme.Panel, 6);
        var picture = where.Inset(1).Fit(scene.FrameSize);
        scene.DrawFrame(picture);
        return picture;
    }

    /// <summary>What the newest frame is, in its corner.</summary>
    public static void SourceBadge(Scene scene, Area picture)
    {
        Span<char> label = stackalloc char[48];
        label.TryWrite(CultureInfo.InvariantCulture, $"source {scene.FrameSize.Width}×{scene.FrameSize.Height}", out int length);
        Badge(scene.Canvas, label[..length], picture);
    }

    /// <summary>All filtered pictures, in the grid in which they are largest.</summary>
    public static void Filters(Scene scene, NetworkSettings settings, Area where)
    {
        int count = DemoNetwork.Pictures.Count;
        var (columns, rows) = BestGrid(new Shape(1, count, scene.InputSize.Height, scene.InputSize.Width), where);
        for (int i = 0; i < count; i++)
        {
            var cell = where.Cell(columns, rows, i, Theme.Gap);
            if (DemoNetwork.Pictures[i] == DemoNetwork.Custom)
                Custom(scene, settings, cell);
            else
                Filtered(scene, DemoNetwork.Pictures[i], cell);
        }
    }

    /// <summary>One filtered picture with its name.</summary>
    public static void Filtered(Scene scene, string name, Area where) => Filtered(scene, name, name, Theme.Text, where);

    /// <summary>What the editable filter makes of the picture, under the name of the classical one that it is.</summary>
    public static void Custom(Scene scene, NetworkSettings settings, Area where)
    {
        Span<char> label = stackalloc char[48];
        label.TryWrite(CultureInfo.InvariantCulture, $"yours: {settings.KernelName ?? "3×3"}", out int length);
        Filtered(scene, DemoNetwork.Custom, label[..length], Theme.Accent, where);
    }

    private static void Filtered(Scene scene, string name, ReadOnlySpan<char> label, Color color, Area where)
    {
        scene.Canvas.Fill(where, Theme.Panel, 6);
        var picture = where.Inset(1).Fit(scene.InputSize);
        scene.Value(name).Draw(scene.Canvas, picture);
        Badge(scene.Canvas, label, picture, color);
    }

    /// <summary>One layer's feature maps under its name and shape.</summary>
    public static void Maps(Scene scene, NetworkSettings settings, string name, Area where)
    {
        var canvas = scene.Canvas;
        canvas.Fill(where, Theme.Panel, 6);
        var shape = scene.Value(name).Shape;
        Span<char> text = stackalloc char[64];
        string title = TitleOf(name, settings);
        int letters = (int)((where.Width - 16) / Canvas.TextWidth(1, Theme.SmallLine));
        canvas.Text(title.AsSpan(0, Math.Min(title.Length, letters)), where.X + 8, where.Y + 4, Theme.SmallLine, Theme.Text);
        text.TryWrite(CultureInfo.InvariantCulture, $"{shape.Channels}×{shape.Height}×{shape.Width}", out int length);
        if (title.Length + 1 + length <= letters)
            canvas.Text(text[..length], where.Right - 8 - Canvas.TextWidth(length, Theme.SmallLine), where.Y + 4, Theme.SmallLine, Theme.Muted);
        length = Math.Min(Detail(name, settings, text), letters);
        canvas.Text(text[..length], where.X + 8, where.Y + 4 + Theme.SmallLine, Theme.SmallLine, Theme.Muted);

        var room = where.Below((2 * Theme.SmallLine) + 8).Inset(8);
        var (columns, rows) = BestGrid(shape, room);
        float cellWidth = room.Width / columns, cellHeight = room.Height / rows;
        float scale = Math.Min(cellWidth / shape.Width, cellHeight / shape.Height);
        float gridWidth = MathF.Round(shape.Width * scale * columns), gridHeight = MathF.Round(shape.Height * scale * rows);
        var grid = new Area(MathF.Round(room.X + ((room.Width - gridWidth) / 2)), MathF.Round(room.Y + ((room.Height - gridHeight) / 2)), gridWidth, gridHeight);
        scene.Value(name).DrawMaps(scene.Canvas, grid, columns, rows, MapGap);
        if (name == DemoNetwork.Pointwise && scene.StrongestMap is >= 0 and int strongest)
            canvas.Outline(grid.Cell(columns, rows, strongest, MapGap), Theme.Accent, 2);
    }

    /// <summary>The grid in which a layer's maps are largest.</summary>
    public static (int Columns, int Rows) BestGrid(Shape shape, Area room)
    {
        (int, int) best = (1, shape.Channels);
        float bestScale = 0;
        for (int columns = 1; columns <= shape.Channels; columns++)
        {
            int rows = (shape.Channels + columns - 1) / columns;
            float scale = Math.Min(room.Width / columns / shape.Width, room.Height / rows / shape.Height);
            if (scale > bestScale)
                (bestScale, best) = (scale, (columns, rows));
        }

        return best;
    }

    /// <summary>What a layer of the stack is called.</summary>
    public static string TitleOf(string name, NetworkSettings settings) => name switch
    {
        DemoNetwork.Conv => "conv 3×3 + ReLU",
        DemoNetwork.Pool => settings.Pooling == Pooling.Average2 ? "average pool" : "max pool",
        DemoNetwork.Depthwise => "depthwise 3×3",
        _ => "pointwise + ReLU",
    };

    private static int Detail(string name, NetworkSettings settings, Span<char> text)
    {
        var culture = CultureInfo.InvariantCulture;
        string padding = settings.Padding == PaddingMode.Zero ? "zero" : "replicate";
        int length;
        _ = name switch
        {
            DemoNetwork.Conv => text.TryWrite(culture, $"3 → 8, stride {settings.Stride}, {padding}", out length),
            DemoNetwork.Pool => text.TryWrite(culture, $"{(settings.Pooling == Pooling.Max3 ? 3 : 2)}×{(settings.Pooling == Pooling.Max3 ? 3 : 2)}, stride 2", out length),
            DemoNetwork.Depthwise => text.TryWrite(culture, $"one filter a channel", out length),
            _ => text.TryWrite(culture, $"8 → 16, strongest framed", out length),
        };
        return length;
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

    /// <summary>As much of a text as has room.</summary>
    public static void Line(Canvas canvas, ReadOnlySpan<char> text, float x, float y, float height, float width, Color color) =>
        canvas.Text(text[..Math.Clamp((int)(width / Canvas.TextWidth(1, height)), 0, text.Length)], x, y, height, color);

    private static void Badge(Canvas canvas, ReadOnlySpan<char> text, Area picture, Color? color = null)
    {
        text = text[..Math.Clamp((int)((picture.Width - 14) / Canvas.TextWidth(1, Theme.SmallLine)), 0, text.Length)];
        float width = Canvas.TextWidth(text.Length, Theme.SmallLine) + 10;
        canvas.Fill(new Area(picture.X + 4, picture.Y + 4, width, Theme.SmallLine + 2), Theme.Background.WithOpacity(0.72f), 4);
        canvas.Text(text, picture.X + 9, picture.Y + 5, Theme.SmallLine, color ?? Theme.Text);
    }
}
