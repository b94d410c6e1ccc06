using static RealtimeCnn.Onnx.Reading.WireMessage;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>The messages of <c>onnx.proto</c>.</summary>
internal enum WireMessage
{
    ModelProto,
    OperatorSetIdProto,
    StringStringEntryProto,
    GraphProto,
    FunctionProto,
    NodeProto,
    AttributeProto,
    TensorProto,
    Segment,
    SparseTensorProto,
    ValueInfoProto,
    TensorShapeProto,
    Dimension,
    TypeProto,
    TensorType,
    Sequence,
    Optional,
    Map,
}

/// <summary>What the content of a field is, where it has a length.</summary>
internal enum WireContent
{
    /// <summary>Of a field that the reader does not know, and discards.</summary>
    Unknown,
    Message,
    Name,

    /// <summary>Text that is no name.</summary>
    Text,
    Bytes,
    Floats,
    Integers,
}

/// <summary>
/// The fields of <c>onnx.proto</c> as a <see cref="WireScanner"/> tells them apart. The generated classes know the same, but only by
/// reflection, which takes longer than reading a small model.
/// </summary>
internal static class WireSchema
{
    /// <summary>What a field holds, and of what kind it is where that is a message.</summary>
    public static (WireContent Content, WireMessage Message) Find(WireMessage message, ulong field) => (message, field) switch
    {
        (ModelProto, 2 or 3 or 4) => (WireContent.Name, default),
        (ModelProto, 7) => (WireContent.Message, GraphProto),
        (ModelProto, 8) or (FunctionProto, 9) => (WireContent.Message, OperatorSetIdProto),
        (ModelProto, 14) or (TensorProto, 13) => (WireContent.Message, StringStringEntryProto),
        (ModelProto, 25) => (WireContent.Message, FunctionProto),
        (OperatorSetIdProto, 1) => (WireContent.Name, default),
        (StringStringEntryProto, 1) => (WireContent.Name, default),
        (StringStringEntryProto, 2) => (WireContent.Text, default),
        (GraphProto, 1) or (FunctionProto, 7) => (WireContent.Message, NodeProto),
        (GraphProto, 2) => (WireContent.Name, default),
        (GraphProto, 5) => (WireContent.Message, TensorProto),
        (GraphProto, 11 or 12 or 13) => (WireContent.Message, ValueInfoProto),
        (GraphProto, 15) => (WireContent.Message, SparseTensorProto),
        (FunctionProto, 1 or 4 or 5 or 6 or 10) => (WireContent.Name, default),
        (FunctionProto, 11) or (NodeProto, 5) => (WireContent.Message, AttributeProto),
        (NodeProto, 1 or 2 or 3 or 4 or 7) => (WireContent.Name, default),
        (AttributeProto, 1 or 21) => (WireContent.Name, default),
        (AttributeProto, 2 or 7) => (WireContent.Floats, default),
        (AttributeProto, 4 or 9) => (WireContent.Bytes, default),
        (AttributeProto, 5) => (WireContent.Message, TensorProto),
        (AttributeProto, 6) => (WireContent.Message, GraphProto),
        (TensorProto, 3) => (WireContent.Message, Segment),
        (TensorProto, 4 or 10) => (WireContent.Floats, default),
        (TensorProto, 6 or 9) => (WireContent.Bytes, default),
        (TensorProto, 8) => (WireContent.Name, default),
        (TensorProto, 1 or 2 or 5 or 7 or 11 or 14) => (WireContent.Integers, default),
        (SparseTensorProto, 1 or 2) => (WireContent.Message, TensorProto),
        (ValueInfoProto, 1) => (WireContent.Name, default),
        (ValueInfoProto, 2) => (WireContent.Message, TypeProto),
        (TensorShapeProto, 1) => (WireContent.Message, Dimension),
        (Dimension, 2) => (WireContent.Name, default),
        (TypeProto, 1 or 8) => (WireContent.Message, TensorType),
        (TypeProto, 4) => (WireContent.Message, Sequence),
        (TypeProto, 5) => (WireContent.Message, Map),
        (TypeProto, 9) => (WireContent.Message, Optional),
        (TensorType, 2) => (WireContent.Message, TensorShapeProto),
        (Sequence or Optional, 1) => (WireContent.Message, TypeProto),
        (Map, 2) => (WireContent.Message, TypeProto),
        (ModelProto, 1 or 5) or (OperatorSetIdProto, 2) or (AttributeProto, 3 or 8 or 20) or (Segment, 1 or 2) or (SparseTensorProto, 3) or (Dimension, 1) or (TensorType or Map, 1)
            => (WireContent.Integers, default),
        _ => default,
    };
}
