namespace RealtimeCnn.Drawing;

/// <summary>
/// A picture being drawn: boxes and text, one over the other in the order of the calls. Places and sizes are in units; how
/// many pixels a unit has is chosen when the picture is begun.
/// </summary>
public abstract class Canvas
{
    /// <summary>Width, in units.</summary>
    public abstract float Width { get; }

    /// <summary>Height, in units.</summary>
    public abstract float Height { get; }

    /// <summary>The whole canvas.</summary>
    public Area Bounds => new(0, 0, Width, Height);

    /// <summary>Draws only inside a rectangle from now on, to the end of the picture or the next call.</summary>
    /// <param name="where">The rectangle, whose edges fall on the pixels next to them; null for the whole canvas.</param>
    public abstract void Clip(Area? where);

    /// <summary>Fills a rectangle.</summary>
    /// <param name="where">The rectangle.</param>
    /// <param name="color">Blended over what is there.</param>
    /// <param name="radius">Of its corners, in units.</param>
    public abstract void Fill(Area where, Color color, float radius = 0);

    /// <summary>Draws a rectangle's border, inside its edges.</summary>
    /// <param name="where">The rectangle.</param>
    /// <param name="color">Blended over what is there.</param>
    /// <param name="thickness">In units.</param>
    /// <param name="radius">Of its corners, in units.</param>
    public abstract void Outline(Area where, Color color, float thickness, float radius = 0);

    /// <summary>Draws a line with round ends.</summary>
    /// <param name="fromX">One end.</param>
    /// <param name="fromY">One end.</param>
    /// <param name="toX">The other end.</param>
    /// <param name="toY">The other end.</param>
    /// <param name="color">Blended over what is there.</param>
    /// <param name="thickness">In units, above 0.</param>
    public abstract void Line(float fromX, float fromY, float toX, float toY, Color color, float thickness = 1.5f);

    /// <summary>Fills a disk.</summary>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="radius">In units.</param>
    /// <param name="color">Blended over what is there.</param>
    public void Disk(float x, float y, float radius, Color color) => Line(x, y, x, y, color, 2 * radius);

    /// <summary>Draws an arrow.</summary>
    /// <param name="fromX">Its tail.</param>
    /// <param name="fromY">Its tail.</param>
    /// <param name="toX">Its tip.</param>
    /// <param name="toY">Its tip.</param>
    /// <param name="color">Blended over what is there.</param>
    public void Arrow(float fromX, float fromY, float toX, float toY, Color color)
    {
        float angle = MathF.Atan2(toY - fromY, toX - fromX);
        Line(fromX, fromY, toX, toY, color);
        Line(toX, toY, toX + (6 * MathF.Cos(angle + 2.6f)), toY + (6 * MathF.Sin(angle + 2.6f)), color);
        Line(toX, toY, toX + (6 * MathF.Cos(angle - 2.6f)), toY + (6 * MathF.Sin(angle - 2.6f)), color);
    }

    /// <summary>Writes one line of text.</summary>
    /// <param name="text">ASCII, and <c>· × → ← ↑ ↓ ± µ ° – … ≤ ≥ ▸ ● ■ ✓</c>; other letters become question marks.</param>
    /// <param name="x">Left edge of the first letter.</param>
    /// <param name="y">Top edge of the line.</param>
    /// <param name="height">Height of the line, in units; capitals take six tenths of it.</param>
    /// <param name="color">Blended over what is there.</param>
    public void Text(ReadOnlySpan<char> text, float x, float y, float height, Color color)
    {
        float advance = height * OverlayFont.CellWidth / OverlayFont.CellHeight;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != ' ')
                Glyph(OverlayFont.CellOf(text[i]), new Area(x + (i * advance), y, advance, height), color);
        }
    }

    /// <summary>Width of a line of text, in units; each letter takes half the line's height.</summary>
    /// <param name="letters">How many.</param>
    /// <param name="height">Height of the line, in units.</param>
    public static float TextWidth(int letters, float height) => letters * height * OverlayFont.CellWidth / OverlayFont.CellHeight;

    /// <summary>Draws one cell of the <see cref="OverlayFont"/>.</summary>
    private protected abstract void Glyph(int cell, Area where, Color color);
}
