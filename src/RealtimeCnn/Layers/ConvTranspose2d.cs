using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// Transposed convolution: each input element spreads a weighted window over the output,
/// <c>y[n,oc,oh,ow] = f(bias[oc] + Σ over ic,kh,kw of weight[ic,oc,kh,kw] · x[n, ic, (oh + top − kh·DH) / SH, (ow + left − kw·DW) / SW])</c>
/// over the terms in which both divisions leave no remainder and the element exists; ic runs over the group of oc.
/// </summary>
/// <param name="InChannels">Channels of the input, a multiple of <see cref="Groups"/>.</param>
/// <param name="OutChannels">Channels of the output, a multiple of <see cref="Groups"/>.</param>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <remarks>
/// Shapes: x <c>[N, IC, H, W]</c>, weight <c>[IC, OC / Groups, KH, KW]</c>, bias <c>[OC]</c> → <c>[N, OC, OH, OW]</c> with
/// <c>OH = (H − 1)·SH − top − bottom + DH·(KH − 1) + 1 + output padding</c>. With <see cref="Padding2d.SameUpper"/> and
/// <see cref="Padding2d.SameLower"/>, <c>OH = H·SH</c>. Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep
/// learning", arXiv:1603.07285, chapter 4; ONNX ConvTranspose.
/// </remarks>
public sealed record ConvTranspose2d(int InChannels, int OutChannels, Size2d Kernel) : Layer
{
    /// <summary>Step between the windows of neighbouring input elements, in output elements, each at least 1.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Rows and columns of the full result that are cut off at each border.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>Rows and columns added behind, each at least 0 and below the stride or the dilation.</summary>
    public Size2d OutputPadding { get; init; }

    /// <summary>Step between the elements of a window, each at least 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Groups of channels that are convolved apart from each other, at least 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Applied to each sum before it is stored.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters
    {
        get
        {
            // An output element sums, on average, every stride-th element of a window.
            int fanIn = (int)Math.Max(Cost.Product(InChannels / Math.Max(Groups, 1), Kernel.Height, Kernel.Width) / Math.Max((long)Stride.Height * Stride.Width, 1), 1);
            var weight = new ParameterSpec("weight", new Shape(InChannels, OutChannels / Math.Max(Groups, 1), Kernel.Height, Kernel.Width), fanIn);
            return HasBias ? [weight, new ParameterSpec("bias", new Shape(OutChannels))] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (InChannels < 1 || OutChannels < 1 || Groups < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0)
            throw new ShapeException($"{InChannels} input and {OutChannels} output channels cannot be cut into {Groups} groups.");
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        if (x.Channels != InChannels)
            throw new ShapeException($"expects {InChannels} input channels; the input is {x}.");
        var padding = PaddingFor(x);
        int height = Extent(x.Height, Kernel.Height, Stride.Height, Dilation.Height, OutputPadding.Height, padding.Top, padding.Bottom);
        int width = Extent(x.Width, Kernel.Width, Stride.Width, Dilation.Width, OutputPadding.Width, padding.Left, padding.Right);
        return new Shape(x.Batch, OutChannels, height, width);
    }

    /// <inheritdoc/>
    /// <remarks>Row r of the output is fed by the rows i with r = i·stride − padding + k·dilation for some k of the window.</remarks>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output)
    {
        var padding = PaddingFor(input);
        return new ReceptiveField(
            CeilDivide(part.Top + padding.Top - (Dilation.Height * (Kernel.Height - 1)), Stride.Height),
            CeilDivide(part.Left + padding.Left - (Dilation.Width * (Kernel.Width - 1)), Stride.Width),
            -CeilDivide(-(part.Bottom + padding.Top), Stride.Height),
            -CeilDivide(-(part.Right + padding.Left), Stride.Width));
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) =>
        (long)inputs[0].Count * (OutChannels / Groups) * Kernel.Height * Kernel.Width;

    /// <summary>The explicit padding for an input of shape <paramref name="x"/>.</summary>
    public Padding2d PaddingFor(Shape x)
    {
        if (Padding.Rule == PaddingRule.Explicit)
            return Padding;
        int vertical = Surplus(Kernel.Height, Stride.Height, Dilation.Height, OutputPadding.Height);
        int horizontal = Surplus(Kernel.Width, Stride.Width, Dilation.Width, OutputPadding.Width);
        int extra = Padding.Rule == PaddingRule.SameLower ? 1 : 0;
        int top = (vertical + extra) / 2, left = (horizontal + extra) / 2;
        return new Padding2d(top, left, vertical - top, horizontal - left);
    }

    /// <summary>What the full result has beyond stride times the input.</summary>
    private static int Surplus(int kernel, int stride, int dilation, int outputPadding)
    {
        long surplus = (dilation * (kernel - 1L)) + 1 + outputPadding - stride;
        return surplus is >= 0 and <= Window.MaxReach ? (int)surplus : throw new ShapeException(
            $"window of {kernel} with dilation {dilation} and output padding {outputPadding} does not suit stride {stride}: an output of stride times the input needs a window that reaches at least as far, and at most {Window.MaxReach} elements.");
    }

    private static int CeilDivide(int a, int b) => a > 0 ? (a + b - 1) / b : -(-a / b);

    private static int Extent(int length, int kernel, int stride, int dilation, int outputPadding, int before, int after)
    {
        if (kernel < 1 || stride < 1 || dilation < 1 || outputPadding < 0 || outputPadding >= Math.Max(stride, dilation))
            throw new ShapeException($"window of {kernel}, stride {stride}, dilation {dilation} and output padding {outputPadding} is not possible: the first three are at least 1, output padding at least 0 and below the stride or the dilation.");
        long full = ((length - 1L) * stride) + (dilation * (kernel - 1L)) + 1 + outputPadding, extent = full - before - after;
        if (extent <= 0 || length == 0)
            throw new ShapeException($"padding cuts off all of the output: {extent} of an axis with {length} input elements would be left.");
        // Positions of the full result and of the output, and what both backends add to them, stay within 32 bits.
        if (full + stride + dilation > Window.MaxReach - Math.Abs((long)before) - Math.Abs((long)after))
            throw new ShapeException($"window of {kernel}, stride {stride}, dilation {dilation} and padding {before}+{after} over {length} elements reaches farther than the {Window.MaxReach} elements that positions are computed for.");
        return (int)extent;
    }
}
