using RealtimeCnn.Kernels;

namespace RealtimeCnn.Layers;

/// <summary>
/// The mean of each window, in which an element weighs the less the farther it is from the window's centre:
/// <c>y[n,c,oh,ow] = Σ over kh,kw of weight[kh,kw] · x[n,c, oh·SH − top + kh·DH, ow·SW − left + kw·DW] / Σ weight[kh,kw]</c> with
/// <c>weight[kh,kw] = exp(−d² / (2·Sigma²))</c> and d the distance of (kh, kw) from ((KH − 1)/2, (KW − 1)/2), in window elements.
/// Both sums run over the positions inside the input.
/// </summary>
/// <param name="Kernel">Extent of the window, in elements, each at least 1.</param>
/// <param name="Sigma">Standard deviation of the Gaussian, in window elements, above 0; a large one gives the plain mean.</param>
/// <remarks>
/// Shapes: <c>[N, C, H, W] → [N, C, OH, OW]</c> with OH and OW by <see cref="Window.Count"/>. Source: Goodfellow, Bengio and
/// Courville 2016, "Deep Learning", section 9.3 ("a weighted average based on the distance from the central pixel").
/// </remarks>
public sealed record WeightedAveragePool2d(Size2d Kernel, float Sigma) : PoolingLayer(Kernel)
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        if (!(Sigma > 0))
            throw new ShapeException($"standard deviation {Sigma} is not possible: it must be above 0.");
        return base.InferShape(inputs);
    }

    /// <summary>The weights as <c>[KH][KW]</c>.</summary>
    internal PackedWeights PackWeights() => new(new GaussianPacking(this));

    /// <summary>The weights, <c>[KH, KW]</c>, the largest being at most 1.</summary>
    public float[] Weights()
    {
        float[] weights = new float[Kernel.Height * Kernel.Width];
        for (int i = 0; i < weights.Length; i++)
        {
            double vertical = (i / Kernel.Width) - ((Kernel.Height - 1) / 2.0), horizontal = (i % Kernel.Width) - ((Kernel.Width - 1) / 2.0);
            weights[i] = (float)Math.Exp(-((vertical * vertical) + (horizontal * horizontal)) / (2.0 * Sigma * Sigma));
        }

        return weights;
    }
}
