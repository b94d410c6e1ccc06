namespace RealtimeCnn.Drawing;

/// <summary>
/// Rows of a map as a screen shows it, bilinear: two rows of the map are blended, and each pixel of that is a blend of two neighbours.
/// Beyond the map its border goes on. Used by one thread.
/// </summary>
internal sealed class SmoothRows
{
    private int[] _first = [];
    private float[] _part = [];
    private float[] _line = [];
    private int _width;

    /// <summary>Gets ready for maps of a width.</summary>
    /// <param name="width">Values in a row of the maps.</param>
    /// <param name="count">Pixels in a row on the screen.</param>
    /// <param name="start">Where the middle of the first pixel lies, from 0 at the map's left edge to 1 at its right one.</param>
    /// <param name="step">From a pixel to the next.</param>
    public void Prepare(int width, int count, float start, float step)
    {
        if (_first.Length < count)
            (_first, _part) = (new int[count], new float[count]);
        if (_line.Length <= width)
            _line = new float[width + 1];
        _width = width;
        for (int i = 0; i < count; i++)
        {
            float place = Math.Clamp(((start + (i * step)) * width) - 0.5f, 0, width - 1);
            int first = (int)place;
            (_first[i], _part[i]) = (first, place - first);
        }
    }

    /// <summary>One row on the screen.</summary>
    /// <param name="map">The map, row-major.</param>
    /// <param name="place">Where the row lies, from 0 at the map's upper edge to 1 at its lower one.</param>
    /// <param name="values">Takes the values, one every <paramref name="stride"/>.</param>
    /// <param name="stride">Places from a value to the next.</param>
    public void Read(ReadOnlySpan<float> map, float place, Span<float> values, int stride = 1)
    {
        int rows = map.Length / _width;
        float position = Math.Clamp((place * rows) - 0.5f, 0, rows - 1);
        int above = (int)position, below = Math.Min(above + 1, rows - 1);
        ReadOnlySpan<float> upper = map.Slice(above * _width, _width), lower = map.Slice(below * _width, _width);
        float part = position - above;
        var line = _line.AsSpan(0, _width + 1);
        for (int i = 0; i < upper.Length; i++)
            line[i] = upper[i] + ((lower[i] - upper[i]) * part);
        line[_width] = line[_width - 1];
        for (int i = 0, to = 0; to < values.Length; i++, to += stride)
        {
            int first = _first[i];
            values[to] = line[first] + ((line[first + 1] - line[first]) * _part[i]);
        }
    }
}
