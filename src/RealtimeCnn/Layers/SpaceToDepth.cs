namespace RealtimeCnn.Layers;

/// <summary>
/// Turns squares of B × B pixels into B² channels: <c>y[n, channel(c, i, j), h, w] = x[n, c, h·B + i, w·B + j]</c>, with the
/// channel by <see cref="Order"/>. It undoes <see cref="DepthToSpace"/>.
/// </summary>
/// <param name="Block">B: side of the squares, in pixels, at least 1.</param>
/// <param name="Order">Which part of the channel index is the position.</param>
/// <exception cref="ShapeException">Height or width is not a multiple of B.</exception>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C·B², H/B, W/B]</c>. Source: ONNX SpaceToDepth (position first); PyTorch PixelUnshuffle (channel first).</remarks>
public sealed record SpaceToDepth(int Block, DepthOrder Order = DepthOrder.PositionFirst) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        if (Block < 1 || x.Height % Block != 0 || x.Width % Block != 0)
            throw new ShapeException($"{x} cannot be cut into squares of {Block}×{Block} pixels.");
        return Shape.Of(x.Batch, Cost.Product(x.Channels, Block, Block), x.Height / Block, x.Width / Block);
    }

    internal override StridedView View(Shape input, Shape output)
    {
        Digit channel = new(1, input.Channels, 1, 1), row = new(1, Block, 2, 1), column = new(1, Block, 3, 1);
        Digit[] channels = Order == DepthOrder.PositionFirst ? [row, column, channel] : [channel, row, column];
        return new StridedView(new int[4], [new Digit(0, input.Batch, 0, 1), .. channels, new Digit(2, output.Height, 2, Block), new Digit(3, output.Width, 3, Block)]);
    }
}
