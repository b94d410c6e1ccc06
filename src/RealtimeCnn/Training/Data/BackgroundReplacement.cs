namespace RealtimeCnn.Training.Data;

/// <summary>Puts the foreground of a picture before another background: a square part of a picture of any size. One for each thread.</summary>
internal sealed class BackgroundReplacement
{
    private const double LeastSide = 0.15;
    private readonly IDataSet _backgrounds;
    private readonly int _height, _width;
    private readonly ForegroundMask _foreground;
    private readonly float[] _background, _mask, _target;

    /// <exception cref="DataSetException">One of the two is not of pictures of three channels.</exception>
    public BackgroundReplacement(IDataSet backgrounds, Shape sample)
    {
        if (sample.Rank != 3 || sample[0] != 3 || backgrounds.SampleShape.Rank != 3 || backgrounds.SampleShape[0] != 3)
            throw new DataSetException($"Backgrounds are replaced in pictures [3, height, width]; samples are {sample}, backgrounds {backgrounds.SampleShape}.");
        (_backgrounds, _height, _width) = (backgrounds, sample[1], sample[2]);
        _foreground = new ForegroundMask(_height, _width);
        _background = new float[backgrounds.SampleShape.Count];
        _mask = new float[_height * _width];
        _target = new float[backgrounds.TargetShape.Count];
    }

    /// <summary>Replaces the background in place, by a part of chance of a picture of chance, between 15 and 100 % of its shorter side.</summary>
    public void Apply(Span<float> sample, ref SampleRandom random)
    {
        _foreground.Find(sample, _mask);
        _backgrounds.Read(random.Next(_backgrounds.Count), _background, _target);
        int height = _backgrounds.SampleShape[1], width = _backgrounds.SampleShape[2], area = _mask.Length;
        double side = (LeastSide + (random.Next() * (1 - LeastSide))) * Math.Min(height, width);
        double top = random.Next() * (height - side), left = random.Next() * (width - side);
        for (int i = 0; i < area; i++)
        {
            float y = (float)Math.Clamp(top + ((i / _width + 0.5) / _height * side) - 0.5, 0, height - 1), x = (float)Math.Clamp(left + ((i % _width + 0.5) / _width * side) - 0.5, 0, width - 1);
            for (int c = 0; c < 3; c++)
                sample[(c * area) + i] += (1 - _mask[i]) * (Bilinear(_background.AsSpan(c * height * width, height * width), width, y, x) - sample[(c * area) + i]);
        }
    }

    private static float Bilinear(ReadOnlySpan<float> plane, int width, float y, float x)
    {
        int top = (int)y, left = (int)x, below = (top + 1) * width < plane.Length ? width : 0, right = left + 1 < width ? 1 : 0, at = (top * width) + left;
        float upper = plane[at] + ((x - left) * (plane[at + right] - plane[at])), lower = plane[at + below] + ((x - left) * (plane[at + below + right] - plane[at + below]));
        return upper + ((y - top) * (lower - upper));
    }
}
