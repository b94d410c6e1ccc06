using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>What a <see cref="Pad"/> puts around its input.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The nearest element: <c>a a | a b c | c c</c>.</summary>
    Edge,

    /// <summary>The input mirrored at its border elements, which are not repeated: <c>c b | a b c | b a</c>.</summary>
    Reflect,

    /// <summary>The input again: <c>b c | a b c | a b</c>.</summary>
    Wrap,
}

/// <summary>
/// Adds elements around the input, or with negative numbers cuts them off:
/// <c>y[i…] = x[source(i − before)…]</c> with the source by <see cref="Mode"/>. An axis is cut first and then padded.
/// </summary>
/// <param name="Before">Elements in front, for each axis; negative ones cut.</param>
/// <param name="After">Elements behind, for each axis; negative ones cut.</param>
/// <remarks>Shapes: any → each axis longer by before + after. Source: ONNX Pad-19.</remarks>
public sealed record Pad(IReadOnlyList<int> Before, IReadOnlyList<int> After) : Layer
{
    /// <summary>What is added.</summary>
    public PadMode Mode { get; init; }

    /// <summary>The value of <see cref="PadMode.Constant"/>.</summary>
    public float Value { get; init; }

    /// <summary>Rows and columns around a picture.</summary>
    /// <param name="padding">Explicit padding, in elements.</param>
    public static Pad Spatial(Padding2d padding) => new([0, 0, padding.Top, padding.Left], [0, 0, padding.Bottom, padding.Right]);

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (Before.Count != x.Rank || After.Count != x.Rank)
            throw new ShapeException($"has {Before.Count} numbers for the front and {After.Count} for the back; the input {x} has {x.Rank} axes.");
        long[] extents = new long[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            long kept = x[axis] + Math.Min(Before[axis], 0L) + Math.Min(After[axis], 0L);
            long added = Math.Max(Before[axis], 0L) + Math.Max(After[axis], 0L);
            if (kept < 0)
                throw new ShapeException($"cuts {-Math.Min(Before[axis], 0L)} and {-Math.Min(After[axis], 0L)} elements off axis {axis} of {x}, more than there are.");
            if (kept == 0 && added > 0 && Mode != PadMode.Constant)
                throw new ShapeException($"axis {axis} of {x} has no element left to repeat; only a constant can be added.");
            extents[axis] = kept + added;
        }

        return Shape.Of(extents);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => Before is [_, _, var top, var left] && Mode != PadMode.Wrap
        ? new ReceptiveField(part.Top - top, part.Left - left, part.Bottom - top, part.Right - left)
        : ReceptiveField.Whole(input);

    /// <inheritdoc/>
    public override string ToString() => $"Pad {Mode}{(Mode == PadMode.Constant ? $" {Value}" : "")} [{string.Join(", ", Before)}] before, [{string.Join(", ", After)}] behind";

    /// <summary>The element that a position reads, or −1 for the constant.</summary>
    internal static int Source(int index, int length, PadMode mode) => mode switch
    {
        PadMode.Edge => Window.Source(index, length, PaddingMode.Replicate),
        PadMode.Reflect => Window.Source(index, length, PaddingMode.Reflect),
        PadMode.Wrap => index % length is var rest && rest < 0 ? rest + length : rest,
        _ => Window.Source(index, length, PaddingMode.Zero),
    };

    /// <summary>What kernels need to know; an element is a float, or one vector of a blocked tensor.</summary>
    internal PadAxes Axes(LayerCall call, int block)
    {
        Shape x = call.Input.Shape, y = call.Output.Shape;
        var axes = new PadAxes { Rank = x.Rank };
        int stride = 1;
        for (int axis = x.Rank - 1; axis >= 0; axis--)
        {
            bool isBlocks = axis == 1 && call.Input.Layout == Layout.Blocked;
            int length = isBlocks ? BlockedLayout.Blocks(x[axis], block) : x[axis];
            axes.First += Math.Max(-Before[axis], 0) * stride;
            axes[axis] = new PadAxis(
                isBlocks ? length : y[axis], length + Math.Min(Before[axis], 0) + Math.Min(After[axis], 0), Math.Max(Before[axis], 0), stride);
            stride *= length;
        }

        return axes;
    }
}
