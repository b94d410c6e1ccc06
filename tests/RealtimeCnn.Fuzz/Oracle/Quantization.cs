using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Quantisation by a scale and a zero point for the whole tensor or each place along an axis.</summary>
internal static class Quantization
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["QuantizeLinear"] = node =>
        {
            var type = node.Has(2) ? node[2].Type : OnnxType.UInt8;
            return [OracleTensor.Build(type, node.X.Shape, at => Hold(Math.Round((float)node.X.At(at) / (float)Along(node, 1, at, 1), MidpointRounding.ToEven) + Along(node, 2, at, 0), type))];
        },
        ["DequantizeLinear"] = node => [OracleTensor.Build(OnnxType.Float, node.X.Shape, at => (node.X.At(at) - Along(node, 2, at, 0)) * Along(node, 1, at, 1))],
    };

    private static double Along(OracleNode node, int input, int[] at, double otherwise) =>
        !node.Has(input) ? otherwise : node[input].Count == 1 ? node[input].Values[0] : node[input].Values[at[node.X.Axis(node.Int("axis", 1))]];

    private static double Hold(double value, OnnxType type) => type == OnnxType.Int8 ? Math.Clamp(value, -128, 127) : Math.Clamp(value, 0, 255);
}
