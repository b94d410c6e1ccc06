using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Functions of one or more operands, element by element.</summary>
internal static class Elementwise
{
    /// <summary>A function of one operand.</summary>
    public static Action<OnnxNode> Unary(Layer layer, OnnxType? type = null) =>
        node => node.Return(node.Add(layer, [node.Input(0)], type));

    /// <summary>A function of two operands.</summary>
    public static Action<OnnxNode> Binary(Layer layer) => node =>
    {
        var (a, b) = Operands(node);
        node.Return(node.Add(layer, [a, b]));
    };

    /// <summary>A comparison or a logical function, whose result is bool.</summary>
    public static Action<OnnxNode> Predicate(Layer layer) => node =>
    {
        var (a, b) = Operands(node);
        node.Return(node.Add(layer, [a, b], OnnxType.Bool));
    };

    /// <summary>A function of any number of operands, two at a time.</summary>
    public static Action<OnnxNode> Variadic(Layer layer) => node => node.Return(Fold(node, layer));

    public static void Mean(OnnxNode node) => node.Return(node.Add(new Multiply(), [Fold(node, new Add()), OnnxNode.Scalar(1.0 / node.InputCount)]));

    /// <summary>Div: integers are divided toward zero, as <c>sign · floor((|a| + ½) / |b|)</c>, which no rounding of the quotient can upset.</summary>
    public static void Divide(OnnxNode node)
    {
        var (a, b) = Operands(node);
        if (!a.Type.IsInteger())
        {
            node.Return(node.Add(new Divide(), [a, b]));
            return;
        }

        bool isSigned = a.Type.Range().Least < 0;
        Value Size(Value value) => isSigned ? node.Add(new Abs(), value) : value;
        var quotient = node.Add(new Floor(), node.Add(new Divide(), [node.Add(new Add(), [Size(a), OnnxNode.Scalar(0.5)], a.Type), Size(b)]));
        node.Return(isSigned
            ? node.Add(new Multiply(), [quotient, node.Add(new Multiply(), [node.Add(new Sign(), a), node.Add(new Sign(), b)])])
            : quotient);
    }

    public static void Modulo(OnnxNode node)
    {
        var (a, b) = Operands(node);
        node.Return(node.Add(node.Flag("fmod") ? new TruncatedRemainder() : new Remainder(), [a, b]));
    }

    public static void Where(OnnxNode node) =>
        node.Return(node.Add(new Where(), [node.Input(0), node.Input(1), node.Input(2)], node.Input(1).Type));

    /// <summary>IsInf, which may look at one sign only.</summary>
    public static void IsInfinity(OnnxNode node)
    {
        bool negative = node.Flag("detect_negative", true), positive = node.Flag("detect_positive", true);
        var x = node.Input(0);
        node.Return((negative, positive) switch
        {
            (true, true) => node.Add(new IsInfinity(), [x], OnnxType.Bool),
            (true, false) => node.Add(new Equal(), [x, OnnxNode.Scalar(double.NegativeInfinity)], OnnxType.Bool),
            (false, true) => node.Add(new Equal(), [x, OnnxNode.Scalar(double.PositiveInfinity)], OnnxType.Bool),
            _ => node.Add(new Less(), [x, x], OnnxType.Bool),
        });
    }

    /// <summary>Affine, an experimental operator of old files: <c>y = alpha · x + beta</c>.</summary>
    public static void Affine(OnnxNode node) =>
        node.Return(node.Add(new Add(), [node.Add(new Multiply(), [node.Input(0), OnnxNode.Scalar(node.Float("alpha", 1))]), OnnxNode.Scalar(node.Float("beta", 0))]));

    /// <summary>ImageScaler, an experimental operator of old files: <c>y[n,c,h,w] = scale · x[n,c,h,w] + bias[c]</c>.</summary>
    public static void ImageScaler(OnnxNode node)
    {
        var x = node.Input(0);
        float[] bias = node.Floats("bias") ?? new float[x.Shape.Channels];
        if (bias.Length != x.Shape.Channels)
            throw OnnxNode.Problem("attribute 'bias'", $"has {bias.Length} numbers; the input {x.Shape} has {x.Shape.Channels} channels.");
        var scaled = node.Add(new Multiply(), [x, OnnxNode.Scalar(node.Float("scale", 1))]);
        node.Return(node.Add(new Add(), [scaled, PerChannel(bias, x.Shape.Rank)]));
    }

    /// <summary>A constant with one number for each channel, as an operand for an input of a given rank.</summary>
    public static Value PerChannel(float[] values, int rank)
    {
        int[] extents = [.. Enumerable.Repeat(1, Math.Max(rank - 1, 1))];
        extents[0] = values.Length;
        return new Value(null, OnnxTensor.From(OnnxType.Float, new Shape(extents), Array.ConvertAll(values, value => (double)value)));
    }

    /// <summary>
    /// The shape under which the second operand is read: before opset 7, attribute <c>axis</c> says at which axis of the first one
    /// it begins, where now shapes are aligned at the last axis.
    /// </summary>
    public static Shape LegacyShape(OnnxNode node, Shape a, Shape b)
    {
        if (node.Opset >= 7 || !node.Flag("broadcast") || !node.Has("axis"))
            return b;
        int axis = OnnxNode.Axis(node.Int("axis", 0), a.Rank);
        int behind = a.Rank - axis - b.Rank;
        if (behind < 0)
            throw OnnxNode.Problem("axis", $"{axis}: the second operand {b} does not fit the first one {a} there.");
        return new Shape([.. b.ToArray(), .. Enumerable.Repeat(1, behind)]);
    }

    public static (Value A, Value B) Operands(OnnxNode node)
    {
        Value a = node.Input(0), b = node.Input(1);
        var shape = LegacyShape(node, a.Shape, b.Shape);
        return (a, shape == b.Shape ? b : node.Add(new Reshape(shape.ToArray()), b));
    }

    private static Value Fold(OnnxNode node, Layer layer)
    {
        var result = node.Input(0);
        for (int i = 1; i < node.InputCount; i++)
            result = node.Add(layer, [result, node.Input(i)]);
        return result;
    }
}
