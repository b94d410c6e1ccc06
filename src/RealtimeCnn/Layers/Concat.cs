using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Puts tensors one behind the other along an axis; the other axes are equal.</summary>
/// <param name="Axis">The axis, negative from the end; 1 for channels.</param>
/// <exception cref="ShapeException">The axis does not exist, or the inputs differ along another one.</exception>
/// <remarks>Inputs: at least 1. Shapes: <c>[N, C1, H, W], [N, C2, H, W] … → [N, C1 + C2 + …, H, W]</c> for axis 1. Source: ONNX Concat.</remarks>
public sealed record Concat(int Axis = 1) : Layer
{
    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => (1, int.MaxValue);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var first = inputs[0];
        int axis = AxisIndex.Resolve(Axis, first.Rank);
        long extent = 0;
        foreach (var input in inputs)
        {
            if (input.Rank != first.Rank || input.With(axis, first[axis]) != first)
                throw new ShapeException($"inputs {string.Join(", ", inputs.ToArray())} must be equal along all axes but axis {axis}.");
            extent += input[axis];
        }

        return first.With(axis, extent);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => Axis == 1 ? part.SamePlace(input, output) : ReceptiveField.Whole(input);
}
