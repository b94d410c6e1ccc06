using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>Keeps the largest of each group of neighbouring channels: <c>y[n,c,…] = max over j &lt; Pieces of x[n, c·Pieces + j, …]</c>. NaN wins.</summary>
/// <param name="Pieces">Channels in a group, at least 1; must divide the channels of the input.</param>
/// <remarks>Shapes: <c>[N, C, any further axes] → [N, C / Pieces, …]</c>. Source: Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.</remarks>
public sealed record Maxout(int Pieces) : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank < 2)
            throw new ShapeException($"input must be [N, C, …]; it is {x}.");
        if (Pieces < 1 || x.Channels % Pieces != 0)
            throw new ShapeException($"the channels of {x} cannot be cut into groups of {Pieces}.");
        return x.With(1, x.Channels / Pieces);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.SamePlace(input, output);
}
