namespace RealtimeCnn.Layers;

/// <summary>What <see cref="TopK"/> and <see cref="TopKIndices"/> share: the k largest elements along an axis, the largest first; of equal ones the first.</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
public abstract record TopKLayer(int K, int Axis) : Layer
{
    /// <summary>Whether the largest are meant, or the smallest.</summary>
    public bool Largest { get; init; } = true;

    /// <summary>Whether the output is the elements' indices instead of their values.</summary>
    internal abstract bool GivesIndices { get; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        return K >= 1 && K <= x[axis] ? x.With(axis, K) : throw new ShapeException($"k = {K} must lie in [1, {x[axis]}], the extent of axis {axis} of {x}.");
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(inputs[0].Count, Cost.Depth(K) + 1);
}

/// <summary>The k largest elements along an axis, in descending order (or the k smallest, ascending).</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, K, b…]</c>. Elements must not be NaN. Source: ONNX TopK, first output.</remarks>
public sealed record TopK(int K, int Axis = -1) : TopKLayer(K, Axis)
{
    internal override bool GivesIndices => false;
}

/// <summary>Where along the axis the elements that <see cref="TopK"/> gives are, as numbers from 0.</summary>
/// <param name="K">How many, from 1 to the extent of the axis.</param>
/// <param name="Axis">The axis, negative from the end.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, K, b…]</c>. Elements must not be NaN. Source: ONNX TopK, second output.</remarks>
public sealed record TopKIndices(int K, int Axis = -1) : TopKLayer(K, Axis)
{
    internal override bool GivesIndices => true;
}
