using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Cuts an axis into consecutive parts, an output each: <c>y_k[…i…] = x[…i + Σ over j &lt; k of Lengths[j]…]</c>.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
/// <param name="Lengths">Elements of each part, in order; each at least 1, together the extent of the axis.</param>
/// <remarks>Shapes: <c>[a…, N, b…] → [a…, Lengths[k], b…]</c> for each k. Source: ONNX Split.</remarks>
public sealed record Split(int Axis, params IReadOnlyList<int> Lengths) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => InferShapes(inputs)[0];

    /// <inheritdoc/>
    public override Shape[] InferShapes(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        return Lengths.Count > 0 && Lengths.All(length => length > 0) && Lengths.Sum(length => (long)length) == x[axis]
            ? Lengths.Map(length => x.With(axis, length))
            : throw new ShapeException($"lengths [{string.Join(", ", Lengths)}] must be at least 1 each and {x[axis]} together, the extent of axis {axis} of {x}.");
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => Axis is 0 or 1 ? part : ReceptiveField.Whole(input);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 2L * inputs[0].Count;

    /// <inheritdoc/>
    public override string ToString() => $"Split axis {Axis} [{string.Join(", ", Lengths)}]";

    /// <summary>Where the elements of one part are found.</summary>
    internal StridedView View(int part, Shape input, Shape output)
    {
        int start = Lengths.Take(part).Sum();
        return new Slice(new AxisRange(Axis, start, start + Lengths[part])).View(input, output);
    }
}
