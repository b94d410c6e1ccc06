namespace RealtimeCnn.Layers;

/// <summary>
/// Normalises groups of neighbouring channels of each batch item over their pixels:
/// <c>y[n,c,…] = (x[n,c,…] − mean[n,g]) / sqrt(variance[n,g] + Epsilon) · scale[c] + bias[c]</c> with g the group of c and the
/// biased variance.
/// </summary>
/// <param name="Groups">Groups of channels, at least 1; one group is layer normalisation over channels and pixels.</param>
/// <param name="Channels">Extent of the second axis, a multiple of <paramref name="Groups"/>.</param>
/// <remarks>
/// Shapes: x <c>[N, C, any further axes]</c>, scale and bias <c>[C]</c> → the shape of x. Source: Wu and He 2018, "Group
/// Normalization", arXiv:1803.08494; ONNX GroupNormalization-21.
/// </remarks>
public sealed record GroupNorm(int Groups, int Channels) : Layer
{
    /// <summary>Added to the variance before the root, at least 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new("scale", new Shape(Channels), Initial: 1), new("bias", new Shape(Channels))];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        NormalizationShapes.Check(inputs[0], Channels, Epsilon);
        if (Groups < 1 || Channels % Groups != 0)
            throw new ShapeException($"{Channels} channels cannot be cut into {Groups} groups.");
        return inputs[0];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 4L * output.Count;

    /// <summary>A row is a group of one batch item; each channel's pixels share a scale.</summary>
    internal NormalizedRows Rows(Shape x) => new(x.Batch * Groups, Channels / Groups * x.Area, Groups, x.Area, Epsilon);
}
