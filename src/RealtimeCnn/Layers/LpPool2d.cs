using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Layers;

/// <summary>
/// The Lp norm of each window: <c>y[n,c,oh,ow] = (Σ over kh,kw of |x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW]|^P)^(1/P)</c>.
/// Positions outside the input add nothing.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <param name="P">The exponent, finite and at least 1; 2 is the Euclidean norm.</param>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. Source: Sermanet et al. 2012,
/// "Convolutional Neural Networks Applied to House Numbers Digit Classification", arXiv:1204.3968; ONNX LpPool.
/// </remarks>
public sealed record LpPool2d(Size2d Kernel, float P = 2) : PoolingLayer(Kernel)
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        CheckExponent(P);
        return base.InferShape(inputs);
    }

    private protected override long StepsPerElement => P is 1 or 2 ? 1 : 16;

    internal static void CheckExponent(float p)
    {
        if (!(p >= 1 && float.IsFinite(p)))
            throw new ShapeException($"exponent {p} is not possible: an Lp norm needs a finite one of at least 1. For the largest magnitude, take a max pooling of Abs.");
    }

    internal override CpuDispatch PlanCpu(LayerCall call) => PoolingKernel.Plan<LpPooling>(PoolingGeometry.Of(this, call) with { P = P });
}
