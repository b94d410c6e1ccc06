namespace RealtimeCnn.Layers;

/// <summary>
/// Normalises over the trailing axes, each leading position for itself:
/// <c>y[i…,j…] = (x[i…,j…] − mean[i…]) / sqrt(variance[i…] + Epsilon) · scale[j…] + bias[j…]</c>, with the biased variance.
/// </summary>
/// <param name="NormalizedShape">Extents of the trailing axes, at least one axis.</param>
/// <remarks>
/// Shapes: x <c>[leading axes…, NormalizedShape…]</c>, scale and bias <c>NormalizedShape</c> → the shape of x. Source: Ba, Kiros and
/// Hinton 2016, "Layer Normalization", arXiv:1607.06450; ONNX LayerNormalization-17.
/// </remarks>
public sealed record LayerNorm(Shape NormalizedShape) : Layer
{
    /// <summary>Added to the variance before the root, at least 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new("scale", NormalizedShape, Initial: 1), new("bias", NormalizedShape)];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int leading = x.Rank - NormalizedShape.Rank;
        bool fits = NormalizedShape.Rank > 0 && leading >= 0 && NormalizedShape.Count > 0;
        for (int axis = 0; fits && axis < NormalizedShape.Rank; axis++)
            fits = x[leading + axis] == NormalizedShape[axis];
        if (!fits)
            throw new ShapeException($"normalises trailing axes {NormalizedShape}; those of the input {x} are others.");
        if (!(Epsilon >= 0))
            throw new ShapeException($"epsilon {Epsilon} is not possible: it is at least 0.");
        return x;
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 4L * output.Count;

    /// <summary>Each row has one place for each scale.</summary>
    internal NormalizedRows Rows(Shape x) => new(x.Count / NormalizedShape.Count, NormalizedShape.Count, 1, 1, Epsilon);
}
