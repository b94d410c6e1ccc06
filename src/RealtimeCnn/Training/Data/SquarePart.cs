namespace RealtimeCnn.Training.Data;

/// <summary>A square part of a picture, anywhere in it, and its pixels in another size: means of bilinear samples, so close together that none is left out.</summary>
internal readonly struct SquarePart
{
    private const int MostSamples = 8;
    private readonly int _height, _width;
    private readonly double _side, _top, _left;

    /// <summary>Draws a part.</summary>
    /// <param name="picture">Shape of the picture, <c>[channels, height, width]</c>.</param>
    /// <param name="least">Least side, as a share of the picture's shorter one.</param>
    /// <param name="most">Largest side, likewise.</param>
    /// <param name="random">Chance.</param>
    public SquarePart(Shape picture, double least, double most, ref SampleRandom random)
    {
        (_height, _width) = (picture[1], picture[2]);
        _side = (least + (random.Next() * (most - least))) * Math.Min(_height, _width);
        _top = random.Next() * (_height - _side);
        _left = random.Next() * (_width - _side);
    }

    /// <summary>Writes all channels of the part in a new size.</summary>
    /// <param name="picture">The picture, channel by channel.</param>
    /// <param name="part">Gets the part, as many channels.</param>
    /// <param name="height">Rows of the part.</param>
    /// <param name="width">Columns of the part.</param>
    public void Read(ReadOnlySpan<float> picture, Span<float> part, int height, int width)
    {
        int samples = Math.Clamp((int)Math.Ceiling(_side / Math.Min(height, width)), 1, MostSamples), area = height * width, plane = _height * _width;
        float mean = 1f / (samples * samples);
        part.Clear();
        for (int row = 0; row < height * samples; row++)
        {
            float y = (float)Math.Clamp(_top + ((row + 0.5) / (height * samples) * _side) - 0.5, 0, _height - 1);
            int top = (int)y, below = top + 1 < _height ? _width : 0;
            for (int column = 0; column < width * samples; column++)
            {
                float x = (float)Math.Clamp(_left + ((column + 0.5) / (width * samples) * _side) - 0.5, 0, _width - 1);
                int left = (int)x, right = left + 1 < _width ? 1 : 0, to = (row / samples * width) + (column / samples);
                float u = x - left, v = y - top;
                for (int at = (top * _width) + left; at < picture.Length; at += plane, to += area)
                {
                    float upper = picture[at] + (u * (picture[at + right] - picture[at])), lower = picture[at + below] + (u * (picture[at + below + right] - picture[at + below]));
                    part[to] += mean * (upper + (v * (lower - upper)));
                }
            }
        }
    }
}
