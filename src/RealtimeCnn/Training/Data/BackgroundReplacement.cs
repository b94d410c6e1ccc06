namespace RealtimeCnn.Training.Data;

/// <summary>Puts the foreground of a picture before another background: a square part of a picture of any size. One for each thread.</summary>
internal sealed class BackgroundReplacement
{
    private const double LeastSide = 0.15;
    private readonly IDataSet _backgrounds;
    private readonly int _height, _width;
    private readonly ForegroundMask _foreground;
    private readonly float[] _picture, _background, _mask, _target;

    /// <exception cref="DataSetException">One of the two is not of pictures of three channels.</exception>
    public BackgroundReplacement(IDataSet backgrounds, Shape sample)
    {
        if (sample.Rank != 3 || sample[0] != 3 || backgrounds.SampleShape.Rank != 3 || backgrounds.SampleShape[0] != 3)
            throw new DataSetException($"Backgrounds are replaced in pictures [3, height, width]; samples are {sample}, backgrounds {backgrounds.SampleShape}.");
        (_backgrounds, _height, _width) = (backgrounds, sample[1], sample[2]);
        _foreground = new ForegroundMask(_height, _width);
        _picture = new float[backgrounds.SampleShape.Count];
        _background = new float[sample.Count];
        _mask = new float[_height * _width];
        _target = new float[backgrounds.TargetShape.Count];
    }

    /// <summary>Replaces the background in place, by a part of chance of a picture of chance, between 15 and 100 % of its shorter side.</summary>
    public void Apply(Span<float> sample, ref SampleRandom random)
    {
        _foreground.Find(sample, _mask);
        _backgrounds.Read(random.Next(_backgrounds.Count), _picture, _target);
        new SquarePart(_backgrounds.SampleShape, LeastSide, 1, ref random).Read(_picture, _background, _height, _width);
        for (int i = 0; i < sample.Length; i++)
            sample[i] += (1 - _mask[i % _mask.Length]) * (_background[i] - sample[i]);
    }
}
