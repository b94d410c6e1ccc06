namespace RealtimeCnn.Drawing;

/// <summary>
/// A small picture enlarged without corners or edges: the cubic B-spline of its pixels, the border repeated. Row by row, then along the row.
/// Twin of <c>cubicTensor</c>, <c>shaders/overlay/backdrop.frag</c>.
/// </summary>
/// <remarks>Source: Unser 1999, "Splines: A Perfect Fit for Signal and Image Processing", IEEE Signal Processing Magazine 16(6); without prefilter, so that it smooths.</remarks>
internal sealed class CubicRow
{
    private float[] _row = [];
    private Shape _shape;

    /// <summary>Goes to a row of a picture <c>[1, 3, H, W]</c>.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="v">Where, from 0 at the top to 1 at the bottom.</param>
    public void Begin(Tensor picture, float v)
    {
        _shape = picture.Shape;
        int width = _shape.Width;
        if (_row.Length < 3 * width)
            _row = new float[3 * width];
        var weights = Weights((v * _shape.Height) - 0.5f, out int top);
        var pixels = picture.Span;
        for (int i = 0; i < 3 * width; i++)
        {
            float sum = 0;
            for (int tap = 0; tap < 4; tap++)
                sum += weights[tap] * pixels[(i / width * _shape.Area) + (Math.Clamp(top + tap, 0, _shape.Height - 1) * width) + (i % width)];
            _row[i] = sum;
        }
    }

    /// <summary>The colour at a place of the row.</summary>
    /// <param name="u">Where, from 0 at the left to 1 at the right.</param>
    public Color At(float u)
    {
        int width = _shape.Width;
        var weights = Weights((u * width) - 0.5f, out int left);
        float r = 0, g = 0, b = 0;
        for (int tap = 0; tap < 4; tap++)
        {
            int x = Math.Clamp(left + tap, 0, width - 1);
            (r, g, b) = (r + (weights[tap] * _row[x]), g + (weights[tap] * _row[width + x]), b + (weights[tap] * _row[(2 * width) + x]));
        }

        return new Color(r, g, b);
    }

    /// <summary>Weights of the four pixels around a place, the first of which is returned.</summary>
    private static System.Numerics.Vector4 Weights(float place, out int first)
    {
        int corner = (int)MathF.Floor(place);
        first = corner - 1;
        float t = place - corner, s = 1 - t;
        return new(s * s * s / 6, ((t * t * ((3 * t) - 6)) + 4) / 6, ((s * s * ((3 * s) - 6)) + 4) / 6, t * t * t / 6);
    }
}
