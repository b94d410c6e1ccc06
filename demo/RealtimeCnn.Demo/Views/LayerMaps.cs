using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>Feature maps of layers, each layer under what it computes.</summary>
internal static class LayerMaps
{
    private const float Gap = 2, Title = 24;
    private const string Explanation = "Maps of a layer: bright where what it looks for is there, each from its least to its greatest value.";

    /// <summary>All maps of each layer, one layer below the other, with as much room each as their maps need.</summary>
    public static void DrawAll(Scene scene, IReadOnlyList<ShownLayer> layers, Area where, Surroundings around)
    {
        float spare = where.Height - (layers.Count * Title) - ((layers.Count - 1) * Theme.Gap), weights = 0;
        for (int i = 0; i < layers.Count; i++)
            weights += Weight(layers[i]);
        float y = where.Y;
        for (int i = 0; i < layers.Count; i++)
        {
            float height = Title + (spare * Weight(layers[i]) / weights);
            Draw(scene, layers[i], where with { Y = y, Height = height }, around);
            y += height + Theme.Gap;
        }
    }

    /// <summary>All maps of one layer.</summary>
    /// <returns>The grid: where, and its columns and rows.</returns>
    public static (Area Where, int Columns, int Rows) Draw(Scene scene, ShownLayer layer, Area where, Surroundings around)
    {
        var canvas = scene.Canvas;
        float size = Canvas.TextWidth(layer.Size.Length, Theme.SmallLine);
        canvas.Text(layer.Size, where.Right - size, where.Y, Theme.SmallLine, Theme.Muted);
        Panels.Line(canvas, layer.Title, where.X, where.Y, Theme.SmallLine, where.Width - size - 8, Theme.Text);
        var room = where.Below(Title);
        var (columns, rows) = Panels.BestGrid(new Size2d(layer.Shape.Height, layer.Shape.Width), layer.Shape.Channels, room);
        float scale = Math.Min(room.Width / columns / layer.Shape.Width, room.Height / rows / layer.Shape.Height);
        var grid = new Area(room.X, room.Y, MathF.Round(layer.Shape.Width * scale * columns), MathF.Round(layer.Shape.Height * scale * rows));
        scene.Value(layer.Name).DrawMaps(canvas, grid, columns, rows, Gap);
        around.Explain(grid, Explanation);
        return (grid, columns, rows);
    }

    // Many small maps need less room than a few large ones, but each has to be seen.
    private static float Weight(ShownLayer layer) => MathF.Sqrt(layer.Shape.Channels) * MathF.Cbrt(layer.Shape.Area);
}
