namespace RealtimeCnn.Layers;

/// <summary>
/// Normalises each channel of each batch item over its pixels:
/// <c>y[n,c,…] = (x[n,c,…] − mean[n,c]) / sqrt(variance[n,c] + Epsilon) · scale[c] + bias[c]</c>, with the biased variance.
/// </summary>
/// <param name="Channels">Extent of the second axis, at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, C, spatial axes…]</c>, scale and bias <c>[C]</c> → the shape of x. Source: Ulyanov, Vedaldi and Lempitsky 2016,
/// "Instance Normalization", arXiv:1607.08022; ONNX InstanceNormalization.
/// </remarks>
public sealed record InstanceNorm2d(int Channels) : Layer
{
    /// <summary>Added to the variance before the root, at least 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new("scale", new Shape(Channels), Initial: 1), new("bias", new Shape(Channels))];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        NormalizationShapes.Check(inputs[0], Channels, Epsilon);
        if (inputs[0].Rank < 3)
            throw new ShapeException($"input must be [N, C, H, W] (or have another number of axes behind the channels); it is {inputs[0]}.");
        return inputs[0];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 4L * output.Count;

    /// <summary>Each channel of each batch item is a row, and has one scale.</summary>
    internal NormalizedRows Rows(Shape x) => new(x.Batch * Channels, x.Area, Channels, Math.Max(x.Area, 1), Epsilon);

    internal ChannelStatistics Statistics => new(StatisticsOver.Item, Divisor.StandardDeviation, Epsilon);
}
