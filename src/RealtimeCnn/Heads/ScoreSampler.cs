namespace RealtimeCnn.Heads;

/// <summary>
/// Scores of a segmentation between their places: row by row, then along the row. Twin of <c>shaders/include/scores.glsl</c>. Allocates only
/// for larger outputs.
/// </summary>
internal sealed class ScoreSampler
{
    private const float LargestScore = 1e30f;

    private SegmentationHead _head = new();
    private Shape _shape;
    private float[] _row = [];
    private float[] _values = [];
    private float _cut;

    /// <summary>Begins to read an output.</summary>
    public void Begin(SegmentationHead head, Shape shape)
    {
        head.ClassesOf(shape);
        (_head, _shape, _cut) = (head, shape, head.Cut);
        int needed = shape.Channels * shape.Width;
        if (_row.Length < needed)
            _row = new float[needed];
        if (_values.Length < shape.Channels)
            _values = new float[shape.Channels];
    }

    /// <summary>Goes to a row.</summary>
    /// <param name="scores">The output.</param>
    /// <param name="v">Where, from 0 at the top to 1 at the bottom.</param>
    /// <returns>False where there is none.</returns>
    public bool Row(ReadOnlySpan<float> scores, float v)
    {
        if (!(v >= 0 && v <= 1))
            return false;
        int width = _shape.Width, height = _shape.Height, area = _shape.Area;
        float y = (v * height) - 0.5f;
        int top = (int)MathF.Floor(y), above = Math.Clamp(top, 0, height - 1) * width, below = Math.Clamp(top + 1, 0, height - 1) * width;
        float part = y - top, rest = 1 - part;
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            var upper = scores.Slice((channel * area) + above, width);
            var lower = scores.Slice((channel * area) + below, width);
            var blended = _row.AsSpan(channel * width, width);
            for (int x = 0; x < width; x++)
                blended[x] = (Finite(upper[x]) * rest) + (Finite(lower[x]) * part);
        }

        return true;
    }

    /// <summary>Class of a place of the row; <see cref="SegmentationHead.None"/> where there is none.</summary>
    /// <param name="u">Where, from 0 at the left to 1 at the right.</param>
    public byte ClassAt(float u)
    {
        if (!Read(u))
            return SegmentationHead.None;
        var values = _values.AsSpan(0, _shape.Channels);
        if (values.Length == 1)
            return values[0] >= _cut ? (byte)1 : values[0] < _cut ? (byte)0 : SegmentationHead.None;
        int best = SegmentationHead.None;
        float most = float.NegativeInfinity;
        for (int k = 0; k < values.Length; k++)
        {
            if (float.IsNaN(values[k]) || (best != SegmentationHead.None && !(values[k] > most)))
                continue;
            (best, most) = (k, values[k]);
        }

        return (byte)best;
    }

    /// <summary>Probability that a place of the row is no background; 0 where nothing is known.</summary>
    /// <param name="u">Where, from 0 at the left to 1 at the right.</param>
    public float ForegroundAt(float u)
    {
        if (!Read(u))
            return 0;
        var values = _values.AsSpan(0, _shape.Channels);
        float foreground;
        if (values.Length == 1)
        {
            foreground = _head.AreLogits ? 1 / (1 + MathF.Exp(-values[0])) : values[0];
            foreground = _head.Background == 1 ? 1 - foreground : foreground;
        }
        else if (_head.Background is not { } background)
        {
            foreground = 1;
        }
        else if (!_head.AreLogits)
        {
            foreground = 1 - values[background];
        }
        else
        {
            float largest = float.NegativeInfinity, sum = 0;
            foreach (float value in values)
                largest = MathF.Max(largest, value);
            foreach (float value in values)
                sum += MathF.Exp(value - largest);
            foreground = 1 - (MathF.Exp(values[background] - largest) / sum);
        }

        return float.IsNaN(foreground) ? 0 : foreground;
    }

    /// <summary>An infinite score is a large one: between two places nothing is multiplied by infinity. A NaN stays one.</summary>
    private static float Finite(float score) => Math.Clamp(score, -LargestScore, LargestScore);

    private bool Read(float u)
    {
        if (!(u >= 0 && u <= 1))
            return false;
        int width = _shape.Width;
        float x = (u * width) - 0.5f;
        int first = (int)MathF.Floor(x), left = Math.Clamp(first, 0, width - 1), right = Math.Clamp(first + 1, 0, width - 1);
        float part = x - first, rest = 1 - part;
        for (int channel = 0; channel < _shape.Channels; channel++)
            _values[channel] = (_row[(channel * width) + left] * rest) + (_row[(channel * width) + right] * part);
        return true;
    }
}
