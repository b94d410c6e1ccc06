namespace RealtimeCnn.Teaching;

/// <summary>
/// A classifier on embeddings, a score for each class: <c>score[k] = bias[k] + Σ over i of weight[k,i] · x[i]</c>. Softmax makes
/// probabilities of the scores. Nearest means are one too, because the part <c>‖x‖²</c> of a squared distance is the same for all classes.
/// </summary>
/// <remarks>Source: Mensink et al. 2013, "Distance-Based Image Classification", doi:10.1109/TPAMI.2013.83, section 3.1.</remarks>
public sealed class LinearHead
{
    /// <summary>A head of given numbers.</summary>
    /// <param name="classes">Number of the class of each row.</param>
    /// <param name="weights">Row by row, <c>[rows, features]</c>.</param>
    /// <param name="biases">One for each row.</param>
    /// <exception cref="ArgumentException">There is no row, or the numbers do not belong together.</exception>
    public LinearHead(ReadOnlySpan<int> classes, ReadOnlySpan<float> weights, ReadOnlySpan<float> biases)
    {
        if (classes.IsEmpty || classes.Length != biases.Length || weights.IsEmpty || weights.Length % classes.Length != 0)
            throw new ArgumentException($"{weights.Length} weights, {biases.Length} biases and {classes.Length} classes make no head.", nameof(classes));
        (ClassNumbers, Weight, Bias) = (classes.ToArray(), weights.ToArray(), biases.ToArray());
    }

    /// <summary>Number of the class of each row.</summary>
    public ReadOnlySpan<int> Classes => ClassNumbers;

    /// <summary>Row by row, <c>[rows, features]</c>.</summary>
    public ReadOnlySpan<float> Weights => Weight;

    /// <summary>One for each row.</summary>
    public ReadOnlySpan<float> Biases => Bias;

    /// <summary>Numbers in an embedding.</summary>
    public int Features => Weight.Length / Bias.Length;

    internal int[] ClassNumbers { get; }

    internal float[] Weight { get; }

    internal float[] Bias { get; }

    /// <summary>A score for each row.</summary>
    /// <param name="embedding">As long as <see cref="Features"/>.</param>
    /// <param name="scores">As long as <see cref="Classes"/>.</param>
    public void Score(ReadOnlySpan<float> embedding, Span<float> scores)
    {
        for (int row = 0; row < Bias.Length; row++)
            scores[row] = Bias[row] + Vectors.Dot(Weight.AsSpan(row * Features, Features), embedding);
    }

    /// <summary>Makes probabilities of scores, in place: softmax.</summary>
    internal static void Softmax(Span<float> scores)
    {
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float score in scores)
            largest = MathF.Max(largest, score);
        foreach (ref float score in scores)
            sum += score = MathF.Exp(score - largest);
        foreach (ref float score in scores)
            score /= sum;
    }

    /// <summary>The row of the greatest score.</summary>
    internal static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int row = 1; row < scores.Length; row++)
        {
            if (scores[row] > scores[best])
                best = row;
        }

        return best;
    }
}
