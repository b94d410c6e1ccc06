namespace RealtimeCnn.Layers;

/// <summary>The mean over all elements of a function of prediction and target, which have the same shape, any → one number <c>[]</c>.</summary>
public abstract record ElementwiseLoss : Loss
{
    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => prediction;

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 4L * inputs[0].Count;
}

/// <summary>The mean of <c>(x − t)²</c>.</summary>
/// <remarks>Source: PyTorch MSELoss.</remarks>
public sealed record MeanSquaredError : ElementwiseLoss;

/// <summary>The mean of <c>|x − t|</c>; where they are equal, the slope is 0.</summary>
/// <remarks>Source: PyTorch L1Loss.</remarks>
public sealed record MeanAbsoluteError : ElementwiseLoss;

/// <summary>The mean of <c>(x − t)²/2</c> up to a distance of <see cref="Delta"/>, and of <c>δ·(|x − t| − δ/2)</c> beyond it.</summary>
/// <remarks>Source: Huber 1964, "Robust Estimation of a Location Parameter"; PyTorch HuberLoss.</remarks>
public sealed record Huber : ElementwiseLoss
{
    /// <summary>δ, above 0.</summary>
    public float Delta { get; init; } = 1;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => Delta > 0 ? prediction : throw new ShapeException($"delta {Delta} is not possible: it must be above 0.");
}

/// <summary>
/// The mean of <c>−t·ln p − (1 − t)·ln(1 − p)</c> with <c>p = sigmoid(x)</c>, from <b>logits</b> x and probabilities t, as
/// <c>max(x, 0) − x·t + ln(1 + e^−|x|)</c>, which does not overflow.
/// </summary>
/// <remarks>Source: PyTorch BCEWithLogitsLoss.</remarks>
public sealed record BinaryCrossEntropy : ElementwiseLoss
{
    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target) => VerifyRange(target, 0, 1, "probabilities are");
}

/// <summary>
/// Binary cross-entropy in which easy elements weigh little: the mean of <c>a·(1 − q)^γ · BCE(x, t)</c> from <b>logits</b>, with
/// <c>p = sigmoid(x)</c>, <c>q = p·t + (1 − p)·(1 − t)</c> and <c>a = α·t + (1 − α)·(1 − t)</c>.
/// </summary>
/// <remarks>Source: Lin et al. 2017, "Focal Loss for Dense Object Detection", arXiv:1708.02002, section 3; torchvision sigmoid_focal_loss.</remarks>
public sealed record Focal : ElementwiseLoss
{
    /// <summary>α, the weight of elements whose target is 1, from 0 to 1.</summary>
    public float Alpha { get; init; } = 0.25f;

    /// <summary>γ, how little easy elements weigh: 0, for not at all less, or at least 1.</summary>
    public float Gamma { get; init; } = 2;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => Alpha is >= 0 and <= 1 && (Gamma == 0 || (Gamma >= 1 && float.IsFinite(Gamma)))
        ? prediction
        : throw new ShapeException($"alpha {Alpha} must be from 0 to 1, and gamma {Gamma} 0 or at least 1.");

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target) => VerifyRange(target, 0, 1, "probabilities are");
}
