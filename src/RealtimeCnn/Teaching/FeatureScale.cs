namespace RealtimeCnn.Teaching;

/// <summary>Mean and deviation of each feature over examples, so that one rate suits all weights: <c>z = (x − mean) / deviation</c>.</summary>
internal sealed class FeatureScale
{
    // Of the mean deviation: a feature that hardly ever changes is not blown up.
    private const float LeastShare = 0.3f;
    private readonly float[] _mean, _deviation;

    private FeatureScale(float[] mean, float[] deviation) => (_mean, _deviation) = (mean, deviation);

    public static FeatureScale Of(IReadOnlyList<Shot> shots)
    {
        float[] mean = Vectors.Mean([.. shots.Select(shot => shot.Values)]), deviation = new float[mean.Length];
        foreach (var shot in shots)
        {
            for (int i = 0; i < mean.Length; i++)
                deviation[i] += (shot.Values[i] - mean[i]) * (shot.Values[i] - mean[i]);
        }

        double sum = 0;
        foreach (ref float value in deviation.AsSpan())
            sum += value = MathF.Sqrt(value / shots.Count);
        float least = Math.Max((float)(sum / mean.Length) * LeastShare, 1e-6f);
        foreach (ref float value in deviation.AsSpan())
            value = Math.Max(value, least);
        return new FeatureScale(mean, deviation);
    }

    public void Apply(ReadOnlySpan<float> embedding, Span<float> scaled)
    {
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (embedding[i] - _mean[i]) / _deviation[i];
    }

    /// <summary>A head on scaled embeddings that gives the scores of one on embeddings.</summary>
    public (float[] Weights, float[] Biases) ToScaled(LinearHead head)
    {
        float[] weights = new float[head.Weight.Length], biases = [.. head.Bias];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = head.Weight[i] * _deviation[i % _mean.Length];
            biases[i / _mean.Length] += head.Weight[i] * _mean[i % _mean.Length];
        }

        return (weights, biases);
    }

    /// <summary>A head on embeddings that gives the scores of one on scaled ones.</summary>
    public LinearHead FromScaled(int[] classes, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases)
    {
        float[] own = new float[weights.Length], bias = biases.ToArray();
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = weights[i] / _deviation[i % _mean.Length];
            bias[i / _mean.Length] -= own[i] * _mean[i % _mean.Length];
        }

        return new LinearHead(classes, own, bias);
    }
}
