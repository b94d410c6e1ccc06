namespace RealtimeCnn.Layers;

/// <summary>Rearranges a row-major tensor into channel blocks. Inserted by the layout pass, never by users.</summary>
internal sealed record ToBlocked : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}

/// <summary>Rearranges channel blocks into a row-major tensor. Inserted by the layout pass, never by users.</summary>
internal sealed record ToPlain : Layer
{
    public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
}
