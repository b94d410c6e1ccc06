namespace RealtimeCnn.Layers;

/// <summary>What softmax and its logarithm share: they work on each line of elements along one axis. Shapes: any of rank 1 or more → the same.</summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
public abstract record SoftmaxLayer(int Axis) : Layer
{
    /// <summary>Whether the output is the logarithm.</summary>
    internal abstract bool IsLogarithm { get; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (Axis < -x.Rank || Axis >= x.Rank)
            throw new ShapeException($"axis {Axis} is not one of input {x}.");
        return x;
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 8L * output.Count;

    /// <summary>Extents before, along and behind the axis.</summary>
    internal (int Outer, int Length, int Inner) Lines(Shape x)
    {
        int axis = Axis < 0 ? Axis + x.Rank : Axis;
        return (x.Product(0, axis), x[axis], x.Product(axis + 1, x.Rank));
    }
}

/// <summary>
/// Turns logits into probabilities: <c>y[i] = exp(x[i]) / Σ over j of exp(x[j])</c> along one axis, computed as
/// <c>exp(x[i] − max)</c> so that no power overflows. Each line sums to 1.
/// </summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
/// <remarks>Shapes: any of rank 1 or more → the same. Source: Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs"; ONNX Softmax-13.</remarks>
public sealed record Softmax(int Axis = 1) : SoftmaxLayer(Axis)
{
    internal override bool IsLogarithm => false;
}

/// <summary>
/// The logarithm of <see cref="Softmax"/>: <c>y[i] = x[i] − log(Σ over j of exp(x[j]))</c> along one axis, computed as
/// <c>x[i] − max − log(Σ exp(x[j] − max))</c>, which stays finite where a probability underflows.
/// </summary>
/// <param name="Axis">The axis; negative ones count from the last, −1.</param>
/// <remarks>Shapes: any of rank 1 or more → the same. Source: ONNX LogSoftmax-13.</remarks>
public sealed record LogSoftmax(int Axis = 1) : SoftmaxLayer(Axis)
{
    internal override bool IsLogarithm => true;
}
