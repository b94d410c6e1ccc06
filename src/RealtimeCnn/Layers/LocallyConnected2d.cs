using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Layers;

/// <summary>
/// A convolution without parameter sharing: every output pixel has a kernel and biases of its own,
/// <c>y[n,oc,oh,ow] = f(bias[oc,oh,ow] + Σ over ic,kh,kw of weight[oh,ow,oc,ic,kh,kw] · x[n, ic, oh·SH − top + kh·DH, ow·SW − left + kw·DW])</c>.
/// With all kernels equal it is <see cref="Conv2d"/>. A position outside the input counts as zero.
/// </summary>
/// <param name="InChannels">Channels of the input, at least 1.</param>
/// <param name="OutChannels">Channels of the output, at least 1.</param>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <param name="InputSize">Height and width of the input, in elements: the number of kernels follows from it, so other sizes are errors.</param>
/// <remarks>
/// Shapes: x <c>[N, IC, H, W]</c>, weight <c>[OH, OW, OC, IC, KH, KW]</c>, bias <c>[OC, OH, OW]</c> → <c>[N, OC, OH, OW]</c> with OH and
/// OW by <see cref="Window.Count"/>. Source: Taigman et al. 2014, "DeepFace", section 3.2; Goodfellow, Bengio and Courville 2016,
/// "Deep Learning", section 9.5.
/// </remarks>
public sealed record LocallyConnected2d(int InChannels, int OutChannels, Size2d Kernel, Size2d InputSize) : Layer
{
    /// <summary>Step between windows, in elements, each at least 1.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Rows and columns that windows reach over each border.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>Step between the elements of a window, each at least 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Whether a bias is added to each output element.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Applied to each sum before it is stored.</summary>
    public Activation Activation { get; init; }

    /// <summary>Height and width of the output.</summary>
    public Size2d OutputSize => Window.Grid(InputSize, Kernel, Stride, ExplicitPadding, Dilation);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters
    {
        get
        {
            var size = OutputSize;
            var weight = new ParameterSpec(
                "weight", new Shape(size.Height, size.Width, OutChannels, InChannels, Kernel.Height, Kernel.Width), InChannels * Kernel.Height * Kernel.Width);
            return HasBias ? [weight, new ParameterSpec("bias", new Shape(OutChannels, size.Height, size.Width))] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (InChannels < 1 || OutChannels < 1)
            throw new ShapeException($"{InChannels} input and {OutChannels} output channels are not possible: both are at least 1.");
        if (x.Rank != 4 || x.Channels != InChannels || x.Height != InputSize.Height || x.Width != InputSize.Width)
            throw new ShapeException($"has kernels for inputs [N, {InChannels}, {InputSize.Height}, {InputSize.Width}]; the input is {x}.");
        return new Shape(x.Batch, OutChannels, OutputSize.Height, OutputSize.Width);
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => part.Windows(ExplicitPadding, Kernel, Stride, Dilation);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) =>
        (long)output.Count * InChannels * Kernel.Height * Kernel.Width;

    internal Padding2d ExplicitPadding => Padding.For(InputSize, Kernel, Stride, Dilation);

    /// <summary>Weights as <c>[oc/block][oh][ow][kh][kw][ic][block]</c>, ic rounded up to a multiple of <paramref name="align"/>.</summary>
    internal PackedWeights PackWeights(LayerCall call, int block, int align) => new(
        new LocalWeightPacking(OutputSize.Height * OutputSize.Width, OutChannels, InChannels, Kernel.Height * Kernel.Width, block, BlockedLayout.Blocks(InChannels, align) * align),
        call.Parameters[0]);

    /// <summary>Biases as one blocked picture, zero behind the last channel and where the layer has none.</summary>
    internal PackedWeights PackBias(LayerCall call, int block)
    {
        var packing = new PicturePacking(new Shape(1, OutChannels, OutputSize.Height, OutputSize.Width), block);
        return HasBias ? new(packing, call.Parameters[1]) : new(new FillPacking(packing.Elements, 0));
    }
}
