using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Evaluation;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>
/// Quantised operators, computed in float: integers are whole numbers, sums of products of them are exact up to 2^24, and only
/// then scales come in. Rounding is to the nearest even, as the standard says.
/// </summary>
internal static class Quantization
{
    /// <summary>The integer type that QuantizeLinear gives: its zero point's, or the one attribute <c>output_dtype</c> says, or uint8.</summary>
    public static OnnxType OutputType(OnnxNode node)
    {
        var stated = (OnnxType)node.Int("output_dtype", 0);
        var type = node.OptionalInput(2)?.Type ?? (stated == OnnxType.Undefined ? OnnxType.UInt8 : stated);
        return type.IsInteger() ? type : throw OnnxNode.Unsupported("y_zero_point", $"of {type.Text()} is not supported; 8-, 16- and 32-bit integers are.");
    }

    public static void QuantizeLinear(OnnxNode node)
    {
        _ = (node.Flag("saturate", true), node.Int("precision", 0));
        var x = node.Input(0);
        var type = OutputType(node);
        node.Return(Quantized(node, x, Operand(node, 1, "y_scale", x.Shape), node.HasInput(2) ? Operand(node, 2, "y_zero_point", x.Shape) : null, type));
    }

    public static void DequantizeLinear(OnnxNode node)
    {
        _ = node.Int("output_dtype", 0);
        var x = node.Input(0);
        var type = node.Input(1).Type;
        var centered = node.HasInput(2) ? node.Add(new Subtract(), [x, Operand(node, 2, "x_zero_point", x.Shape)], type) : x;
        node.Return(node.Add(new Multiply(), [centered, Operand(node, 1, "x_scale", x.Shape)], type));
    }

    /// <summary>DynamicQuantizeLinear: scale and zero point follow from the smallest and largest element.</summary>
    public static void DynamicQuantizeLinear(OnnxNode node)
    {
        var x = node.Input(0);
        int[] all = [.. Enumerable.Range(0, x.Shape.Rank)];
        var least = node.Add(new Min(), [Reductions.Over(node, ReduceFunction.Min, x, all, false), OnnxNode.Scalar(0)]);
        var most = node.Add(new Max(), [Reductions.Over(node, ReduceFunction.Max, x, all, false), OnnxNode.Scalar(0)]);
        var scale = node.Add(new Divide(), [node.Add(new Subtract(), [most, least]), OnnxNode.Scalar(255)]);
        var zero = node.Add(new Clip(0, 255), [node.Add(new Round(), node.Add(new Divide(), [node.Add(new Neg(), least), scale]))], OnnxType.UInt8);
        node.Return(Quantized(node, x, scale, zero, OnnxType.UInt8));
        node.Return(scale, 1);
        node.Return(zero, 2);
    }

    /// <summary>QLinearConv: a convolution of whole numbers, then one scale.</summary>
    public static void QLinearConv(OnnxNode node)
    {
        var weightScale = node.Constant(4, "w_scale");
        var sums = Centered(node, node.Input(0), 2, node.Constant(3, "w"), node.OptionalConstant(5, "w_zero_point"), node.OptionalConstant(8, "B"));
        double factor = node.Number(1, "x_scale").DoubleAt(0) / node.Number(6, "y_scale").DoubleAt(0);
        float[] factors = Array.ConvertAll(weightScale.ToDoubles(), scale => (float)(scale * factor));
        var scaled = node.Add(new Multiply(), [sums, factors.Length == 1 ? OnnxNode.Scalar(factors[0]) : Elementwise.PerChannel(factors, sums.Shape.Rank)]);
        node.Return(Saturated(node, node.Add(new Round(), scaled), node.HasInput(7) ? node.Input(7) : null, node.OptionalInput(7)?.Type ?? node.Input(0).Type));
    }

    public static void ConvInteger(OnnxNode node)
    {
        var sums = Centered(node, node.Input(0), 2, node.Constant(1, "w"), node.OptionalConstant(3, "w_zero_point"), null);
        node.Return(node.Retyped(sums, OnnxType.Int32));
    }

    public static void MatMulInteger(OnnxNode node) =>
        node.Return(node.Add(new MatMul(), [Centered(node, 0, 2, false), Centered(node, 1, 3, true)], OnnxType.Int32));

