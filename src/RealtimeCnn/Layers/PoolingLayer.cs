using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>What all pooling layers with a sliding window share. Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c>.</summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
public abstract record PoolingLayer(Size2d Kernel) : Layer
{
    /// <summary>Step between windows, in elements, each at least 1; the window's extent by default, so that windows lie side by side.</summary>
    public Size2d Stride { get; init; } = Kernel;

    /// <summary>Rows and columns that windows reach over each border; smaller than the window, so that each window sees an element.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>Step between the elements of a window, each at least 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Whether a last window that hangs over the end counts.</summary>
    public bool CeilMode { get; init; }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        var padding = PaddingFor(x);
        long reachHeight = Dilation.Height * (Kernel.Height - 1L), reachWidth = Dilation.Width * (Kernel.Width - 1L);
        if (Math.Max(padding.Top, padding.Bottom) > reachHeight || Math.Max(padding.Left, padding.Right) > reachWidth)
            throw new ShapeException($"padding {padding} must be smaller than the window {Kernel}: a window would see no element of {x}.");
        var size = Window.Grid(new Size2d(x.Height, x.Width), Kernel, Stride, padding, Dilation, CeilMode);
        return new Shape(x.Batch, x.Channels, size.Height, size.Width);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.Windows(PaddingFor(input), Kernel, Stride, Dilation);

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs, Shape output) => Cost.Product(output.Count, StepsPerElement, Math.Min(Kernel.Height, inputs[0].Height), Math.Min(Kernel.Width, inputs[0].Width));

    /// <summary>What an element of a window costs, in steps of <see cref="Operations"/>.</summary>
    private protected virtual long StepsPerElement => 1;

    /// <summary>The explicit padding for an input of shape <paramref name="x"/>.</summary>
    public Padding2d PaddingFor(Shape x) => Padding.For(new Size2d(x.Height, x.Width), Kernel, Stride, Dilation);
}
