namespace RealtimeCnn.Layers;

/// <summary>
/// Fully connected layer: each output is a weighted sum of all inputs of its batch item,
/// <c>y[n,o] = f(bias[o] + Σ over i of weight[o,i] · x[n,i])</c>.
/// </summary>
/// <param name="InFeatures">Extent of the input's second axis, at least 1.</param>
/// <param name="OutFeatures">Extent of the output's second axis, at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, In]</c>, weight <c>[Out, In]</c>, bias <c>[Out]</c> → <c>[N, Out]</c>. Source: Rumelhart, Hinton and Williams
/// 1986, "Learning representations by back-propagating errors"; ONNX Gemm with transB = 1.
/// </remarks>
public sealed record Linear(int InFeatures, int OutFeatures) : Layer
{
    /// <summary>Whether a bias is added to each output.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Applied to each sum before it is stored.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters
    {
        get
        {
            var weight = new ParameterSpec("weight", new Shape(OutFeatures, InFeatures), InFeatures);
            return HasBias ? [weight, new ParameterSpec("bias", new Shape(OutFeatures))] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (InFeatures < 1 || OutFeatures < 1)
            throw new ShapeException($"{InFeatures} input and {OutFeatures} output features are not possible: both are at least 1.");
        if (x.Rank != 2)
            throw new ShapeException($"input must be [N, {InFeatures}]; it is {x}. Flatten it first.");
        if (x[1] != InFeatures)
            throw new ShapeException($"expects {InFeatures} input features; the input is {x}.");
        return new Shape(x[0], OutFeatures);
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) => (long)output.Count * InFeatures;
}
