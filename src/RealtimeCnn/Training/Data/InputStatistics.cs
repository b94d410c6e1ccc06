namespace RealtimeCnn.Training.Data;

/// <summary>
/// How samples become inputs of a network: <c>y = (x − Mean[c]) · Scale[c]</c> for each channel c, pixels x from 0 to 255. The same
/// numbers belong into the model's file, so that a camera's pictures are treated as those that were learned from.
/// </summary>
public sealed class InputStatistics
{
    private const double MostPixel = 255;

    /// <summary>Given numbers.</summary>
    /// <param name="mean">Subtracted, one for each channel.</param>
    /// <param name="scale">Multiplies what is left, one for each channel; finite, not 0.</param>
    /// <exception cref="ArgumentException">They are not as many, or not possible.</exception>
    public InputStatistics(IReadOnlyList<float> mean, IReadOnlyList<float> scale)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scale);
        if (mean.Count == 0 || mean.Count != scale.Count || !mean.All(float.IsFinite) || !scale.All(number => float.IsFinite(number) && number != 0))
            throw new ArgumentException($"Each channel has a finite mean and a finite scale that is not 0; they are [{string.Join(", ", mean)}] and [{string.Join(", ", scale)}].");
        (Mean, Scale) = ([.. mean], [.. scale]);
    }

    /// <summary>Subtracted, one for each channel.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>Multiplies what is left, one for each channel.</summary>
    public IReadOnlyList<float> Scale { get; }

    /// <summary>Pixels from 0 to 255 become numbers from −1 to 1.</summary>
    public static InputStatistics Range(int channels) =>
        new([.. Enumerable.Repeat((float)(MostPixel / 2), channels)], [.. Enumerable.Repeat((float)(2 / MostPixel), channels)]);

    /// <summary><see cref="Range"/> for pictures; null, which is no change, for other samples and for what a <see cref="FrozenFront"/> made of pictures.</summary>
    internal static InputStatistics? UsualFor(IDataSet data) => data.SampleShape.Rank == 3 && data is not KeptOutputs ? Range(data.SampleShape[0]) : null;

    /// <summary>Each channel of the data gets mean 0 and standard deviation 1; a channel of one value only is left at 0.</summary>
    /// <param name="data">What to measure; only what is learned from, not what is held out.</param>
    public static InputStatistics Standardised(IDataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int channels = ChannelsOf(data.SampleShape), area = data.SampleShape.Count / channels;
        double[] sums = new double[channels], squares = new double[channels];
        float[] sample = new float[data.SampleShape.Count], target = new float[data.TargetShape.Count];
        for (int n = 0; n < data.Count; n++)
        {
            data.Read(n, sample, target);
            for (int i = 0; i < sample.Length; i++)
            {
                sums[i / area] += sample[i];
                squares[i / area] += (double)sample[i] * sample[i];
            }
        }

        double count = (double)data.Count * area;
        float[] mean = [.. sums.Select(sum => (float)(sum / count))];
        return new(mean, [.. squares.Select((square, c) => Math.Sqrt(Math.Max(0, (square / count) - (sums[c] / count * (sums[c] / count))))).Select(deviation => deviation > 0 ? (float)(1 / deviation) : 1)]);
    }

    /// <summary>Number of the first axis, which is a picture's channels; 1 for samples without axes.</summary>
    internal static int ChannelsOf(Shape sample) => sample.Rank == 0 ? 1 : sample[0];

    /// <summary>Applies them to one sample, in place.</summary>
    internal void Apply(Span<float> sample)
    {
        int area = sample.Length / Mean.Count;
        for (int c = 0; c < Mean.Count; c++)
        {
            float mean = Mean[c], scale = Scale[c];
            foreach (ref float value in sample.Slice(c * area, area))
                value = (value - mean) * scale;
        }
    }
}
