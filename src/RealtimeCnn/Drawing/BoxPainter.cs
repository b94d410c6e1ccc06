using System.Globalization;
using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Drawing;

/// <summary>Draws things that were found in a picture: landmarks, a box, and a label at its upper edge. In steady state nothing is allocated.</summary>
/// <param name="labels">Names of the classes; null for their numbers, which stand for those that have no name too.</param>
/// <remarks>Twin: <c>shaders/overlay/boxes.comp</c>, which draws what did not come back from a GPU.</remarks>
public sealed class BoxPainter(IReadOnlyList<string>? labels = null)
{
    /// <summary>Most letters of a label; what is behind them is left out.</summary>
    internal const int LongestLabel = 64;

    /// <summary>Below what a label is written.</summary>
    internal static readonly Color Paper = Color.Black.WithOpacity(0.6f);

    /// <summary>Names of the classes; null for their numbers.</summary>
    public IReadOnlyList<string>? Labels { get; } = labels;

    /// <summary>Height of a line of text on a picture, in units: a 24th of the picture's, from 14 to 48.</summary>
    /// <param name="picture">Where the picture lies.</param>
    public static float LineOf(Area picture) => Math.Clamp(picture.Height / 24, 14, 48);

    /// <summary>Draws all things, each in the colour of its class (<see cref="ClassColors"/>), the best one first and so below the others.</summary>
    /// <param name="canvas">On which.</param>
    /// <param name="found">In pixels of the network's input.</param>
    /// <param name="picture">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    public void Draw(Canvas canvas, Detections found, Area picture, PictureMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ArgumentNullException.ThrowIfNull(found);
        Span<char> text = stackalloc char[LongestLabel];
        for (int i = 0; i < found.Count; i++)
            Draw(canvas, found[i], text[..LabelOf(found[i].Class, text)], ClassColors.Of(found[i].Class), picture, mapping, found.LandmarksOf(i));
    }

    /// <summary>Draws one thing.</summary>
    /// <param name="canvas">On which.</param>
    /// <param name="box">In pixels of the network's input.</param>
    /// <param name="text">At its upper edge; none for none.</param>
    /// <param name="color">Of box and text, and how opaque its landmarks are.</param>
    /// <param name="picture">Where the whole upright picture lies.</param>
    /// <param name="mapping">Where the places of the network's input lie in the picture.</param>
    /// <param name="landmarks">In pixels of the network's input.</param>
    public static void Draw(Canvas canvas, Detection box, ReadOnlySpan<char> text, Color color, Area picture, PictureMapping mapping, ReadOnlySpan<Vector2> landmarks = default)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var (left, top) = Place(box.Left, box.Top);
        var (right, bottom) = Place(box.Right, box.Bottom);
        foreach (var point in landmarks)
        {
            var (x, y) = Place(point.X, point.Y);
            Dot(canvas, x, y, new BoxLook(LineOf(picture)).DotOf(right - left), color);
        }

        Draw(canvas, new Area(left, top, right - left, bottom - top), text, color, picture);

        (float X, float Y) Place(float inputX, float inputY)
        {
            var upright = mapping.ToUpright(new PicturePoint(inputX, inputY));
            return ((float)(picture.X + (upright.X * picture.Width / mapping.Upright.Width)), (float)(picture.Y + (upright.Y * picture.Height / mapping.Upright.Height)));
        }
    }

    /// <summary>Draws one thing whose place on the canvas is known.</summary>
    /// <param name="canvas">On which.</param>
    /// <param name="box">Its box, in units.</param>
    /// <param name="text">At its upper edge; none for none.</param>
    /// <param name="color">Of box and text, and how opaque its landmarks are.</param>
    /// <param name="picture">Where the whole picture lies.</param>
    /// <param name="landmarks">In units.</param>
    public static void Draw(Canvas canvas, Area box, ReadOnlySpan<char> text, Color color, Area picture, ReadOnlySpan<Vector2> landmarks = default)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var look = new BoxLook(LineOf(picture));
        foreach (var point in landmarks)
            Dot(canvas, point.X, point.Y, look.DotOf(box.Width), color);
        canvas.Outline(box, color, look.Thickness, look.Radius);
        if (text.Length > 0)
            Tag(canvas, text, box.X, Math.Max(box.Y - look.TagHeight, picture.Y), look.Line, color);
    }

    /// <summary>Writes a line of text on a ground of its own.</summary>
    /// <param name="canvas">On which.</param>
    /// <param name="text">One line.</param>
    /// <param name="x">Left edge of the ground.</param>
    /// <param name="y">Top edge of the ground.</param>
    /// <param name="line">Height of the text, in units.</param>
    /// <param name="color">Of the text.</param>
    public static void Tag(Canvas canvas, ReadOnlySpan<char> text, float x, float y, float line, Color color)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var look = new BoxLook(line);
        canvas.Fill(new Area(x, y, Canvas.TextWidth(text.Length, line) + (2 * look.Margin), look.TagHeight), Paper, look.Margin);
        canvas.Text(text, x + look.Margin, y + look.TextTop, line, color);
    }

    private static void Dot(Canvas canvas, float x, float y, float radius, Color color) =>
        canvas.Fill(new Area(x - radius, y - radius, 2 * radius, 2 * radius), Color.White.WithOpacity(color.A), radius);

    /// <summary>Writes the label of a class.</summary>
    /// <param name="number">Of the class.</param>
    /// <param name="text">Takes <see cref="LongestLabel"/> letters at most.</param>
    /// <returns>How many letters it has.</returns>
    internal int LabelOf(int number, Span<char> text)
    {
        if (Labels == null || number < 0 || number >= Labels.Count)
            return number.TryFormat(text, out int digits, default, CultureInfo.InvariantCulture) ? digits : 0;
        int letters = Math.Min(Labels[number].Length, LongestLabel);
        Labels[number].AsSpan(0, letters).CopyTo(text);
        return letters;
    }
}
