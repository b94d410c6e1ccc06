namespace RealtimeCnn.Onnx.Importing;

/// <summary>Quantised operators, computed in float by dequantising.</summary>
internal static class Quantization
{
    /// <summary>The integer type that QuantizeLinear gives: its zero point's, or the one attribute <c>output_dtype</c> says, or uint8.</summary>
    public static OnnxType OutputType(OnnxNode node)
    {
        var stated = (OnnxType)node.Int("output_dtype", 0);
        var type = node.OptionalInput(2)?.Type ?? (stated == OnnxType.Undefined ? OnnxType.UInt8 : stated);
        return type.IsSupported() ? type : throw OnnxNode.Unsupported("y_zero_point", $"of {type.Text()} is not supported; 8-, 16- and 32-bit integers are.");
    }
}
