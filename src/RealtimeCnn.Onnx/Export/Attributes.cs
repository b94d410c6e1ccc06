using Google.Protobuf;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Export;

/// <summary>Attributes of nodes that are written.</summary>
internal static class Attributes
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Flag(string name, bool value) => Int(name, value ? 1 : 0);

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Ints(string name, params IEnumerable<int> values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values.Select(value => (long)value) } };

    public static AttributeProto Pair(string name, Size2d values) => Ints(name, values.Height, values.Width);
}
