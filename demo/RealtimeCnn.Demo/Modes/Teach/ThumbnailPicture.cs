using RealtimeCnn.Drawing;
using RealtimeCnn.Teaching;

namespace RealtimeCnn.Demo.Modes.Teach;

/// <summary>A small picture as a few hundred boxes, since a canvas draws those on every backend: neighbours in a row of nearly one colour are one.</summary>
internal sealed class ThumbnailPicture
{
    // Of 255: less than what is seen at the size of a thumb.
    private const int Alike = 10;
    private readonly List<(int Row, int From, int To, Color Color)> _boxes = [];
    private Shot? _shown;
    private Size2d _size;

    /// <summary>Draws the small picture of an example.</summary>
    public void Draw(Canvas canvas, Shot shot, Size2d size, Area where)
    {
        if (!ReferenceEquals(shot, _shown))
            Read(shot, size);
        var picture = where.Fit(_size);
        float stepX = picture.Width / _size.Width, stepY = picture.Height / _size.Height;
        foreach (var (row, from, to, color) in _boxes)
        {
            // A little into the neighbours that come next, which lie above, so that no seam is left.
            float x = picture.X + (from * stepX), y = picture.Y + (row * stepY), right = picture.X + (to * stepX) + 0.5f, bottom = y + stepY + 0.5f;
            canvas.Fill(new Area(x, y, Math.Min(right, picture.Right) - x, Math.Min(bottom, picture.Bottom) - y), color);
        }
    }

    private void Read(Shot shot, Size2d size)
    {
        (_shown, _size) = (shot, size);
        _boxes.Clear();
        var pixels = shot.Thumbnail;
        for (int row = 0; row < size.Height; row++)
        {
            var line = pixels.Slice(row * size.Width * 3, size.Width * 3);
            for (int from = 0; from < size.Width;)
            {
                int to = from + 1;
                while (to < size.Width && IsAlike(line, from, to))
                    to++;
                _boxes.Add((row, from, to, new Color(line[3 * from] / 255f, line[(3 * from) + 1] / 255f, line[(3 * from) + 2] / 255f)));
                from = to;
            }
        }
    }

    private static bool IsAlike(ReadOnlySpan<byte> line, int a, int b)
    {
        for (int color = 0; color < 3; color++)
        {
            if (Math.Abs(line[(3 * a) + color] - line[(3 * b) + color]) > Alike)
                return false;
        }

        return true;
    }
}
