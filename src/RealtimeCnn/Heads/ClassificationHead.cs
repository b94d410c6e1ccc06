namespace RealtimeCnn.Heads;

/// <summary>One output, a score for each class: <see cref="Classification"/> reads it.</summary>
/// <remarks>Source: temperature, Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599.</remarks>
public sealed record ClassificationHead : ModelHead
{
    /// <inheritdoc/>
    public override string Family => "classification";

    /// <summary>What logits are divided by before softmax, above 0, so that a probability is how often the answer is right; 1 leaves them.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Probability below which no class is the answer, in [0, 1]; 0 where the best always is.</summary>
    public float Threshold { get; init; }

    /// <summary>The labels that mean that the picture shows none of the others, one per line; empty for none.</summary>
    public string Reject { get; init; } = string.Empty;

    internal override ModelHead Read(HeadEntries entries) => this with
    {
        Temperature = entries.Number("temperature", Temperature, 0.01f, 100), Threshold = entries.Number("threshold", Threshold, 0, 1), Reject = entries.Text("reject", Reject),
    };

    internal override void Write(HeadEntries entries)
    {
        entries.Set("temperature", Temperature);
        entries.Set("threshold", Threshold);
        entries.Set("reject", Reject);
    }
}
