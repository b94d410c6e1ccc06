using System.Numerics;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Camera;

/// <summary>What a pen has left on a sheet: for each pixel how much of it is ink, from 0 to 1.</summary>
public sealed class InkSheet
{
    private readonly int _width, _height;
    private readonly float[] _ink;
    private readonly uint[] _row;

    /// <summary>A blank sheet.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public InkSheet(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (_width, _height, _ink, _row) = (width, height, new float[width * height], new uint[width]);
    }

    /// <summary>Makes it blank.</summary>
    public void Clear() => Array.Clear(_ink);

    /// <summary>Draws it, row by row from the top and never reading back.</summary>
    /// <param name="upper">The sheet's colour in the first row, red, green and blue from 0 to 255.</param>
    /// <param name="lower">The same below the last one; between them it changes evenly.</param>
    /// <param name="ink">That of ink.</param>
    /// <param name="target">Rgba pixels, at least width × height × 4 bytes.</param>
    /// <exception cref="ArgumentException">There are fewer bytes.</exception>
    public void Draw(Vector3 upper, Vector3 lower, Vector3 ink, Span<byte> target)
    {
        if (target.Length < _width * _height * 4)
            throw new ArgumentException($"A sheet of {_width}×{_height} pixels needs {_width * _height * 4} bytes; {target.Length} were given.", nameof(target));
        for (int y = 0; y < _height; y++)
        {
            var paper = Vector3.Lerp(upper, lower, y / (float)_height);
            for (int x = 0; x < _width; x++)
            {
                var color = Vector3.Lerp(paper, ink, _ink[(y * _width) + x]);
                _row[x] = 0xFF000000 | ((uint)color.Z << 16) | ((uint)color.Y << 8) | (uint)color.X;
            }

            MemoryMarshal.AsBytes(_row.AsSpan()).CopyTo(target[(y * _width * 4)..]);
        }
    }

    /// <summary>Where the ink is: the corners of the rectangle around it, and the middle of its mass, in pixels; null on a blank sheet.</summary>
    public (Vector2 Least, Vector2 Most, Vector2 Middle)? Extent()
    {
        Vector2 least = new(float.PositiveInfinity), most = new(float.NegativeInfinity), sum = default;
        float mass = 0;
        for (int i = 0; i < _ink.Length; i++)
        {
            if (_ink[i] < 0.5f)
                continue;
            var pixel = new Vector2(i % _width, i / _width);
            (least, most) = (Vector2.Min(least, pixel), Vector2.Max(most, pixel + Vector2.One));
            (sum, mass) = (sum + (_ink[i] * (pixel + new Vector2(0.5f))), mass + _ink[i]);
        }

        return mass == 0 ? null : (least, most, sum / mass);
    }

    /// <summary>Writes a digit.</summary>
    /// <param name="digit">From 0 to 9.</param>
    /// <param name="place">From the unit square that digits are written in to pixels.</param>
    /// <param name="radius">Half the width of a stroke, in pixels.</param>
    /// <returns>The corners of the rectangle around it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is no digit.</exception>
    public (Vector2 Least, Vector2 Most) Write(int digit, Matrix3x2 place, float radius)
    {
        Vector2 least = new(float.PositiveInfinity), most = new(float.NegativeInfinity), pen = new(radius);
        foreach (var stroke in DigitStrokes.Of(digit))
        {
            for (int i = 1; i < stroke.Count; i++)
            {
                Vector2 from = Vector2.Transform(stroke[i - 1], place), to = Vector2.Transform(stroke[i], place);
                Stroke(from, to, radius);
                (least, most) = (Vector2.Min(least, Vector2.Min(from, to) - pen), Vector2.Max(most, Vector2.Max(from, to) + pen));
            }
        }

        return (least, most);
    }

    /// <summary>Adds what a pen of a radius covers on its way from one point to another; its edge is two pixels soft.</summary>
    /// <param name="from">In pixels.</param>
    /// <param name="to">In pixels.</param>
    /// <param name="radius">Half the width of the stroke, in pixels.</param>
    /// <param name="isErasing">Whether it takes ink away instead.</param>
    public void Stroke(Vector2 from, Vector2 to, float radius, bool isErasing = false)
    {
        var way = to - from;
        float square = Math.Max(way.LengthSquared(), 1e-6f);
        var (least, most) = (Vector2.Min(from, to) - new Vector2(radius + 1), Vector2.Max(from, to) + new Vector2(radius + 1));
        for (int y = Math.Max((int)least.Y, 0); y <= Math.Min((int)most.Y, _height - 1); y++)
        {
            for (int x = Math.Max((int)least.X, 0); x <= Math.Min((int)most.X, _width - 1); x++)
            {
                var point = new Vector2(x + 0.5f, y + 0.5f) - from;
                float distance = (point - (way * Math.Clamp(Vector2.Dot(point, way) / square, 0, 1))).Length();
                ref float ink = ref _ink[(y * _width) + x];
                float covered = Math.Clamp((radius + 1 - distance) / 2, 0, 1);
                ink = isErasing ? Math.Min(ink, 1 - covered) : Math.Max(ink, covered);
            }
        }
    }
}
