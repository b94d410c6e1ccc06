using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Convolutions, products and pooling.</summary>
internal static class ExportWindows
{
    public static void Convolution(ExportNode node)
    {
        var layer = (ConvolutionLayer)node.Node.Layer;
        var padding = layer.Padding;
        string x = node.Input();
        if (layer.PaddingMode != PaddingMode.Zero)
        {
            var border = layer.PaddingFor(node.Shapes[0]);
            string pads = node.Vector("pads", 0, 0, border.Top, border.Left, 0, 0, border.Bottom, border.Right);
            x = node.Emit("Pad", [x, pads], Attributes.Text("mode", layer.PaddingMode == PaddingMode.Reflect ? "reflect" : "edge"));
            padding = 0;
        }

        string[] operands = layer.HasBias ? [x, node.Parameter(0), node.Parameter(1)] : [x, node.Parameter(0)];
        AttributeProto[] attributes =
        [
            .. Window(layer.Kernel, layer.Stride, padding), Attributes.Pair("dilations", layer.Dilation), Attributes.Int("group", layer.GroupCount),
        ];
        Finish(node, "Conv", operands, attributes, layer.AddsResidual, layer.Activation);
    }

    public static void ConvTranspose(ExportNode node)
    {
        var layer = (ConvTranspose2d)node.Node.Layer;
        string[] operands = layer.HasBias ? [node.Input(), node.Parameter(0), node.Parameter(1)] : [node.Input(), node.Parameter(0)];
        AttributeProto[] attributes =
        [
            .. Window(layer.Kernel, layer.Stride, layer.Padding), Attributes.Pair("dilations", layer.Dilation), Attributes.Int("group", layer.Groups),
            Attributes.Pair("output_padding", layer.OutputPadding),
        ];
        Finish(node, "ConvTranspose", operands, attributes, false, layer.Activation);
    }

    public static void Linear(ExportNode node)
    {
        var layer = (Linear)node.Node.Layer;
        string[] operands = layer.HasBias ? [node.Input(), node.Parameter(0), node.Parameter(1)] : [node.Input(), node.Parameter(0)];
        Finish(node, "Gemm", operands, [Attributes.Int("transB", 1)], false, layer.Activation);
    }

    /// <summary>The attributes of AveragePool that say where its windows lie.</summary>
    public static AttributeProto[] MeanWindows(ExportNode node)
    {
        bool dilated = ((PoolingLayer)node.Node.Layer).Dilation != new Size2d(1, 1);
        if (dilated)
            node.Graph.Need(19);
        return Pooling(node, dilated);
    }

    public static void LpPool(ExportNode node)
    {
        var layer = (LpPool2d)node.Node.Layer;
        bool isNew = layer.Dilation != new Size2d(1, 1) || layer.CeilMode;
        if (isNew)
            node.Graph.Need(18);
        node.Result("LpPool", [node.Input()], [.. Pooling(node, isNew, hasCeil: isNew), Attributes.Int("p", WholePower(node, layer.P))]);
    }

    public static void GlobalLpPool(ExportNode node) =>
        node.Result("GlobalLpPool", [node.Input()], Attributes.Int("p", WholePower(node, ((GlobalLpPool)node.Node.Layer).P)));

    /// <summary>The generalized mean, <c>m · mean((max(x, ε) / m)^p)^(1/p)</c>, with m the channel's largest element so that no power overflows.</summary>
    /// <param name="node">A layer whose one parameter is p.</param>
    /// <param name="epsilon">Smallest base of a power.</param>
    /// <param name="mean">The operator that takes the mean.</param>
    /// <param name="attributes">Its attributes.</param>
    public static void GeneralizedMean(ExportNode node, float epsilon, string mean, params AttributeProto[] attributes)
    {
        int exponents = node.Node.Parameters[0].Shape.Count;
        string p = node.Parameter(0, exponents == 1 ? new Shape(1) : node.PerChannel(exponents));
        string x = node.Emit("Max", [node.Input(), node.Scalar("epsilon", epsilon)]);
        string largest = node.Emit("GlobalMaxPool", [x]);
        string powers = node.Emit("Pow", [node.Emit("Div", [x, largest]), p]);
        string root = node.Emit("Pow", [node.Emit(mean, [powers], attributes), node.Emit("Reciprocal", [p])]);
        node.Result("Mul", [root, largest]);
    }

