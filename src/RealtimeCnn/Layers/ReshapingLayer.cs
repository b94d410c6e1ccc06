namespace RealtimeCnn.Layers;

/// <summary>
/// What all layers share that give their input another shape with the elements in the same row-major order. No memory is
/// touched: the output is an alias of the input. It stays channel-blocked where both shapes have the same batch, channels and
/// area, such as <c>[N, C, 1, 1] → [N, C]</c>.
/// </summary>
public abstract record ReshapingLayer : Layer
{
    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 0;
}
