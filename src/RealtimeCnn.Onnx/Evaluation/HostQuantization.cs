using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx.Evaluation;

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
        return OnnxTensor.Compute(type, x.Shape, i => (x.DoubleAt(i) - (zero?.DoubleAt(from[i]) ?? 0)) * scale.DoubleAt(from[i]));
    }

    public static OnnxTensor Quantize(OnnxNode node)
    {
        OnnxTensor x = node.Constant(0, "x"), scale = node.Constant(1, "y_scale");
        var zero = node.OptionalConstant(2, "y_zero_point");
        var type = Quantization.OutputType(node);
        var (least, greatest) = type.Range();
        int[] from = ScalePositions(node, x.Shape, scale.Shape);
        return OnnxTensor.Compute(type, x.Shape, i =>
            Math.Clamp(Math.Round(x.DoubleAt(i) / scale.DoubleAt(from[i]), MidpointRounding.ToEven) + (zero?.DoubleAt(from[i]) ?? 0), least, greatest));
    }

    /// <summary>Which scale belongs to each element.</summary>
    public static int[] ScalePositions(OnnxNode node, Shape x, Shape scale)
    {
        var (axis, block, blocks) = VerifyScale(node, x, scale);
        int[] positions = new int[x.Count];
        if (scale.Count == 1)
            return positions;
        int inner = x.Product(axis + 1, x.Rank);
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = block == 0
                ? i / inner % x[axis]
                : (((i / inner / x[axis] * blocks) + (i / inner % x[axis] / block)) * inner) + (i % inner);
        }

        return positions;
    }

    /// <summary>The axis of the scales, the elements that share one (0 where all along it have their own), and how many there are.</summary>
    /// <exception cref="MappingException">The scales do not fit.</exception>
    public static (int Axis, int Block, int Blocks) VerifyScale(OnnxNode node, Shape x, Shape scale)
    {
        if (scale.Count == 1)
            return default;
        int axis = OnnxNode.Axis(node.Int("axis", 1), x.Rank);
        int block = (int)Math.Clamp(node.Int("block_size", 0), 0, int.MaxValue);
        if (block == 0)
        {
            return scale.Rank == 1 && scale.Count == x[axis]
                ? (axis, 0, 0)
                : throw OnnxNode.Problem("scale", $"{scale} must be one number, or one for each of the {x[axis]} elements of axis {axis}.");
        }

        int blocks = (int)(((long)x[axis] + block - 1) / block);
        return scale.Rank == x.Rank && scale == x.With(axis, blocks)
            ? (axis, block, blocks)
            : throw OnnxNode.Problem("scale", $"{scale} must be {x.With(axis, blocks)} for blocks of {block} along axis {axis}.");
    }
}
