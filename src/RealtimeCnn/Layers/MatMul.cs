namespace RealtimeCnn.Layers;

/// <summary>
/// The matrix product: <c>y[…, m, n] = Σ over k of a[…, m, k] · b[…, k, n]</c>, as numpy has it: axes before the last two
/// broadcast, and a vector stands for a matrix of one row (left) or one column (right), whose axis is left out of the result.
/// </summary>
/// <exception cref="ShapeException">The inner extents differ, the batch axes do not broadcast, or an input is a scalar.</exception>
/// <remarks>Shapes: <c>[…, M, K], […, K, N] → […, M, N]</c>. Source: ONNX MatMul.</remarks>
public sealed record MatMul : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (2, 2);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        Shape a = inputs[0], b = inputs[1];
        if (a.Rank == 0 || b.Rank == 0)
            throw new ShapeException($"cannot multiply {a} by {b}: a matrix product needs at least vectors.");
        var (left, right, batch) = Matrices(a, b);
        if (left[^1] != right[^2])
            throw new ShapeException($"cannot multiply {a} by {b}: {left[^1]} columns meet {right[^2]} rows.");
        return new Shape([.. batch.ToArray(), .. a.Rank > 1 ? [left[^2]] : Array.Empty<int>(), .. b.Rank > 1 ? [right[^1]] : Array.Empty<int>()]);
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) => (long)output.Count * inputs[0][inputs[0].Rank - 1];

    /// <summary>Rows, inner extent and columns of each product, and the loops over the batch whose steps count matrices.</summary>
    internal static (int Rows, int Inner, int Columns, BroadcastLoop Batch) Geometry(Shape a, Shape b)
    {
        var (left, right, batch) = Matrices(a, b);
        return (left[^2], left[^1], right[^1], BroadcastLoop.Of([new Shape(left.AsSpan(..^2)), new Shape(right.AsSpan(..^2))], batch));
    }

    private static (int[] Left, int[] Right, Shape Batch) Matrices(Shape a, Shape b)
    {
        int[] left = a.Rank == 1 ? [1, a[0]] : a.ToArray(), right = b.Rank == 1 ? [b[0], 1] : b.ToArray();
        return (left, right, Broadcasting.Common(new Shape(left.AsSpan(..^2)), new Shape(right.AsSpan(..^2))));
    }
}
