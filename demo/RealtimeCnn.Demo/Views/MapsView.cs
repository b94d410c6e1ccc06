using System.Globalization;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Views;

/// <summary>The feature maps of one layer, all of them or one alone.</summary>
internal sealed class MapsView : IView
{
    /// <summary>Maps in a row, which the arrow keys move by.</summary>
    public const int Columns = 4;

    public string Name => "maps";

    public void Draw(Scene scene, DemoControls controls, Area where)
    {
        string name = DemoNetwork.Stack[controls.Layer];
        var shape = scene.Value(name).Shape;
        int map = Math.Min(controls.Map, shape.Channels - 1);
        var canvas = scene.Canvas;
        canvas.Fill(where, Theme.Panel, 6);
        Title(canvas, controls, name, shape, map, where);

        var room = where.Below(Theme.Line + 16).Inset(10);
        if (controls.Solo)
        {
            scene.Value(name).DrawMaps(scene.Canvas, room.Fit(new Size2d(shape.Height, shape.Width)), 1, 1, 0, map);
            return;
        }

        int rows = (shape.Channels + Columns - 1) / Columns;
        var grid = room.Fit(new Size2d(shape.Height * rows, shape.Width * Columns));
        scene.Value(name).DrawMaps(scene.Canvas, grid, Columns, rows, Theme.Gap);
        canvas.Outline(grid.Cell(Columns, rows, map, Theme.Gap), Theme.Accent, 2);
    }

    private static void Title(Canvas canvas, DemoControls controls, string name, Shape shape, int map, Area where)
    {
        Span<char> text = stackalloc char[96];
        text.TryWrite(CultureInfo.InvariantCulture, $"{Panels.TitleOf(name, controls.Settings)}  ", out int title);
        canvas.Text(text[..title], where.X + 10, where.Y + 8, Theme.Line, Theme.Text);
        float x = where.X + 10 + Canvas.TextWidth(title, Theme.Line);
        text.TryWrite(CultureInfo.InvariantCulture, $"{shape.Channels}×{shape.Height}×{shape.Width}   map {map + 1} of {shape.Channels}   layer {controls.Layer + 1} of {DemoNetwork.Stack.Count}: L", out int length);
        canvas.Text(text[..length], x, where.Y + 11, Theme.SmallLine, Theme.Muted);
    }
}
