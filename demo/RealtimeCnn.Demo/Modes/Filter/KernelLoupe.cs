using System.Globalization;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Drawing;

namespace RealtimeCnn.Demo.Modes.Filter;

/// <summary>
/// One pixel of a convolution in numbers: the pixels under the window, each times its weight, and their sum. Colours are told by their
/// mean: all have the same weights, so that the mean of the sums is the sum of the means.
/// </summary>
/// <param name="Network">Has the picture.</param>
/// <param name="X">Column of the pixel in it.</param>
/// <param name="Y">Row of the pixel in it.</param>
internal readonly record struct KernelLoupe(FilterNetwork Network, int X, int Y)
{
    private const float Pad = 12, Line = Theme.SmallLine + 4;

    /// <summary>The pixel under the mouse, over the picture or over what the window makes of it; null over neither.</summary>
    public static KernelLoupe? At(Surroundings around, FilterNetwork network, Area source, Area result)
    {
        if (around.Pointer is not var (x, y) || network.SeenSize.Width == 0)
            return null;
        bool isOverSource = source.Contains(x, y);
        if (!isOverSource && !result.Contains(x, y))
            return null;
        var picture = isOverSource ? source : result;
        float across = (x - picture.X) / picture.Width, down = (y - picture.Y) / picture.Height;
        if (isOverSource && around.IsMirrored)
            across = 1 - across;
        return new KernelLoupe(network, Math.Min((int)(across * network.SeenSize.Width), network.SeenSize.Width - 1), Math.Min((int)(down * network.SeenSize.Height), network.SeenSize.Height - 1));
    }

    /// <summary>A pixel under the window.</summary>
    public float Pixel(KernelWindow window, int cell) => Network.SeenAt(X + (cell % window.Size) - (window.Size / 2), Y + (cell / window.Size) - (window.Size / 2));

    /// <summary>The sum of all pixels under the window, each times its weight.</summary>
    public float Sum(KernelWindow window)
    {
        float sum = 0;
        for (int i = 0; i < window.Weights.Count; i++)
            sum += Pixel(window, i) * window.Weights[i];
        return sum;
    }

    /// <summary>Frames the window on both pictures, and shows it in numbers beside the mouse.</summary>
    public void Draw(Canvas canvas, KernelWindow window, Area source, Area result, Surroundings around)
    {
        Frame(canvas, window.Size, source, around.IsMirrored);
        Frame(canvas, 1, result, mirrored: false);
        float cell = window.Size switch { 3 => 66, 5 => 48, _ => 38 }, side = window.Size * cell, width = Math.Max(side, Canvas.TextWidth(30, Theme.SmallLine)) + (2 * Pad), height = side + (2 * Line) + (2 * Pad);
        var (x, y) = around.Pointer!.Value;
        float left = x + 24 + width > canvas.Width ? x - width - 24 : x + 24, top = Math.Clamp(y - (height / 2), 4, canvas.Height - height - 4);
        var panel = new Area(left, top, width, height);
        canvas.Fill(panel, Theme.Raised.WithOpacity(0.97f), 8);
        canvas.Outline(panel, Theme.Accent.WithOpacity(0.7f), 1, 8);
        var grid = new Area(panel.X + ((width - side) / 2), panel.Y + Pad, side, side);
        for (int i = 0; i < window.Weights.Count; i++)
            Cell(canvas, Pixel(window, i), window.Weights[i], grid.Cell(window.Size, window.Size, i, 2));
        Total(canvas, window, panel.X + Pad, grid.Bottom + 8);
    }

    private void Total(Canvas canvas, KernelWindow window, float x, float y)
    {
        float sum = Sum(window);
        Span<char> text = stackalloc char[48];
        text.TryWrite(CultureInfo.InvariantCulture, $"sum of pixel × weight = {sum:0.00}", out int length);
        canvas.Text(text[..length], x, y, Theme.SmallLine, Theme.Text);
        canvas.Text(sum <= 0 ? "0 or less: shown as black" : sum >= 1 ? "1 or more: shown as white" : "shown as this grey", x, y + Line, Theme.SmallLine, Theme.Muted);
    }

    private static void Cell(Canvas canvas, float pixel, float weight, Area where)
    {
        canvas.Fill(where, new Color(pixel, pixel, pixel), 3);
        var ink = pixel > 0.5f ? Theme.Background : Theme.Text;
        Span<char> text = stackalloc char[16];
        float line = Math.Min(where.Height * 0.36f, where.Width / 2.6f);
        text.TryWrite(CultureInfo.InvariantCulture, $"{pixel:0.00}", out int length);
        Centre(canvas, text[..length], where, where.Y + (where.Height * 0.12f), line, ink);
        text.TryWrite(CultureInfo.InvariantCulture, $"×{weight:0.##}", out length);
        Centre(canvas, text[..length], where, where.Y + (where.Height * 0.52f), line, ink);
    }

    private static void Centre(Canvas canvas, ReadOnlySpan<char> text, Area where, float y, float line, Color color) =>
        canvas.Text(text, where.X + ((where.Width - Canvas.TextWidth(text.Length, line)) / 2), y, line, color);

    private void Frame(Canvas canvas, int extent, Area picture, bool mirrored)
    {
        float pixel = picture.Width / Network.SeenSize.Width, across = mirrored ? Network.SeenSize.Width - 1 - X : X;
        float side = (extent * pixel) + 4, x = picture.X + ((across + 0.5f) * pixel), y = picture.Y + ((Y + 0.5f) * pixel);
        canvas.Outline(new Area(x - (side / 2), y - (side / 2), side, side), Theme.Accent, 2);
    }
}
