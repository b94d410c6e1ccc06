using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Activations.</summary>
internal static class Activations
{
    public static Action<OnnxNode> Plain(Layer layer) => node => node.Return(node.Add(layer, node.Input(0)));

    public static void LeakyRelu(OnnxNode node) => node.Return(node.Add(new LeakyRelu(node.Float("alpha", 0.01f)), node.Input(0)));

    public static void Elu(OnnxNode node) => node.Return(node.Add(new Elu(node.Float("alpha", 1)), node.Input(0)));

    public static void Celu(OnnxNode node) => node.Return(node.Add(new Celu(node.Float("alpha", 1)), node.Input(0)));

    public static void Selu(OnnxNode node) =>
        node.Return(node.Add(new Selu(node.Float("alpha", 1.67326319f), node.Float("gamma", 1.05070102f)), node.Input(0)));

    public static void HardSigmoid(OnnxNode node) =>
        node.Return(node.Add(new HardSigmoid(node.Float("alpha", 0.2f), node.Float("beta", 0.5f)), node.Input(0)));

    public static void ThresholdedRelu(OnnxNode node) => node.Return(node.Add(new ThresholdedRelu(node.Float("alpha", 1)), node.Input(0)));

    public static void Gelu(OnnxNode node)
    {
        string form = node.Text("approximate", "none");
        if (form is not ("none" or "tanh"))
            throw OnnxNode.Problem("attribute 'approximate'", $"is '{form}'; none and tanh are possible.");
        node.Return(node.Add(new Gelu(form == "tanh"), node.Input(0)));
    }

    /// <summary>Swish: <c>x · sigmoid(alpha · x)</c>.</summary>
    public static void Swish(OnnxNode node)
    {
        float alpha = node.Float("alpha", 1);
        var x = node.Input(0);
        node.Return(alpha == 1
            ? node.Add(new Silu(), x)
            : node.Add(new Multiply(), [x, node.Add(new Sigmoid(), node.Add(new Multiply(), [x, OnnxNode.Scalar(alpha)]))]));
    }

    /// <summary>ScaledTanh, an experimental operator of old files: <c>alpha · tanh(beta · x)</c>.</summary>
    public static void ScaledTanh(OnnxNode node)
    {
        var inner = node.Add(new Multiply(), [node.Input(0), OnnxNode.Scalar(node.Float("beta", 1))]);
        node.Return(node.Add(new Multiply(), [node.Add(new Tanh(), inner), OnnxNode.Scalar(node.Float("alpha", 1))]));
    }

    /// <summary>ParametricSoftplus, an experimental operator of old files: <c>alpha · ln(1 + e^(beta · x))</c>.</summary>
    public static void ParametricSoftplus(OnnxNode node)
    {
        var inner = node.Add(new Multiply(), [node.Input(0), OnnxNode.Scalar(node.Float("beta", 1))]);
        node.Return(node.Add(new Multiply(), [node.Add(new Softplus(), inner), OnnxNode.Scalar(node.Float("alpha", 1))]));
    }

    /// <summary>Shrink: towards zero by a bias, and zero between ±lambd.</summary>
    public static void Shrink(OnnxNode node)
    {
        float bound = node.Float("lambd", 0.5f), bias = node.Float("bias", 0);
        var x = node.Input(0);
        Value Shifted(float by) => by == 0 ? x : node.Add(new Add(), [x, OnnxNode.Scalar(by)]);
        var below = node.Add(new Where(), [node.Add(new Less(), [x, OnnxNode.Scalar(-bound)], OnnxType.Bool), Shifted(bias), OnnxNode.Scalar(0)], x.Type);
        node.Return(node.Add(new Where(), [node.Add(new Greater(), [x, OnnxNode.Scalar(bound)], OnnxType.Bool), Shifted(-bias), below], x.Type));
    }

    /// <summary>Clip: bounds are attributes up to opset 10 and inputs from 11 on.</summary>
    public static void Clip(OnnxNode node)
    {
        var x = node.Input(0);
        if (node.Opset < 11)
        {
            node.Return(node.Add(new Clip(node.Float("min", float.MinValue), node.Float("max", float.MaxValue)), x));
            return;
        }

        Value? lower = node.OptionalInput(1), upper = node.OptionalInput(2);
        if ((lower == null || lower.MayBeKnown) && (upper == null || upper.MayBeKnown))
        {
            double least = Bound(node, 1, double.NegativeInfinity), greatest = Bound(node, 2, double.PositiveInfinity);
            node.Return(node.Add(new Clip((float)Math.Min(least, greatest), (float)greatest), x));
            return;
        }

        var result = lower == null ? x : node.Add(new Max(), [x, lower]);
        node.Return(upper == null ? result : node.Add(new Min(), [result, upper]));
    }

    /// <summary>PRelu: before opset 7 the slope is one number or one for each channel; from 7 on it is broadcast.</summary>
    public static void PRelu(OnnxNode node)
    {
        Value x = node.Input(0), slope = node.Input(1);
        var shape = slope.Shape;
        if (node.Opset < 7 && shape.Count > 1)
        {
            int[] extents = [.. Enumerable.Repeat(1, Math.Max(x.Shape.Rank - 1, 1))];
            extents[0] = shape.Count;
            shape = new Shape(extents);
        }

        if (slope.MayBeKnown)
        {
            node.Return(node.Add(new PRelu(shape), x, node.Graph.Parameter(node.Constant(1, "slope"), shape)));
            return;
        }

        var given = shape == slope.Shape ? slope : node.Add(new Reshape(shape.ToArray()), slope);
        var negative = node.Add(new Multiply(), [node.Add(new Min(), [x, OnnxNode.Scalar(0)]), given]);
        node.Return(node.Add(new Add(), [node.Add(new Relu(), x), negative]));
    }

    /// <summary>Softmax and LogSoftmax: before opset 13 over everything from <c>axis</c> on, by default 1; from 13 on over one axis, by default the last.</summary>
    public static Action<OnnxNode> Normalised(Func<int, Layer> layer) => node =>
    {
        var x = node.Input(0);
        int rank = x.Shape.Rank, axis = OnnxNode.Axis(node.Int("axis", node.Opset < 13 ? Math.Min(1, rank - 1) : -1), rank);
        if (rank == 0)
            throw OnnxNode.Unsupported("input", "is a scalar; at least one axis is supported.");
        if (node.Opset >= 13 || axis == rank - 1)
        {
            node.Return(node.Add(layer(axis), x));
            return;
        }

        var flat = node.Add(new Flatten(axis), x);
        node.Return(node.Add(new Reshape(x.Shape.ToArray()), node.Add(layer(1), flat)));
    };

    private static double Bound(OnnxNode node, int input, double otherwise) => node.HasInput(input) ? node.Number(input, $"input {input}").DoubleAt(0) : otherwise;
}
