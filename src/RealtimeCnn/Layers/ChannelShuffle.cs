using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Deals channels out so that groups mix: with g groups of k channels, <c>y[n, i·g + j] = x[n, j·k + i]</c>. It is the
/// transposition of <c>[g, k]</c> channels to <c>[k, g]</c>.
/// </summary>
/// <param name="Groups">Groups the channels are in now, at least 1.</param>
/// <exception cref="ShapeException">The channels cannot be cut into the groups.</exception>
/// <remarks>Shapes: <c>[N, C, …] → [N, C, …]</c>. Source: Zhang et al. 2017, "ShuffleNet", arXiv:1707.01083, section 3.1; PyTorch ChannelShuffle.</remarks>
public sealed record ChannelShuffle(int Groups) : StridedCopyLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {x}.");
        return Groups > 0 && x.Channels % Groups == 0 ? x : throw new ShapeException($"{x.Channels} channels cannot be cut into {Groups} groups.");
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);

    internal override StridedView View(Shape input, Shape output)
    {
        int perGroup = input.Channels / Groups;
        return new StridedView(new int[input.Rank], [.. Enumerable.Range(0, input.Rank).SelectMany(axis => axis == 1
            ? new[] { new Digit(1, perGroup, 1, 1), new Digit(1, Groups, 1, perGroup) }
            : [new Digit(axis, input[axis], axis, 1)])]);
    }
}
