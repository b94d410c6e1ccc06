using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Layers;

/// <summary>
/// The generalized mean of each window: <c>y[n,c,oh,ow] = (Σ over kh,kw of max(x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW], Epsilon)^p[c] / count)^(1/p[c])</c>
/// over the positions inside the input. p = 1 is the mean, p → ∞ approaches the maximum.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <param name="Exponents">Values of the parameter p: 1 for the whole layer, or one for each channel.</param>
/// <remarks>
/// Shapes: x <c>[N, C, H, W]</c>, p <c>[Exponents]</c>, each above 0 → <c>[N, C, OH, OW]</c> with OH and OW by
/// <see cref="Window.Count"/>. Zeros and negative numbers count as <see cref="Epsilon"/>; 0 where a dilated window sees no element.
/// Source: Radenović, Tolias and Chum 2018, "Fine-tuning CNN Image Retrieval with No Human Annotation", arXiv:1711.02512, section 3.2.
/// </remarks>
public sealed record GemPool2d(Size2d Kernel, int Exponents = 1) : PoolingLayer(Kernel)
{
    /// <summary>The exponent that networks start with.</summary>
    internal const float InitialExponent = 3;

    /// <summary>Smallest base of a power, above 0.</summary>
    public float Epsilon { get; init; } = 1e-6f;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new("p", new Shape(Exponents), Initial: InitialExponent)];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        CheckParameters(Exponents, Epsilon, inputs[0]);
        return base.InferShape(inputs);
    }

    private protected override long StepsPerElement => 16;

    internal static void CheckParameters(int exponents, float epsilon, Shape x)
    {
        if (exponents != 1 && exponents != x.Channels)
            throw new ShapeException($"has {exponents} exponents; the input {x} needs 1 or {x.Channels}.");
        if (!(epsilon > 0))
            throw new ShapeException($"epsilon {epsilon} is not possible: the smallest base of a power must be above 0.");
    }

    /// <summary>One exponent for each channel in whole blocks.</summary>
    internal static PackedWeights PackExponents(LayerCall call, int block) => new(new ChannelPacking(call.Input.Shape.Channels, block), call.Parameters[0]);
}

/// <summary>The generalized mean of each channel: <c>y[n,c] = (Σ over h,w of max(x[n,c,h,w], Epsilon)^p[c] / (H·W))^(1/p[c])</c>.</summary>
/// <param name="Exponents">Values of the parameter p: 1 for the whole layer, or one for each channel.</param>
/// <remarks>
/// Shapes: x <c>[N, C, H, W]</c>, p <c>[Exponents]</c>, each above 0 → <c>[N, C, 1, 1]</c>. Source: Radenović, Tolias and Chum 2018,
/// "Fine-tuning CNN Image Retrieval with No Human Annotation", arXiv:1711.02512, section 3.2.
/// </remarks>
public sealed record GlobalGemPool(int Exponents = 1) : GlobalPoolingLayer
{
    /// <summary>Smallest base of a power, above 0.</summary>
    public float Epsilon { get; init; } = 1e-6f;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters => [new("p", new Shape(Exponents), Initial: GemPool2d.InitialExponent)];

    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        GemPool2d.CheckParameters(Exponents, Epsilon, inputs[0]);
        return base.InferShape(inputs);
    }
}
