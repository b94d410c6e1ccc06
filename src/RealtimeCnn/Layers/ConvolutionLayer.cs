using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// What all convolutions share: each output element is a weighted sum over a window of the input,
/// <c>y[n,oc,oh,ow] = f(bias[oc] + Σ weight[oc,ic,kh,kw] · x[n, g·ICg + ic, oh·SH − top + kh·DH, ow·SW − left + kw·DW] (+ r[n,oc,oh,ow]))</c>,
/// with g the group of oc and ICg the input channels of a group. (This is cross-correlation, as everywhere in the field.)
/// </summary>
/// <param name="InChannels">Channels of the input, at least 1.</param>
/// <param name="OutChannels">Channels of the output, at least 1.</param>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
public abstract record ConvolutionLayer(int InChannels, int OutChannels, Size2d Kernel) : Layer
{
    /// <summary>Step between windows, in elements, each at least 1.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Rows and columns that windows reach over each border.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>What lies over the border.</summary>
    public PaddingMode PaddingMode { get; init; }

    /// <summary>Step between the elements of a window, each at least 1.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Whether a bias is added to each output channel.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether a second input, of the output's shape, is added before the activation (a residual connection).</summary>
    public bool AddsResidual { get; init; }

    /// <summary>Applied to each sum before it is stored.</summary>
    public Activation Activation { get; init; }

    /// <summary>Groups of channels that are convolved apart from each other.</summary>
    public abstract int GroupCount { get; }

    /// <inheritdoc/>
    public override (int Fewest, int Most) InputCount => AddsResidual ? (2, 2) : (1, 1);

    /// <summary>Input channels that one output channel sees.</summary>
    public int ChannelsPerGroup => InChannels / Math.Max(GroupCount, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters
    {
        get
        {
            int fanIn = ChannelsPerGroup * Kernel.Height * Kernel.Width;
            var weight = new ParameterSpec("weight", new Shape(OutChannels, ChannelsPerGroup, Kernel.Height, Kernel.Width), fanIn);
            return HasBias ? [weight, new ParameterSpec("bias", new Shape(OutChannels))] : [weight];
        }
    }

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (InChannels < 1 || OutChannels < 1 || GroupCount < 1 || InChannels % GroupCount != 0 || OutChannels % GroupCount != 0)
            throw new ShapeException($"{InChannels} input and {OutChannels} output channels cannot be cut into {GroupCount} groups.");
        if (x.Rank != 4)
            throw new ShapeException($"input must be [N, C, H, W]; it is {x}.");
        if (x.Channels != InChannels)
            throw new ShapeException($"expects {InChannels} input channels; the input is {x}.");

        var padding = PaddingFor(x);
        if (PaddingMode == PaddingMode.Reflect && (Math.Max(padding.Top, padding.Bottom) >= x.Height || Math.Max(padding.Left, padding.Right) >= x.Width))
            throw new ShapeException($"reflect padding {padding} must be smaller than the input {x}.");
        var size = Window.Grid(new Size2d(x.Height, x.Width), Kernel, Stride, padding, Dilation);
        var output = new Shape(x.Batch, OutChannels, size.Height, size.Width);
        if (AddsResidual && inputs[1] != output)
            throw new ShapeException($"the residual input is {inputs[1]}; it must have the output's shape {output}.");
        return output;
    }

    /// <inheritdoc/>
    public override ReceptiveField Sees(ReceptiveField part, int index, Shape input, Shape output) => index == 0 ? part.Windows(PaddingFor(input), Kernel, Stride, Dilation) : part;

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ReadOnlySpan<Shape> inputs, Shape output) =>
        (long)output.Count * ChannelsPerGroup * Kernel.Height * Kernel.Width;

    /// <summary>The explicit padding for an input of shape <paramref name="x"/>.</summary>
    public Padding2d PaddingFor(Shape x) => Padding.For(new Size2d(x.Height, x.Width), Kernel, Stride, Dilation);
}
