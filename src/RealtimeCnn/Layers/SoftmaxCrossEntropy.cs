namespace RealtimeCnn.Layers;

/// <summary>
/// The mean negative logarithm of the probability that softmax gives the right class, from <b>logits</b>. With
/// <c>lp[n,k] = x[n,k] − ln Σ over j of e^x[n,j]</c> and targets <c>t[n,k]</c>, which are 1 at the label and 0 elsewhere:
/// <c>loss = −Σ over n and k of w[k] · ((1 − ε)·t[n,k] + ε/K) · lp[n,k] / W</c>, with W the sum of the labels' weights, or N for
/// probabilities. Without weights and smoothing its gradient is <c>(softmax(x) − onehot(label)) / N</c>.
/// </summary>
/// <remarks>
/// Shapes: logits <c>[N, K]</c>, labels <c>[N]</c> or probabilities <c>[N, K]</c> → one number <c>[]</c>. Labels are whole numbers
/// from 0 to K − 1. Source: Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs"; Szegedy et al.
/// 2015, arXiv:1512.00567, section 7; PyTorch CrossEntropyLoss.
/// </remarks>
public sealed record SoftmaxCrossEntropy : Loss
{
    /// <summary>ε, the share of the target that all classes get alike, from 0 to below 1; 0 for none.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>A weight for each class, from 0 on; empty where all weigh 1.</summary>
    public IReadOnlyList<float> ClassWeights { get; init; } = [];

    /// <summary>The label of batch items that do not count; null where all count.</summary>
    public int? IgnoredLabel { get; init; }

    /// <summary>Whether targets are probabilities of all classes, as mixed samples have them, and not labels.</summary>
    public bool TakesProbabilities { get; init; }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction)
    {
        if (prediction.Rank != 2 || prediction[1] == 0)
            throw new ShapeException($"logits must be [N, K] with at least one class; they are {prediction}.");
        if (LabelSmoothing is not (>= 0 and < 1))
            throw new ShapeException($"label smoothing {LabelSmoothing} is not possible: it is from 0 to below 1.");
        if (ClassWeights.Count > 0 && (ClassWeights.Count != prediction[1] || ClassWeights.Any(weight => !(weight >= 0 && float.IsFinite(weight)))))
            throw new ShapeException($"{prediction[1]} classes need as many weights, each at least 0; they are [{string.Join(", ", ClassWeights)}].");
        if (TakesProbabilities && IgnoredLabel != null)
            throw new ShapeException("a label cannot be ignored where targets are probabilities.");
        return TakesProbabilities ? prediction : new Shape(prediction[0]);
    }

    /// <inheritdoc/>
    // Mostly those of an exponential in double precision.
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 128L * inputs[0].Count;

    /// <inheritdoc/>
    public override string ToString() =>
        $"SoftmaxCrossEntropy smoothing {LabelSmoothing}, weights [{string.Join(", ", ClassWeights)}], ignored label {(IgnoredLabel is { } label ? label : "none")}{(TakesProbabilities ? ", of probabilities" : "")}";

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target)
    {
        if (TakesProbabilities)
        {
            VerifyRange(target, 0, 1, "probabilities are");
            return;
        }

        for (int n = 0; n < target.Length; n++)
        {
            if (!(target[n] >= 0 && target[n] < prediction[1] && target[n] == MathF.Floor(target[n])) && target[n] != IgnoredLabel)
                throw new ArgumentException($"Label {target[n]} of batch item {n} is not possible: labels are whole numbers from 0 to {prediction[1] - 1}, for {prediction[1]} classes.", nameof(target));
        }
    }
}
