using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>What an operator means, straight from its definition in the standard; knows nothing of the product.</summary>
internal delegate OracleTensor[] Definition(OracleNode node);

/// <summary>
/// The definitions of operators in double: a third opinion beside CPU and GPU, and on what the file says rather than on what the
/// importer made of it.
/// </summary>
internal static class OnnxOracle
{
    private static readonly Dictionary<string, Definition> Table = new(
        [
            .. Unaries.Definitions, .. Broadcasts.Definitions, .. Windows.Definitions, .. Products.Definitions, .. Norms.Definitions,
            .. Reductions.Definitions, .. Movements.Definitions, .. Indexing.Definitions, .. Resizing.Definitions, .. Quantization.Definitions,
        ], StringComparer.Ordinal);

    /// <summary>The operators that are defined here.</summary>
    public static IReadOnlyCollection<string> Operators => Table.Keys;

    /// <summary>The outputs of a node, or null where an input or the operator is not known.</summary>
    public static OracleTensor[]? Evaluate(NodeProto node, OracleTensor?[] inputs, long opset)
    {
        bool isKnown = node.Input.Zip(inputs).All(pair => pair.First.Length == 0 || pair.Second != null);
        return isKnown && Table.TryGetValue(node.OpType, out var definition) ? definition(new OracleNode(node, inputs, opset)) : null;
    }
}
