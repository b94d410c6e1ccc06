using RealtimeCnn.Graphs;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>What a network takes, seen as a picture again: parts of its input as colours.</summary>
internal static class InputPicture
{
    /// <summary>Least and greatest value that a channel of the input can have.</summary>
    public static (float[] Least, float[] Greatest) RangeOf(Preprocessing preprocessing)
    {
        int channels = preprocessing.Shape.Channels;
        float[] least = new float[channels], greatest = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            var (mean, scale) = OfChannel(preprocessing, channel);
            double black = (0 - mean) * scale, white = (255 - mean) * scale;
            (least[channel], greatest[channel]) = ((float)Math.Min(black, white), (float)Math.Max(black, white));
        }

        return (least, greatest);
    }

    /// <summary>Draws the part of an input that a unit sees into a square of colours <c>[3, H, W]</c>; what lies beyond the input stays.</summary>
    /// <param name="input">The input.</param>
    /// <param name="preprocessing">How a picture became it.</param>
    /// <param name="field">The part. Of one that reaches further than the input on both sides, the input.</param>
    /// <param name="colors">All colours.</param>
    /// <param name="size">Their height and width.</param>
    /// <param name="left">Left edge of the square.</param>
    /// <param name="top">Top edge of the square.</param>
    /// <param name="side">Of the square, in pixels.</param>
    public static void Draw(Tensor input, Preprocessing preprocessing, ReceptiveField field, Span<float> colors, Size2d size, int left, int top, int side)
    {
        var shape = input.Shape;
        float height = Math.Min(field.Height, shape.Height), width = Math.Min(field.Width, shape.Width);
        float firstRow = field.Height > shape.Height ? 0 : field.Top, firstColumn = field.Width > shape.Width ? 0 : field.Left;
        // In its own proportions, in the middle.
        float step = Math.Max(height, width) / side, marginX = ((side * step) - width) / 2, marginY = ((side * step) - height) / 2;
        for (int y = 0; y < side; y++)
        {
            float inY = ((y + 0.5f) * step) - marginY, row = firstRow + inY;
            if (inY < 0 || inY >= height || row < 0 || row >= shape.Height)
                continue;
            for (int x = 0; x < side; x++)
            {
                float inX = ((x + 0.5f) * step) - marginX, column = firstColumn + inX;
                if (inX < 0 || inX >= width || column < 0 || column >= shape.Width)
                    continue;
                int at = ((top + y) * size.Width) + left + x;
                for (int color = 0; color < 3; color++)
                    colors[(color * size.Height * size.Width) + at] = ColorOf(input, preprocessing, color, row, column);
            }
        }
    }

    private static float ColorOf(Tensor input, Preprocessing preprocessing, int color, float row, float column)
    {
        int channel = preprocessing.Order switch { ColorOrder.Gray => 0, ColorOrder.Bgr => 2 - color, _ => color };
        var (mean, scale) = OfChannel(preprocessing, channel);
        double value = input.Span[(((channel * input.Shape.Height) + (int)row) * input.Shape.Width) + (int)column];
        return (float)(((value / scale) + mean) / 255);
    }

    // Means and scales are given as red, green and blue.
    private static (double Mean, double Scale) OfChannel(Preprocessing preprocessing, int channel)
    {
        var (mean, scale) = (preprocessing.Mean, preprocessing.Scale);
        return (preprocessing.Order == ColorOrder.Bgr ? 2 - channel : channel) switch { 0 => (mean.R, scale.R), 1 => (mean.G, scale.G), _ => (mean.B, scale.B) };
    }
}
