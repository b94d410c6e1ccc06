namespace RealtimeCnn.Layers;

/// <summary>What all layers that reduce each channel to one number share. Shapes: <c>[N, C, spatial axes…] → [N, C, 1, …, 1]</c>.</summary>
public abstract record GlobalPoolingLayer : Layer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var x = inputs[0];
        if (x.Rank < 3 || x.Area == 0)
            throw new ShapeException($"input must be [N, C, H, W] (or have another number of axes behind the channels) and not empty; it is {x}.");
        int[] extents = x.ToArray();
        extents.AsSpan(2).Fill(1);
        return new Shape(extents);
    }
}

/// <summary>The mean of each channel: <c>y[n,c] = Σ over h,w of x[n,c,h,w] / (H·W)</c>.</summary>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, 1, 1]</c>. Source: Lin et al. 2013, "Network In Network", arXiv:1312.4400, section 3.2; ONNX GlobalAveragePool.</remarks>
public sealed record GlobalAveragePool : GlobalPoolingLayer;

/// <summary>The largest element of each channel: <c>y[n,c] = max over h,w of x[n,c,h,w]</c>. NaN wins.</summary>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, 1, 1]</c>. Source: Oquab et al. 2015, "Is object localization for free?"; ONNX GlobalMaxPool.</remarks>
public sealed record GlobalMaxPool : GlobalPoolingLayer;

/// <summary>The Lp norm of each channel: <c>y[n,c] = (Σ over h,w of |x[n,c,h,w]|^P)^(1/P)</c>.</summary>
/// <param name="P">The exponent, finite and at least 1; 2 is the Euclidean norm.</param>
/// <remarks>Shapes: <c>[N, C, H, W] → [N, C, 1, 1]</c>. Source: ONNX GlobalLpPool.</remarks>
public sealed record GlobalLpPool(float P = 2) : GlobalPoolingLayer
{
    /// <inheritdoc/>
    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        LpPool2d.CheckExponent(P);
        return base.InferShape(inputs);
    }
}
