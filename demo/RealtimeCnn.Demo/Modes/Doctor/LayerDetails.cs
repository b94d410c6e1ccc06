using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Doctor;

/// <summary>One layer of a diagnosis: its worst element with both values, where both sides differ, and the kernels with their reasons.</summary>
internal static class LayerDetails
{
    private const float Step = Theme.SmallLine + 4, MapShare = 0.28f, LeastMap = 50;

    public static void Draw(Canvas canvas, Diagnosis found, LayerFinding layer, Area where, Surroundings around)
    {
        float y = where.Y;
        Panels.Line(canvas, layer.Node.Name, where.X, y, Theme.Line, where.Width, layer.IsRight ? Theme.Accent : ErrorScale.Bad);
        y += Theme.Line + 4;
        Line(layer.Title, Theme.Muted);
        Line(layer.Allowed, layer.IsRight ? Theme.Text : ErrorScale.Bad);
        y = Notes.Paragraph(canvas, layer.Worst, where.Below(y - where.Y), Theme.Text);
        if (!layer.IsSame)
        {
            Value(found.Expected, layer.ExpectedValue);
            Value(found.Actual, layer.ActualValue);
        }

        y += 4;
        float height = MathF.Round(where.Height * MapShare);
        if (height >= LeastMap && !layer.IsSame)
        {
            Map(canvas, layer, new Area(where.X, y, where.Width, height), around);
            y += height + 4;
            Line(layer.Caption, Theme.Muted);
            y += 6;
        }

        if (layer.Times is not var (expected, actual))
            return;
        Kernel(found.Expected, expected);
        Kernel(found.Actual, actual);

        void Line(ReadOnlySpan<char> text, Color color)
        {
            if (y + Step <= where.Bottom)
                Panels.Line(canvas, text, where.X, y, Theme.SmallLine, where.Width, color);
            y += Step;
        }

        void Value(string side, string value)
        {
            if (y + Step <= where.Bottom)
                canvas.Text(value, where.Right - Canvas.TextWidth(value.Length, Theme.SmallLine), y, Theme.SmallLine, Theme.Text);
            Line(side, Theme.Muted);
        }

        void Kernel(string side, KernelTime time)
        {
            Line(side, Theme.Text);
            if (y + Step <= where.Bottom)
                y = Notes.Paragraph(canvas, time.Line, where.Below(y - where.Y), Theme.Accent);
            if (y + Step <= where.Bottom)
                y = Notes.Paragraph(canvas, time.Reason, where.Below(y - where.Y), Theme.Muted) + 6;
        }
    }

    // The brighter a place, the larger its difference; the largest is white, or vermilion where the layer is out of tolerance.
    private static void Map(Canvas canvas, LayerFinding layer, Area where, Surroundings around)
    {
        var map = layer.Map;
        canvas.Fill(where, Theme.Background, 4);
        var grid = where.Fit(map.Place);
        float width = grid.Width / map.Size.Width, height = grid.Height / map.Size.Height;
        var color = layer.IsRight ? Color.White : ErrorScale.Bad;
        around.Explain(where, "Where both sides differ, the largest of all channels: the brighter, the more; dark where they are the same.");
        for (int row = 0; row < map.Size.Height; row++)
        {
            for (int column = 0; column < map.Size.Width; column++)
            {
                float value = map.Values[(row * map.Size.Width) + column];
                float strength = float.IsInfinity(value) ? 1 : float.IsInfinity(map.Greatest) ? 0 : value / map.Greatest;
                if (strength < 0.02f)
                    continue;
                // On whole units, so that there is no seam between neighbours.
                float left = MathF.Round(grid.X + (column * width)), top = MathF.Round(grid.Y + (row * height));
                canvas.Fill(new Area(left, top, MathF.Round(grid.X + ((column + 1) * width)) - left, MathF.Round(grid.Y + ((row + 1) * height)) - top), color.WithOpacity(strength));
            }
        }
    }
}
