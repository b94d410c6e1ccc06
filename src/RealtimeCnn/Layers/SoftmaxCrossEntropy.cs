namespace RealtimeCnn.Layers;

/// <summary>
/// The mean negative logarithm of the probability that softmax gives the right class, from <b>logits</b>:
/// <c>loss = 1/N · Σ over n of (ln Σ over k of e^x[n,k] − x[n, label[n]])</c>. Its gradient is <c>(softmax(x) − onehot(label)) / N</c>.
/// </summary>
/// <remarks>
/// Shapes: logits <c>[N, K]</c>, labels <c>[N]</c> → one number <c>[]</c>. Labels are whole numbers from 0 to K − 1. Source: Bridle
/// 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs"; PyTorch CrossEntropyLoss.
/// </remarks>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => prediction.Rank == 2 && prediction[1] > 0
        ? new Shape(prediction[0])
        : throw new ShapeException($"logits must be [N, K] with at least one class; they are {prediction}.");

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 8L * inputs[0].Count;

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target)
    {
        for (int n = 0; n < target.Length; n++)
        {
            if (!(target[n] >= 0 && target[n] < prediction[1] && target[n] == MathF.Floor(target[n])))
                throw new ArgumentException($"Label {target[n]} of batch item {n} is not possible: labels are whole numbers from 0 to {prediction[1] - 1}, for {prediction[1]} classes.", nameof(target));
        }
    }
}