    public static void QLinearMatMul(OnnxNode node)
    {
        var sums = node.Add(new MatMul(), [Centered(node, 0, 2, false), Centered(node, 3, 5, true)], OnnxType.Int32);
        double factor = node.Number(1, "a_scale").DoubleAt(0) / node.Number(6, "y_scale").DoubleAt(0);
        float[] factors = Array.ConvertAll(node.Constant(4, "b_scale").ToDoubles(), scale => (float)(scale * factor));
        var scale = new Value(null, OnnxTensor.From(OnnxType.Float, new Shape(factors.Length), Array.ConvertAll(factors, value => (double)value)));
        node.Return(Saturated(node, node.Add(new Round(), [node.Add(new Multiply(), [sums, scale])], OnnxType.Float), node.Input(7), node.Input(7).Type));
    }

    private static Value Quantized(OnnxNode node, Value x, Value scale, Value? zero, OnnxType type) =>
        Saturated(node, node.Add(new Round(), [node.Add(new Divide(), [x, scale])], OnnxType.Float), zero, type);

    private static Value Saturated(OnnxNode node, Value rounded, Value? zero, OnnxType type)
    {
        var (least, greatest) = type.Range();
        var shifted = zero == null ? rounded : node.Add(new Add(), [rounded, zero], OnnxType.Float);
        return node.Add(new Clip((float)least, (float)greatest), [shifted], type);
    }

    /// <summary>Whole numbers without their zero point, which may be one for each row (left operand) or column (right one).</summary>
    private static Value Centered(OnnxNode node, int input, int zeroInput, bool isRight)
    {
        var x = node.Input(input);
        if (!node.HasInput(zeroInput))
            return node.Retyped(x, OnnxType.Int32);
        var zero = node.Input(zeroInput);
        bool perRow = !isRight && zero.Shape.Rank == 1 && zero.Shape.Count > 1;
        return node.Add(new Subtract(), [x, perRow ? node.Add(new Unsqueeze(1), zero) : zero], OnnxType.Int32);
    }

    /// <summary>A convolution of whole numbers without their zero points, with the attributes of Conv.</summary>
    private static Value Centered(OnnxNode node, Value x, int zeroInput, OnnxTensor weight, OnnxTensor? weightZero, OnnxTensor? bias)
    {
        if (weight.Shape.Rank != x.Shape.Rank)
            throw OnnxNode.Problem("w", $"{weight} does not fit the input {x.Shape}.");
        if (weightZero != null && weightZero.Count != 1 && weightZero.Count != weight.Shape[0])
            throw OnnxNode.Problem("w_zero_point", $"{weightZero} must be one number, or one for each output channel of {weight}.");
        int perChannel = weight.Count / Math.Max(weight.Shape[0], 1);
        var centered = node.Make(weight.Shape, "The weights", () => OnnxTensor.Compute(OnnxType.Float, weight.Shape, i => weight.DoubleAt(i) - (weightZero?.DoubleAt(weightZero.Count == 1 ? 0 : i / perChannel) ?? 0)));
        var input = node.HasInput(zeroInput) ? node.Add(new Subtract(), [x, node.Input(zeroInput)], OnnxType.Float) : node.Retyped(x, OnnxType.Float);
        return Convolutions.Convolve(node, input, centered, bias);
    }

    /// <summary>A scale or zero point in a shape that broadcasts to x.</summary>
    private static Value Operand(OnnxNode node, int index, string role, Shape x)
    {
        var value = node.Input(index);
        if (value.Shape.Count == 1)
            return value;
        var constant = node.Constant(index, role);
        int axis = OnnxNode.Axis(node.Int("axis", 1), x.Rank);
        HostQuantization.VerifyScale(node, x, constant.Shape);
        if (node.Int("block_size", 0) > 0)
            return new Value(null, node.Make(x, role, () => HostTensors.Take(constant, x, HostQuantization.ScalePositions(node, x, constant.Shape))));
        int[] extents = [.. Enumerable.Repeat(1, x.Rank)];
        extents[axis] = constant.Count;
        return new Value(null, constant.Reshaped(new Shape(extents)));
    }
}
