namespace RealtimeCnn.Layers;

/// <summary>Which part of the channel index becomes the position inside a square.</summary>
public enum DepthOrder
{
    /// <summary>Depth, column, row: <c>x[n, (i·B + j)·C + c, h, w]</c>, the position is the slow part.</summary>
    PositionFirst,

    /// <summary>Column, row, depth: <c>x[n, c·B² + i·B + j, h, w]</c>, the position is the fast part (PyTorch's PixelShuffle).</summary>
    ChannelFirst,
}

/// <summary>
/// Turns groups of B² channels into squares of B × B pixels: <c>y[n, c, h·B + i, w·B + j] = x[n, channel(c, i, j), h, w]</c>, with
/// the channel by <see cref="Order"/>.
/// </summary>
/// <param name="Block">B: side of the squares, in pixels, at least 1.</param>
/// <param name="Order">Which part of the channel index is the position.</param>
/// <exception cref="ShapeException">The channels are not a multiple of B².</exception>
/// <remarks>
/// Shapes: <c>[N, C·B², H, W] → [N, C, H·B, W·B]</c>. Source: Shi et al. 2016, "Real-Time Single Image and Video
/// Super-Resolution", arXiv:1609.05158; ONNX DepthToSpace (DCR, CRD).
/// </remarks>
public sealed record DepthToSpace(int Block, DepthOrder Order = DepthOrder.PositionFirst) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        long square = (long)Block * Block;
        if (Block < 1 || x.Channels % square != 0)
            throw new ShapeException($"{x.Channels} channels cannot be cut into squares of {Block}×{Block} pixels.");
        return Shape.Of(x.Batch, x.Channels / square, (long)x.Height * Block, (long)x.Width * Block);
    }

    internal override StridedView View(Shape input, Shape output)
    {
        bool positionFirst = Order == DepthOrder.PositionFirst;
        int column = positionFirst ? output.Channels : 1;
        return new StridedView(new int[4],
        [
            new Digit(0, input.Batch, 0, 1),
            new Digit(1, output.Channels, 1, positionFirst ? 1 : Block * Block),
            new Digit(2, input.Height, 2, 1), new Digit(2, Block, 1, column * Block),
            new Digit(3, input.Width, 3, 1), new Digit(3, Block, 1, column),
        ]);
    }
}
