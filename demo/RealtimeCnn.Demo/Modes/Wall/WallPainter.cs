using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>Draws the wall: the maps of its layers with their titles, what is muted and amplified, the chosen one and the one under the mouse.</summary>
internal static class WallPainter
{
    /// <summary>Draws what is seen of it.</summary>
    /// <param name="scene">Has the maps.</param>
    /// <param name="wall">The layers, and what the user did to their channels.</param>
    /// <param name="camera">What part is seen.</param>
    /// <param name="places">Where the layers lie.</param>
    /// <param name="chosen">The map that is studied.</param>
    /// <param name="over">The unit under the mouse; null for none.</param>
    /// <param name="window">Where it is seen.</param>
    public static void Draw(Scene scene, ModelWall wall, WallCamera camera, LayerPlace[] places, (int Layer, int Channel) chosen, (int Layer, int Channel, int Row, int Column)? over, Area window)
    {
        var canvas = scene.Canvas;
        canvas.Clip(window);
        for (int i = 0; i < places.Length; i++)
        {
            var (layer, place) = (wall.Layers[i], places[i]);
            var panel = camera.ToCanvas(place.Panel);
            if (panel.Right <= window.X || panel.X >= window.Right || panel.Bottom <= window.Y || panel.Y >= window.Bottom)
                continue;
            canvas.Fill(panel, Theme.Panel, 5);
            DrawMaps(scene, layer, camera, place, window);
            DrawTitle(canvas, layer, panel, place.Title * camera.Zoom, window);
            DrawGains(canvas, wall, layer, camera, place, window);
        }

        if (over is { } pointed)
            canvas.Outline(camera.ToCanvas(places[pointed.Layer].MapAt(pointed.Channel)).Inset(-1), Theme.Text, 1.5f);
        canvas.Outline(camera.ToCanvas(places[chosen.Layer].MapAt(chosen.Channel)).Inset(-2), Theme.Accent, 2);
        canvas.Clip(null);
        if (over is { } named)
            NameIt(canvas, wall.Layers[named.Layer], named, window);
    }

    // The rows of maps that are seen.
    private static void DrawMaps(Scene scene, WallLayer layer, WallCamera camera, in LayerPlace place, Area window)
    {
        var grid = camera.ToCanvas(place.Grid);
        float gap = place.Gap * camera.Zoom, step = (grid.Height + gap) / place.Rows;
        int first = Math.Clamp((int)((window.Y - grid.Y) / step), 0, place.Rows - 1), last = Math.Clamp((int)((window.Bottom - grid.Y) / step), 0, place.Rows - 1);
        var rows = new Area(grid.X, grid.Y + (first * step), grid.Width, ((last - first + 1) * step) - gap);
        if (rows.Right > window.X && rows.X < window.Right && rows.Bottom > window.Y && rows.Y < window.Bottom)
            scene.Value(layer.Drawn).DrawMaps(scene.Canvas, rows, place.Columns, last - first + 1, gap, first * place.Columns, layer.Colors);
    }

    // As large as it is on the wall, and no larger than text need be; in sight where the panel reaches beyond it.
    private static void DrawTitle(Canvas canvas, WallLayer layer, Area panel, float height, Area window)
    {
        float size = Math.Min(height - 2, Theme.SmallLine);
        if (size < 8)
            return;
        float x = Math.Max(panel.X, window.X) + 5, y = Math.Max(panel.Y + ((height - size) / 2), panel.Y + 1), width = Math.Min(panel.Right, window.Right) - x - 4;
        Panels.Line(canvas, layer.Title, x, y, size, width, Theme.Text);
        float used = Canvas.TextWidth(layer.Title.Length + 2, size), needed = Canvas.TextWidth(layer.Size.Length, size);
        if (used + needed <= width)
            canvas.Text(layer.Size, x + width - needed, y, size, Theme.Muted);
    }

    private static void DrawGains(Canvas canvas, ModelWall wall, WallLayer layer, WallCamera camera, in LayerPlace place, Area window)
    {
        if (!wall.IsTouched)
            return;
        for (int channel = 0; channel < layer.Shape.Channels; channel++)
        {
            float gain = wall.GainOf(layer, channel);
            if (gain == 1)
                continue;
            var map = camera.ToCanvas(place.MapAt(channel));
            if (map.Right <= window.X || map.X >= window.Right || map.Bottom <= window.Y || map.Y >= window.Bottom)
                continue;
            if (gain > 1)
                canvas.Outline(map, Theme.Accent.WithOpacity(0.9f), 1);
            else
                canvas.Line(map.X + (map.Width * 0.2f), map.Y + (map.Height * 0.8f), map.X + (map.Width * 0.8f), map.Y + (map.Height * 0.2f), Theme.Muted, Math.Clamp(map.Width * 0.08f, 0.75f, 3));
        }
    }

    private static void NameIt(Canvas canvas, WallLayer layer, (int Layer, int Channel, int Row, int Column) over, Area window)
    {
        Span<char> text = stackalloc char[128];
        if (!text.TryWrite(CultureInfo.InvariantCulture, $"{layer.Node.Name}: map {over.Channel + 1} of {layer.Shape.Channels}, row {over.Row}, column {over.Column}", out int length))
            return;
        float width = Canvas.TextWidth(length, Theme.SmallLine) + 12;
        var label = new Area(window.X + 4, window.Bottom - Theme.SmallLine - 8, width, Theme.SmallLine + 4);
        canvas.Fill(label, Theme.Background.WithOpacity(0.85f), 4);
        canvas.Text(text[..length], label.X + 6, label.Y + 2, Theme.SmallLine, Theme.Text);
    }
}
