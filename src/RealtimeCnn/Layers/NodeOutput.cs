using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// One output of a node that has several, as a value of its own: the node itself stands for its first output. Nothing is
/// computed or copied.
/// </summary>
/// <param name="Index">Number of the output, from 0.</param>
/// <remarks>Shapes: those of the node's output (<see cref="Layer.InferShapes"/>).</remarks>
public sealed record NodeOutput(int Index) : Layer
{
    /// <summary>The shape of the output, given those of all outputs of the node before.</summary>
    /// <exception cref="ShapeException">There is no such output.</exception>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => (uint)Index < (uint)inputs.Length
        ? inputs[Index]
        : throw new ShapeException($"output {Index} does not exist: the layer before has {inputs.Length}.");

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part;
}
