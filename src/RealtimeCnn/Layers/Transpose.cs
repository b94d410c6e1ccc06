namespace RealtimeCnn.Layers;

/// <summary>Another order of axes: axis i of the output is axis <c>Order[i]</c> of the input.</summary>
/// <param name="Order">Each axis of the input once; none for the reverse order.</param>
/// <exception cref="ShapeException">The order does not name each axis once.</exception>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, H, W, C]</c> with order 0, 2, 3, 1. Source: ONNX Transpose.</remarks>
public sealed record Transpose(params IReadOnlyList<int> Order) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        return new Shape([.. OrderFor(x).Select(axis => x[axis])]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Transpose [{string.Join(", ", Order)}]";

    internal override StridedView View(Shape input, Shape output)
    {
        int[] order = OrderFor(input);
        return new StridedView(new int[input.Rank], order.Map((source, axis) => new Digit(axis, output[axis], source, 1)));
    }

    /// <summary>Whether batch and channels stay where they are.</summary>
    internal bool KeepsChannels(Shape x) => OrderFor(x) is [0, 1, ..];

    /// <summary>Whether the two axes behind the batch change places and all others stay.</summary>
    internal bool SwapsGroups(Shape x) => OrderFor(x) is [0, 2, 1, .. var rest] && rest.SequenceEqual(Enumerable.Range(3, x.Rank - 3));

    private int[] OrderFor(Shape x)
    {
        if (Order.Count == 0)
            return [.. Enumerable.Range(0, x.Rank).Reverse()];
        return Order.Count == x.Rank && Order.Order().SequenceEqual(Enumerable.Range(0, x.Rank))
            ? [.. Order]
            : throw new ShapeException($"order [{string.Join(", ", Order)}] must name each of the {x.Rank} axes of {x} once.");
    }
}
