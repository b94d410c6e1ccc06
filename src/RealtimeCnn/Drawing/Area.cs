namespace RealtimeCnn.Drawing;

/// <summary>A rectangle on a canvas, in units; (0, 0) is the canvas's top left corner.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">To the right.</param>
/// <param name="Height">Downwards.</param>
public readonly record struct Area(float X, float Y, float Width, float Height)
{
    /// <summary>Right edge.</summary>
    public float Right => X + Width;

    /// <summary>Bottom edge.</summary>
    public float Bottom => Y + Height;

    /// <summary>This rectangle without a border of <paramref name="margin"/> units; never of negative size.</summary>
    public Area Inset(float margin) => new(X + margin, Y + margin, Math.Max(Width - (2 * margin), 0), Math.Max(Height - (2 * margin), 0));

    /// <summary>What is left below a strip of <paramref name="height"/> units at the top.</summary>
    public Area Below(float height) => new(X, Y + height, Width, Math.Max(Height - height, 0));

    /// <summary>A strip of <paramref name="height"/> units at the top.</summary>
    public Area Top(float height) => this with { Height = Math.Min(height, Height) };

    /// <summary>The largest centred rectangle inside with the proportions of <paramref name="content"/>, on whole units.</summary>
    public Area Fit(Size2d content)
    {
        float scale = Math.Min(Width / content.Width, Height / content.Height);
        float width = MathF.Round(content.Width * scale), height = MathF.Round(content.Height * scale);
        return new Area(MathF.Round(X + ((Width - width) / 2)), MathF.Round(Y + ((Height - height) / 2)), width, height);
    }

    /// <summary>One cell of a grid that fills this rectangle, on whole units.</summary>
    /// <param name="columns">Cells in a row, at least 1.</param>
    /// <param name="rows">Cells in a column, at least 1.</param>
    /// <param name="index">Which cell, row by row from the top left.</param>
    /// <param name="gap">Units between cells.</param>
    public Area Cell(int columns, int rows, int index, float gap)
    {
        int column = index % columns, row = index / columns;
        float left = Edge(X, Width, columns, column), top = Edge(Y, Height, rows, row);
        return new Area(left, top, Edge(X, Width, columns, column + 1) - gap - left, Edge(Y, Height, rows, row + 1) - gap - top);

        float Edge(float start, float length, int count, int at) => MathF.Round(start + ((length + gap) * at / count));
    }

    /// <summary>Whether a point lies inside; the right and bottom edges don't.</summary>
    public bool Contains(float x, float y) => x >= X && x < Right && y >= Y && y < Bottom;
}
