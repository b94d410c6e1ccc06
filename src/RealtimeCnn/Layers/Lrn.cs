using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Local response normalisation across channels: <c>y[n,c,h,w] = x[n,c,h,w] / (Bias + Alpha / Size · Σ over d of x[n,d,h,w]²)^Beta</c>,
/// d from <c>c − floor((Size − 1) / 2)</c> to <c>c + ceil((Size − 1) / 2)</c> where there is such a channel.
/// </summary>
/// <param name="Size">Channels in the window, at least 1.</param>
/// <remarks>
/// Shapes: <c>[N, C, any further axes]</c> → the same. Source: Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification with
/// Deep Convolutional Neural Networks", section 3.3 (there without the division by Size); ONNX LRN.
/// </remarks>
public sealed record Lrn(int Size) : Layer
{
    /// <summary>Weight of the squares.</summary>
    public float Alpha { get; init; } = 1e-4f;

    /// <summary>The exponent.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>What is added to the sum of squares, above 0 so that no power of zero occurs.</summary>
    public float Bias { get; init; } = 1;

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (inputs[0].Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {inputs[0]}.");
        if (Size < 1 || !(Alpha >= 0) || !(Bias > 0))
            throw new ShapeException($"size {Size}, alpha {Alpha} and bias {Bias} are not possible: the size is at least 1, alpha at least 0, the bias above 0.");
        return inputs[0];
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(output.Count, Math.Min(Size, 2L * output.Channels) + 16);
}
