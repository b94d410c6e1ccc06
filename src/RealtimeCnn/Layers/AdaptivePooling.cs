using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// What layers share that pool any input to a fixed size: output row i sees the input rows from <c>floor(i·H / OH)</c> up to, not
/// including, <c>ceil((i + 1)·H / OH)</c>; columns likewise. Windows may overlap by one row, or repeat rows when OH exceeds H.
/// </summary>
/// <param name="OutputSize">Height and width of the output, in elements, each at least 1.</param>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c>. Source: PyTorch AdaptiveAvgPool2d; He et al. 2014, "Spatial Pyramid Pooling", arXiv:1406.4729.</remarks>
public abstract record AdaptivePoolingLayer(Size2d OutputSize) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (OutputSize.Height < 1 || OutputSize.Width < 1)
            throw new ShapeException($"output size {OutputSize} is not possible: height and width are at least 1.");
        if (x.Rank != 4 || x.Area == 0)
            throw new ShapeException($"input must be [N, C, H, W] and not empty; it is {x}.");
        if ((OutputSize.Height + 1L) * x.Height > Window.MaxReach || (OutputSize.Width + 1L) * x.Width > Window.MaxReach)
            throw new ShapeException($"an output of {OutputSize} from {x} is too large: input times output extent is at most {Window.MaxReach} along each axis.");
        return new Shape(x.Batch, x.Channels, OutputSize.Height, OutputSize.Width);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => new(
        part.Top * input.Height / OutputSize.Height, part.Left * input.Width / OutputSize.Width,
        (((part.Bottom + 1) * input.Height) - 1) / OutputSize.Height, (((part.Right + 1) * input.Width) - 1) / OutputSize.Width);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) =>
        Cost.Product(output.Count, (inputs[0].Height / output.Height) + 2, (inputs[0].Width / output.Width) + 2);
}

/// <summary>The mean of each window of an adaptive grid: <inheritdoc cref="AdaptivePoolingLayer" path="/summary"/></summary>
/// <param name="OutputSize">Height and width of the output, in elements, each at least 1.</param>
public sealed record AdaptiveAveragePool2d(Size2d OutputSize) : AdaptivePoolingLayer(OutputSize);

/// <summary>The largest element of each window of an adaptive grid (NaN wins): <inheritdoc cref="AdaptivePoolingLayer" path="/summary"/></summary>
/// <param name="OutputSize">Height and width of the output, in elements, each at least 1.</param>
public sealed record AdaptiveMaxPool2d(Size2d OutputSize) : AdaptivePoolingLayer(OutputSize);
