using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Folding;

/// <summary>
/// Quantisation of constants at load: <c>y = saturate(round(x / scale) + zero)</c>, to the nearest even, and back
/// <c>x = (y − zero) · scale</c>; scales for the whole tensor, along an axis, or for blocks along it.
/// </summary>
internal static class HostQuantization
{
    public static OnnxTensor Dequantize(OnnxNode node)
    {
        OnnxTensor x = node.Constant(0, "x"), scale = node.Constant(1, "x_scale");
        var zero = node.OptionalConstant(2, "x_zero_point");
        int[] from = ScalePositions(node, x.Shape, scale.Shape);
        var type = scale.Type.IsFloat() ? scale.Type : OnnxType.Float;
        double[] y = new double[x.Count];
        for (int i = 0; i < y.Length; i++)
            y[i] = (x.DoubleAt(i) - (zero?.DoubleAt(from[i]) ?? 0)) * scale.DoubleAt(from[i]);
        return OnnxTensor.From(type, x.Shape, y);
    }

    public static OnnxTensor Quantize(OnnxNode node)
    {
        OnnxTensor x = node.Constant(0, "x"), scale = node.Constant(1, "y_scale");
        var zero = node.OptionalConstant(2, "y_zero_point");
        var type = Quantization.OutputType(node);
        var (least, greatest) = type.Range();
        int[] from = ScalePositions(node, x.Shape, scale.Shape);
        double[] y = new double[x.Count];
        for (int i = 0; i < y.Length; i++)
            y[i] = Math.Clamp(Math.Round(x.DoubleAt(i) / scale.DoubleAt(from[i]), MidpointRounding.ToEven) + (zero?.DoubleAt(from[i]) ?? 0), least, greatest);
        return OnnxTensor.From(type, x.Shape, y);
    }

    /// <summary>Which scale belongs to each element.</summary>
    public static int[] ScalePositions(OnnxNode node, Shape x, Shape scale)
    {
        if (scale.Count == 1)
            return new int[x.Count];
        int axis = OnnxNode.Axis(node.Int("axis", 1), x.Rank);
        int block = (int)Math.Clamp(node.Int("block_size", 0), 0, int.MaxValue);
        int[] positions = new int[x.Count];
        int inner = x.Product(axis + 1, x.Rank);
        if (block == 0)
        {
            if (scale.Rank != 1 || scale.Count != x[axis])
                throw OnnxNode.Problem("scale", $"{scale} must be one number, or one for each of the {x[axis]} elements of axis {axis}.");
            for (int i = 0; i < positions.Length; i++)
                positions[i] = i / inner % x[axis];
            return positions;
        }

        int blocks = (int)(((long)x[axis] + block - 1) / block);
        if (scale.Rank != x.Rank || scale != x.With(axis, blocks))
            throw OnnxNode.Problem("scale", $"{scale} must be {x.With(axis, blocks)} for blocks of {block} along axis {axis}.");
        for (int i = 0; i < positions.Length; i++)
            positions[i] = (((i / inner / x[axis] * blocks) + (i / inner % x[axis] / block)) * inner) + (i % inner);
        return positions;
    }
}
