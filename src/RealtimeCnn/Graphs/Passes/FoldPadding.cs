using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs.Passes;

/// <summary>
/// Moves a <see cref="Pad"/> around a picture into the convolution or pooling behind it, where what it adds is what the layer's own
/// padding means: zeros or repeated borders for a convolution, −∞ for a maximum, counted zeros for a mean.
/// </summary>
/// <remarks>Reflection stays a layer of its own: a convolution's padding must be smaller than its input, a Pad need not be.</remarks>
internal static class FoldPadding
{
    public static Graph Run(Graph graph)
    {
        var uses = GraphRewriter.CountUses(graph);
        return GraphRewriter.Rewrite(graph, (node, inputs) =>
            inputs.Count > 0 && uses[node.Inputs[0]] == 1 && inputs[0].Layer is Pad pad && AroundPicture(pad) is { } border && Padded(node.Layer, pad, border) is { } padded
                ? new Node(node.Name, padded, [inputs[0].Inputs[0], .. inputs.Skip(1)], node.Parameters)
                : null);
    }

    private static Padding2d? AroundPicture(Pad pad) =>
        pad.Before is [0, 0, >= 0 and var top, >= 0 and var left] && pad.After is [0, 0, >= 0 and var bottom, >= 0 and var right]
            ? new Padding2d(top, left, bottom, right)
            : null;

    private static Layer? Padded(Layer layer, Pad pad, Padding2d border) => layer switch
    {
        ConvolutionLayer { Padding.Rule: PaddingRule.Explicit } convolution => Padded(convolution, pad, border),
        // With ceil mode, how far a last window may hang over depends on what is padding and what is input.
        PoolingLayer { Padding.Rule: PaddingRule.Explicit, CeilMode: false } pooling => Padded(pooling, pad, Sum(pooling.Padding, border)),
        _ => null,
    };

    private static ConvolutionLayer? Padded(ConvolutionLayer layer, Pad pad, Padding2d border)
    {
        PaddingMode? mode = IsZero(pad) ? PaddingMode.Zero : pad.Mode == PadMode.Edge ? PaddingMode.Replicate : null;
        return mode is { } own && (layer.Padding.IsNone || layer.PaddingMode == own)
            ? layer with { Padding = Sum(layer.Padding, border), PaddingMode = own }
            : null;
    }

    private static PoolingLayer? Padded(PoolingLayer layer, Pad pad, Padding2d total)
    {
        // Poolings allow no window without an element.
        int height = layer.Dilation.Height * (layer.Kernel.Height - 1), width = layer.Dilation.Width * (layer.Kernel.Width - 1);
        if (Math.Max(total.Top, total.Bottom) > height || Math.Max(total.Left, total.Right) > width)
            return null;
        return layer switch
        {
            // Indices would count the padding.
            MaxPool2d { ReturnIndices: false } when pad is { Mode: PadMode.Constant, Value: float.NegativeInfinity } => layer with { Padding = total },
            AveragePool2d average when IsZero(pad) && (average.CountIncludePad || average.Padding.IsNone) => average with { Padding = total, CountIncludePad = true },
            _ => null,
        };
    }

    private static bool IsZero(Pad pad) => pad is { Mode: PadMode.Constant, Value: 0 };

    private static Padding2d Sum(Padding2d a, Padding2d b) => new(a.Top + b.Top, a.Left + b.Left, a.Bottom + b.Bottom, a.Right + b.Right);
}
