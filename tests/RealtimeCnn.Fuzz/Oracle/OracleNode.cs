using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>One node of a file with the values of its inputs; null for inputs that are left out.</summary>
internal sealed record OracleNode(NodeProto Proto, OracleTensor?[] Inputs, long Opset)
{
    public OracleTensor X => Inputs[0]!;

    public OracleTensor this[int input] => Inputs[input]!;

    public bool Has(int input) => input < Inputs.Length && Inputs[input] != null;

    public long Int(string name, long otherwise = 0) => Find(name)?.I ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public double Real(string name, double otherwise = 0) => Find(name)?.F ?? otherwise;

    public string Text(string name, string otherwise = "") => Find(name)?.S.ToStringUtf8() ?? otherwise;

    public long[]? Ints(string name) => Find(name)?.Ints.ToArray();

    /// <summary>Integers from an attribute in older operator sets and from an input in newer ones.</summary>
    public long[]? Ints(string name, int input) => Ints(name) ?? (Has(input) ? this[input].Longs : null);

    public AttributeProto? Find(string name) => Proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
