namespace RealtimeCnn.Textbook;

/// <summary>Pictures moved by whole pixels.</summary>
internal static class Shift
{
    /// <summary>The picture moved down and to the right; what comes in is zero, or what went out on the other side.</summary>
    public static Tensor By(Experiment e, Tensor x, int down, int right, bool wrap = false) =>
        e.Picture(x.Shape.Channels, x.Shape.Height, x.Shape.Width, (c, row, column) =>
        {
            int fromRow = row - down, fromColumn = column - right;
            if (wrap)
                (fromRow, fromColumn) = ((fromRow + x.Shape.Height) % x.Shape.Height, (fromColumn + x.Shape.Width) % x.Shape.Width);
            bool inside = (uint)fromRow < (uint)x.Shape.Height && (uint)fromColumn < (uint)x.Shape.Width;
            return inside ? x[0, c, fromRow, fromColumn] : 0;
        });

    /// <summary>What is left when a frame of <paramref name="margin"/> elements is taken off.</summary>
    public static Tensor Interior(Experiment e, Tensor x, int margin) => Crop(e, x, margin, margin, x.Shape.Height - (2 * margin), x.Shape.Width - (2 * margin));

    /// <summary>A rectangle of the picture.</summary>
    public static Tensor Crop(Experiment e, Tensor x, int top, int left, int height, int width) =>
        e.Picture(x.Shape.Channels, height, width, (c, row, column) => x[0, c, top + row, left + column]);
}
