namespace RealtimeCnn.Layers;

/// <summary>
/// Binary cross-entropy of heat maps whose targets are 1 at centres and fall off around them, in which easy elements weigh little and
/// those near a centre less: from <b>logits</b> x with <c>p = sigmoid(x)</c>, the sum of <c>−(1 − p)^α · ln p</c> where t = 1 and of
/// <c>−(1 − t)^β · p^α · ln(1 − p)</c> elsewhere, over the number of centres, which is taken as 1 where there are none.
/// </summary>
/// <remarks>Shapes: any, and the same → <c>[]</c>. Source: Law and Deng 2018, "CornerNet", arXiv:1808.01244, equation 1; Zhou et al. 2019, "Objects as Points", arXiv:1904.07850.</remarks>
public sealed record CentreFocal : Loss
{
    /// <summary>α, how little easy elements weigh: 0, for not at all less, or at least 1.</summary>
    public float Alpha { get; init; } = 2;

    /// <summary>β, how little elements near a centre weigh, at least 0.</summary>
    public float Beta { get; init; } = 4;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) => (Alpha == 0 || (Alpha >= 1 && float.IsFinite(Alpha))) && Beta >= 0 && float.IsFinite(Beta)
        ? prediction
        : throw new ShapeException($"alpha {Alpha} must be 0 or at least 1, and beta {Beta} at least 0.");

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 8L * inputs[0].Count;

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target) => VerifyRange(target, 0, 1, "heat is");
}

/// <summary>
/// Softmax cross-entropy of what things are, at the places that count: the sum over places of <c>−m · ln softmax(x)[label]</c>, over the
/// sum of m, which is taken as 1 where it is less. Places of m = 0 are not read.
/// </summary>
/// <remarks>
/// Shapes: logits <c>[N, K, …]</c>, and <c>[N, 2, …]</c>, the label and then m → <c>[]</c>. Labels are whole numbers from 0 to K − 1.
/// Source: Redmon et al. 2016, "You Only Look Once", arXiv:1506.02640, section 2.2 (what a thing is, given that there is one).
/// </remarks>
public sealed record PlaceClassification : Loss
{
    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction) =>
        prediction.Rank >= 2 && prediction[1] > 0 ? prediction.With(1, 2) : throw new ShapeException($"logits must be [N, K, …] with at least one class; they are {prediction}.");

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 8L * inputs[0].Count;

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target)
    {
        int area = prediction.Product(2, prediction.Rank);
        for (int first = 0; first < target.Length; first += 2 * area)
        {
            VerifyRange(target.Slice(first + area, area), 0, float.MaxValue, "what a place counts is");
            for (int place = first; place < first + area; place++)
            {
                if (target[place + area] != 0 && !(target[place] >= 0 && target[place] < prediction[1] && target[place] == MathF.Floor(target[place])))
                    throw new ArgumentException($"Label {target[place]} is not possible: labels are whole numbers from 0 to {prediction[1] - 1}, for {prediction[1]} classes.", nameof(target));
            }
        }
    }
}

/// <summary>
/// Distance of numbers that count only at some places, such as boxes at the centres of things: the sum over places and channels of
/// <c>m · h(x − t)</c>, over the sum of m, which is taken as 1 where it is less. <c>h(d)</c> is <c>|d| − β/2</c>, and <c>d²/2β</c>
/// up to β. Places of m = 0 are not read.
/// </summary>
/// <remarks>
/// Shapes: <c>[N, C, …]</c>, and <c>[N, 1 + C, …]</c> whose first channel is m → <c>[]</c>. Source: Girshick 2015, "Fast R-CNN",
/// arXiv:1504.08083, equation 3; PyTorch SmoothL1Loss.
/// </remarks>
public sealed record BoxRegression : Loss
{
    /// <summary>β, the distance up to which it is squared, at least 0; 0 for the plain distance.</summary>
    public float Beta { get; init; }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape prediction)
    {
        if (!(Beta >= 0 && float.IsFinite(Beta)))
            throw new ShapeException($"beta {Beta} is not possible: it must be at least 0.");
        return prediction.Rank >= 2 ? prediction.With(1, prediction[1] + 1) : throw new ShapeException($"boxes must be [N, C, …]; they are {prediction}.");
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 4L * inputs[0].Count;

    internal override void VerifyTarget(Shape prediction, ReadOnlySpan<float> target)
    {
        int area = prediction.Product(2, prediction.Rank), item = (prediction[1] + 1) * area;
        for (int first = 0; first < target.Length; first += item)
            VerifyRange(target.Slice(first, area), 0, float.MaxValue, "what a box counts is");
    }
}
