using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>Where a layer's panel lies on the wall, and the grid of its maps in it, in units of the wall at its least zoom.</summary>
/// <param name="Panel">Title and maps.</param>
/// <param name="Title">Height of the title's line.</param>
/// <param name="Grid">The maps.</param>
/// <param name="Columns">Maps in a row.</param>
/// <param name="Rows">Maps in a column.</param>
/// <param name="Gap">Between maps.</param>
internal readonly record struct LayerPlace(Area Panel, float Title, Area Grid, int Columns, int Rows, float Gap)
{
    /// <summary>Where a map lies.</summary>
    public Area MapAt(int channel)
    {
        float stepX = (Grid.Width + Gap) / Columns, stepY = (Grid.Height + Gap) / Rows;
        return new Area(Grid.X + (channel % Columns * stepX), Grid.Y + (channel / Columns * stepY), stepX - Gap, stepY - Gap);
    }

    /// <summary>The map at a point; −1 between maps.</summary>
    public int ChannelAt(float x, float y, int channels)
    {
        if (!Grid.Contains(x, y))
            return -1;
        float stepX = (Grid.Width + Gap) / Columns, stepY = (Grid.Height + Gap) / Rows;
        int channel = ((int)((y - Grid.Y) / stepY) * Columns) + (int)((x - Grid.X) / stepX);
        return channel < channels && MapAt(channel).Contains(x, y) ? channel : -1;
    }
}

/// <summary>The layers of a network side by side and in rows, in reading order, all of them in one rectangle; more room for those with more to see.</summary>
internal static class WallLayout
{
    private const float Between = 8, MostTitle = 22, TitleShare = 0.16f, Inset = 3, LikedProportion = 1.15f;

    public static LayerPlace[] Of(IReadOnlyList<WallLayer> layers, float width, float height)
    {
        float[] weights = [.. layers.Select(layer => MathF.Sqrt(layer.Shape.Channels) * MathF.Cbrt(layer.Shape.Area))];
        LayerPlace[] best = [];
        float least = float.PositiveInfinity;
        for (int rows = 1; rows <= layers.Count; rows++)
        {
            var panels = Panels(weights, rows, width, height);
            float strain = panels.Average(panel => MathF.Abs(MathF.Log(panel.Width / panel.Height / LikedProportion)));
            if (strain >= least)
                continue;
            least = strain;
            best = [.. panels.Select((panel, i) => Place(layers[i], panel))];
        }

        return best;
    }

    // Rows of about the same weight; a row is shared by weight, and none of its layers is too narrow to be seen.
    private static Area[] Panels(float[] weights, int rows, float width, float height)
    {
        var panels = new Area[weights.Length];
        float total = weights.Sum(), rowHeight = (height - ((rows - 1) * Between)) / rows, passed = 0;
        int first = 0;
        for (int row = 0; row < rows && first < weights.Length; row++)
        {
            int end = first + 1;
            passed += weights[first];
            while (end < weights.Length && weights.Length - end > rows - row - 1 && (row == rows - 1 || passed + (weights[end] / 2) < total * (row + 1) / rows))
                passed += weights[end++];
            float room = width - ((end - first - 1) * Between), narrowest = Math.Min(rowHeight * 0.45f, room / (end - first));
            float shared = room - (narrowest * (end - first)), sum = 0, x = 0;
            for (int i = first; i < end; i++)
                sum += weights[i];
            for (int i = first; i < end; i++)
            {
                float own = narrowest + (shared * weights[i] / sum);
                panels[i] = new Area(x, row * (rowHeight + Between), own, rowHeight);
                x += own + Between;
            }

            first = end;
        }

        return panels;
    }

    private static LayerPlace Place(WallLayer layer, Area panel)
    {
        float title = Math.Min(panel.Height * TitleShare, MostTitle);
        var room = panel.Below(title).Inset(Inset);
        var (columns, rows) = Views.Panels.BestGrid(new Size2d(layer.Shape.Height, layer.Shape.Width), layer.Shape.Channels, room);
        float scale = Math.Min(room.Width / columns / layer.Shape.Width, room.Height / rows / layer.Shape.Height);
        float gap = Math.Min(2, 0.12f * scale * Math.Min(layer.Shape.Width, layer.Shape.Height));
        float width = layer.Shape.Width * scale * columns, height = layer.Shape.Height * scale * rows;
        return new LayerPlace(panel, title, new Area(room.X + ((room.Width - width) / 2), room.Y, width, height), columns, rows, gap);
    }
}
