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
                var part = field.Through(each.Layer, i, shapes[source], shapes[each]);
                seen[source] = seen.TryGetValue(source, out var other) ? part.Union(other) : part;
            }
        }

        return seen.GetValueOrDefault(input, new ReceptiveField(0, 0, -1, -1));
    }

    /// <summary>What a rectangle of a layer's output sees of one of its inputs: all of it where the layer looks everywhere, or is not listed here.</summary>
    private ReceptiveField Through(Layer layer, int index, Shape input, Shape output)
    {
        switch (layer)
        {
            case ConvolutionLayer convolution when index == 0:
                return Windows(convolution.PaddingFor(input), convolution.Kernel, convolution.Stride, convolution.Dilation);
            case PoolingLayer pooling:
                return Windows(pooling.PaddingFor(input), pooling.Kernel, pooling.Stride, pooling.Dilation);
            case LocallyConnected2d unshared:
                return Windows(unshared.Padding.For(new Size2d(input.Height, input.Width), unshared.Kernel, unshared.Stride, unshared.Dilation), unshared.Kernel, unshared.Stride, unshared.Dilation);
            case ConvTranspose2d transposed:
                return TransposedWindows(transposed, transposed.PaddingFor(input));
            case Pad { Before: [_, _, var top, var left] }:
                return new ReceptiveField(Top - top, Left - left, Bottom - top, Right - left);
            case ConvolutionLayer or ActivationLayer or UnaryLayer or BinaryLayer or PRelu or BatchNorm2d or Dropout or Identity or Lrn or InputNormalization or Maxout or ChannelShuffle or Concat { Axis: 1 }:
                // A broadcast input has one row or column, which every unit sees.
                var (first, last) = input.Height == output.Height ? (Top, Bottom) : (0, input.Height - 1);
                var (west, east) = input.Width == output.Width ? (Left, Right) : (0, input.Width - 1);
                return new ReceptiveField(first, west, last, east);
            case AdaptivePoolingLayer { OutputSize: var size }:
                return new ReceptiveField(
                    Top * input.Height / size.Height, Left * input.Width / size.Width,
                    (((Bottom + 1) * input.Height) - 1) / size.Height, (((Right + 1) * input.Width) - 1) / size.Width);
            case NodeOutput or Split { Axis: 0 or 1 }:
                return this;
            case Slice { Ranges: var ranges } when ranges.All(range => range.Axis is 0 or 1):
                return this;
            default:
                return new ReceptiveField(0, 0, input.Height - 1, input.Width - 1);
        }
    }

    private ReceptiveField Windows(Padding2d padding, Size2d kernel, Size2d stride, Size2d dilation) => new(
        (Top * stride.Height) - padding.Top,
        (Left * stride.Width) - padding.Left,
        (Bottom * stride.Height) - padding.Top + (dilation.Height * (kernel.Height - 1)),
        (Right * stride.Width) - padding.Left + (dilation.Width * (kernel.Width - 1)));

    /// <summary>Row r of the output is fed by the rows i with r = i·stride − padding + k·dilation for some k of the window.</summary>
    private ReceptiveField TransposedWindows(ConvTranspose2d layer, Padding2d padding) => new(
        CeilDivide(Top + padding.Top - (layer.Dilation.Height * (layer.Kernel.Height - 1)), layer.Stride.Height),
        CeilDivide(Left + padding.Left - (layer.Dilation.Width * (layer.Kernel.Width - 1)), layer.Stride.Width),
        -CeilDivide(-(Bottom + padding.Top), layer.Stride.Height),
        -CeilDivide(-(Right + padding.Left), layer.Stride.Width));

    private static int CeilDivide(int a, int b) => a > 0 ? (a + b - 1) / b : -(-a / b);
}
