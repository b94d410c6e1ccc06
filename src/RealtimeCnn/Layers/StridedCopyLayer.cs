namespace RealtimeCnn.Layers;

/// <summary>What all layers share that only move elements: each element of the output is one of the input, found by a <see cref="StridedView"/>.</summary>
public abstract record StridedCopyLayer : Layer
{
    /// <summary>Where each element of the output is found.</summary>
    internal abstract StridedView View(Shape input, Shape output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => 2L * output.Count;
}
