using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// The part of an input that one unit of a feature map can see. Windows at the border reach over it: rows and columns may be
/// negative or lie behind the last one, so that the size is that of a unit far from any border.
/// </summary>
/// <param name="Top">First row, 0 at the top of the input.</param>
/// <param name="Left">First column.</param>
/// <param name="Bottom">Last row.</param>
/// <param name="Right">Last column.</param>
/// <remarks>Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", Distill.</remarks>
public readonly record struct ReceptiveField(int Top, int Left, int Bottom, int Right)
{
    /// <summary>Rows it has; 0 where the unit does not depend on the input.</summary>
    public int Height => Bottom - Top + 1;

    /// <summary>Columns it has; 0 where the unit does not depend on the input.</summary>
    public int Width => Right - Left + 1;

    /// <summary>Whether a unit with this field can depend on the element at a row and a column.</summary>
    public bool Contains(int row, int column) => row >= Top && row <= Bottom && column >= Left && column <= Right;

    /// <inheritdoc/>
    public override string ToString() => Height == 0 ? "nothing" : $"{Height}×{Width} from ({Top}, {Left}) to ({Bottom}, {Right})";

    /// <summary>All of an input: what a layer sees that looks everywhere.</summary>
    /// <param name="input">Shape of the input.</param>
    public static ReceptiveField Whole(Shape input) => new(0, 0, input.Height - 1, input.Width - 1);

    /// <summary>What windows see that slide over an input, where this is the part of their output.</summary>
    /// <param name="padding">Explicit padding.</param>
    /// <param name="kernel">Extent of the window, in elements.</param>
    /// <param name="stride">Step between windows, in elements.</param>
    /// <param name="dilation">Step between the elements of a window.</param>
    public ReceptiveField Windows(Padding2d padding, Size2d kernel, Size2d stride, Size2d dilation) => new(
        (Top * stride.Height) - padding.Top,
        (Left * stride.Width) - padding.Left,
        (Bottom * stride.Height) - padding.Top + (dilation.Height * (kernel.Height - 1)),
        (Right * stride.Width) - padding.Left + (dilation.Width * (kernel.Width - 1)));

    /// <summary>The same rows and columns; all of them along an axis that is broadcast, where every unit sees the one there is.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <param name="output">Shape of the output, of which this is the part.</param>
    public ReceptiveField SamePlace(Shape input, Shape output)
    {
        var (top, bottom) = input.Height == output.Height ? (Top, Bottom) : (0, input.Height - 1);
        var (left, right) = input.Width == output.Width ? (Left, Right) : (0, input.Width - 1);
        return new ReceptiveField(top, left, bottom, right);
    }

    /// <summary>The smallest rectangle around both.</summary>
    internal ReceptiveField Union(ReceptiveField other) =>
        new(Math.Min(Top, other.Top), Math.Min(Left, other.Left), Math.Max(Bottom, other.Bottom), Math.Max(Right, other.Right));

    /// <summary>What the unit (<paramref name="row"/>, <paramref name="column"/>) of <paramref name="node"/> sees of <paramref name="input"/>.</summary>
    internal static ReceptiveField Of(Graph graph, Node node, int row, int column, Node input, IReadOnlyDictionary<Node, Shape> shapes)
    {
        var seen = new Dictionary<Node, ReceptiveField> { [node] = new(row, column, row, column) };
        foreach (var each in graph.Nodes.Reverse())
        {
            if (!seen.TryGetValue(each, out var field))
                continue;
            for (int i = 0; i < each.Inputs.Count; i++)
            {
                var source = each.Inputs[i];
                var part = each.Layer.Sees(field, i, shapes[source], shapes[each]);
                seen[source] = seen.TryGetValue(source, out var other) ? part.Union(other) : part;
            }
        }

        return seen.GetValueOrDefault(input, new ReceptiveField(0, 0, -1, -1));
    }
}