    /// <summary>A weighted mean without borders: a convolution of each channel with weights that add up to 1.</summary>
    public static void WeightedAveragePool(ExportNode node)
    {
        var layer = (WeightedAveragePool2d)node.Node.Layer;
        if (!layer.PaddingFor(node.Shapes[0]).IsNone || layer.CeilMode)
            throw node.Unsupported("its windows reach over the border, where only the elements inside are weighed.");
        int channels = node.Shapes[0].Channels;
        float[] weights = layer.Weights();
        double sum = weights.Sum(weight => (double)weight);
        double[] all = [.. Enumerable.Range(0, channels * weights.Length).Select(i => weights[i % weights.Length] / sum)];
        string weight = node.Constant(OnnxTensor.From(OnnxType.Float, new Shape(channels, 1, layer.Kernel.Height, layer.Kernel.Width), all), "weight");
        node.Result("Conv", [node.Input(), weight], [.. Window(layer.Kernel, layer.Stride, 0), Attributes.Pair("dilations", layer.Dilation), Attributes.Int("group", channels)]);
    }

    /// <summary>Adaptive pooling: global to one element, or a plain window where the grid divides the input.</summary>
    public static void Adaptive(ExportNode node, string global, string plain)
    {
        Shape x = node.Shapes[0], y = node.Output;
        if (y.Area == 1)
        {
            node.Result(global, [node.Input()]);
            return;
        }

        if (x.Height % y.Height != 0 || x.Width % y.Width != 0)
            throw node.Unsupported($"an input of {x.Height}×{x.Width} does not divide into {y.Height}×{y.Width} equal windows.");
        var kernel = new Size2d(x.Height / y.Height, x.Width / y.Width);
        node.Result(plain, [node.Input()], Window(kernel, kernel, 0));
    }

    /// <summary>The attributes that pooling operators share.</summary>
    public static AttributeProto[] Pooling(ExportNode node, bool hasDilations, bool hasCeil = true)
    {
        var layer = (PoolingLayer)node.Node.Layer;
        AttributeProto[] attributes = Window(layer.Kernel, layer.Stride, layer.Padding);
        if (hasCeil)
            attributes = [.. attributes, Attributes.Flag("ceil_mode", layer.CeilMode)];
        return hasDilations ? [.. attributes, Attributes.Pair("dilations", layer.Dilation)] : attributes;
    }

    private static AttributeProto[] Window(Size2d kernel, Size2d stride, Padding2d padding)
    {
        AttributeProto border = padding.Rule switch
        {
            PaddingRule.SameUpper => Attributes.Text("auto_pad", "SAME_UPPER"),
            PaddingRule.SameLower => Attributes.Text("auto_pad", "SAME_LOWER"),
            _ => Attributes.Ints("pads", padding.Top, padding.Left, padding.Bottom, padding.Right),
        };
        return [Attributes.Pair("kernel_shape", kernel), Attributes.Pair("strides", stride), border];
    }

    /// <summary>An operator, with what is fused into its layer behind it.</summary>
    private static void Finish(ExportNode node, string op, string[] operands, AttributeProto[] attributes, bool addsResidual, Activation activation)
    {
        bool isPlain = activation.Function == ActivationFunction.None;
        if (isPlain && !addsResidual)
        {
            node.Result(op, operands, attributes);
            return;
        }

        string sum = node.Emit(op, operands, attributes);
        if (addsResidual && isPlain)
        {
            node.Result("Add", [sum, node.Input(1)]);
            return;
        }

        ExportActivations.Write(node, addsResidual ? node.Emit("Add", [sum, node.Input(1)]) : sum, activation);
    }

    private static int WholePower(ExportNode node, float p) =>
        p == MathF.Round(p) ? (int)p : throw node.Unsupported($"the power {p} is not a whole number, as the operator wants it.");
}
