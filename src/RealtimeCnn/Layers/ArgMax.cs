namespace RealtimeCnn.Layers;

/// <summary>What <see cref="ArgMax"/> and <see cref="ArgMin"/> share: the index of an extreme along an axis, as a number.</summary>
/// <param name="Axis">The axis, negative from the end; at least one element long.</param>
public abstract record ArgExtremeLayer(int Axis) : Layer
{
    /// <summary>Whether the axis stays, with extent 1.</summary>
    public bool KeepAxis { get; init; } = true;

    /// <summary>Whether the last of equal extremes counts, instead of the first.</summary>
    public bool SelectLast { get; init; }

    /// <summary>1 for the largest, −1 for the smallest.</summary>
    internal abstract float Direction { get; }

    internal override bool HasSlopes(int input) => false;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        int axis = AxisIndex.Resolve(Axis, x.Rank);
        if (x[axis] == 0)
            throw new ShapeException($"axis {axis} of {x} has no element to find.");
        int[] extents = x.ToArray();
        return KeepAxis ? x.With(axis, 1) : new Shape([.. extents[..axis], .. extents[(axis + 1)..]]);
    }
}

/// <summary>The index of the largest element along an axis; NaNs are passed over. Shapes: <c>[a…, K, b…] → [a…, 1, b…]</c>. Source: ONNX ArgMax.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
public sealed record ArgMax(int Axis) : ArgExtremeLayer(Axis)
{
    internal override float Direction => 1;
}

/// <summary>The index of the smallest element along an axis; NaNs are passed over. Shapes: <c>[a…, K, b…] → [a…, 1, b…]</c>. Source: ONNX ArgMin.</summary>
/// <param name="Axis">The axis, negative from the end.</param>
public sealed record ArgMin(int Axis) : ArgExtremeLayer(Axis)
{
    internal override float Direction => -1;
}
