using RealtimeCnn.Heads;

namespace RealtimeCnn.Training.Data;

/// <summary>Applies an <see cref="Augmentation"/> to pictures of one shape; one for each thread.</summary>
internal sealed class SampleAugmenter
{
    private const double LeastBlur = 0.4, MidGray = 127.5;
    private readonly Augmentation _augmentation;
    private readonly int _channels, _height, _width;
    private readonly float[] _work;
    private readonly Warp _warp;
    private readonly BackgroundReplacement? _background;

    /// <param name="augmentation">What to do.</param>
    /// <param name="sample">Shape of the pictures.</param>
    /// <param name="backgrounds">Pictures to take backgrounds from, where they are replaced.</param>
    /// <exception cref="DataSetException">Samples are no pictures, or backgrounds do not fit them.</exception>
    /// <exception cref="ArgumentException">Backgrounds are to be replaced and there are none.</exception>
    public SampleAugmenter(Augmentation augmentation, Shape sample, IDataSet? backgrounds)
    {
        if (sample.Rank != 3)
            throw new DataSetException($"Only pictures [channels, height, width] can be augmented; samples are {sample}.");
        (_augmentation, _channels, _height, _width) = (augmentation, sample[0], sample[1], sample[2]);
        _work = new float[sample.Count];
        _warp = new Warp(augmentation, _height, _width);
        if (augmentation.Background > 0)
            _background = new BackgroundReplacement(backgrounds ?? throw new ArgumentException("To replace backgrounds, give Backgrounds to take them from."), sample);
    }

    private int Area => _height * _width;

    /// <summary>Changes a picture in place.</summary>
    public void Apply(Span<float> sample, ref SampleRandom random)
    {
        var a = _augmentation;
        if (a.HasGeometry)
        {
            _warp.Draw(ref random);
            sample.CopyTo(_work);
            _warp.Apply(_work, sample);
        }

        if (_background != null && random.Next() < a.Background)
            _background.Apply(sample, ref random);
        ChangeColours(sample, ref random);
        if (random.Next() < a.Blur)
            BlurBy(sample, LeastBlur + (random.Next() * Math.Max(0, a.BlurPixels - LeastBlur)));
        if (random.Next() < a.Noise)
            AddNoise(sample, random.Next() * a.NoiseLevel, ref random);
        if (random.Next() < a.Cutout)
            CutOut(sample, ref random);
    }

    /// <summary>Moves boxes as the picture of the last <see cref="Apply"/> moved. What lies more than half outside then is left out, the rest cut at the edges.</summary>
    public void Move(List<Detection> boxes)
    {
        if (!_augmentation.HasGeometry)
            return;
        for (int i = boxes.Count - 1; i >= 0; i--)
        {
            var whole = _warp.Move(boxes[i]);
            var cut = whole with { Left = Math.Max(whole.Left, 0), Top = Math.Max(whole.Top, 0), Right = Math.Min(whole.Right, _width), Bottom = Math.Min(whole.Bottom, _height) };
            if (cut.Area < whole.Area / 2)
                boxes.RemoveAt(i);
            else
                boxes[i] = cut;
        }
    }

    private void ChangeColours(Span<float> sample, ref SampleRandom random)
    {
        var a = _augmentation;
        double contrast = 1 + (random.NextSigned() * a.Contrast), brightness = random.NextSigned() * a.Brightness;
        bool fades = random.Next() < a.Fade;
        float fade = (float)random.Next();
        for (int c = 0; c < _channels; c++)
        {
            double gain = 1 + (random.NextSigned() * a.ChannelGain);
            float factor = (float)(contrast * gain), offset = (float)((MidGray * (1 - contrast) * gain) + (brightness * gain));
            if (factor == 1 && offset == 0)
                continue;
            foreach (ref float value in sample.Slice(c * Area, Area))
                value = Math.Clamp((value * factor) + offset, 0, 255);
        }

        for (int i = 0; i < Area && fades && _channels == 3; i++)
        {
            float gray = (0.299f * sample[i]) + (0.587f * sample[i + Area]) + (0.114f * sample[i + (2 * Area)]);
            for (int c = 0; c < _channels; c++)
                sample[(c * Area) + i] += fade * (gray - sample[(c * Area) + i]);
        }
    }

    private void BlurBy(Span<float> sample, double deviation)
    {
        int reach = (int)Math.Ceiling(3 * deviation);
        Span<float> weights = stackalloc float[(2 * reach) + 1];
        float sum = 0;
        for (int i = -reach; i <= reach; i++)
            sum += weights[i + reach] = (float)Math.Exp(-i * i / (2 * deviation * deviation));
        foreach (ref float weight in weights)
            weight /= sum;
        Convolve(sample, _work, weights, 1, 0);
        Convolve(_work, sample, weights, 0, 1);
    }

    private void Convolve(ReadOnlySpan<float> from, Span<float> to, ReadOnlySpan<float> weights, int down, int right)
    {
        int reach = weights.Length / 2;
        for (int i = 0; i < to.Length; i++)
        {
            int column = i % _width, row = i / _width % _height, plane = i - (i % Area);
            float sum = 0;
            for (int k = -reach; k <= reach; k++)
                sum += weights[k + reach] * from[plane + (Math.Clamp(row + (k * down), 0, _height - 1) * _width) + Math.Clamp(column + (k * right), 0, _width - 1)];
            to[i] = sum;
        }
    }

    private static void AddNoise(Span<float> sample, double deviation, ref SampleRandom random)
    {
        foreach (ref float value in sample)
            value = Math.Clamp(value + (float)(deviation * random.NextNormal()), 0, 255);
    }

    private void CutOut(Span<float> sample, ref SampleRandom random)
    {
        int side = Math.Max(1, (int)(_augmentation.CutoutSide * Math.Min(_height, _width)));
        int top = random.Next(_height - side + 1), left = random.Next(_width - side + 1);
        for (int c = 0; c < _channels; c++)
        {
            for (int row = top; row < top + side; row++)
                sample.Slice((((c * _height) + row) * _width) + left, side).Fill((float)MidGray);
        }
    }
}
