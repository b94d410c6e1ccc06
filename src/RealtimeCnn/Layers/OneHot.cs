namespace RealtimeCnn.Layers;

/// <summary>Writes each index as a vector: <c>y[…, d, …] = on</c> where d is the index, else off, along a new axis.</summary>
/// <param name="Depth">Extent of the new axis, at least 1.</param>
/// <param name="Axis">Where it is in the output, negative from its end.</param>
/// <param name="Off">Value everywhere else.</param>
/// <param name="On">Value at the index.</param>
/// <remarks>Input: whole numbers; negative ones count from Depth, and one outside gives off everywhere. Shapes: <c>[i…] → [i…, Depth]</c>. Source: ONNX OneHot.</remarks>
public sealed record OneHot(int Depth, int Axis = -1, float Off = 0, float On = 1) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (Depth < 1)
            throw new ShapeException($"depth {Depth} must be at least 1.");
        var extents = new List<int>(inputs[0].ToArray());
        extents.Insert(AxisIndex.Resolve(Axis, extents.Count + 1), Depth);
        return new Shape([.. extents]);
    }

    internal override bool HasSlopes(int input) => false;
}
