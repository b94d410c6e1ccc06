using Google.Protobuf;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Reading;

/// <summary>Parses the messages of a file that nobody vouches for, within limits.</summary>
internal static class ModelReader
{
    /// <summary>Reads a model, without the data of its large tensors: those stay in the file (<see cref="WireSkeleton"/>).</summary>
    /// <exception cref="OnnxException">This is no ONNX model, or it is larger than the limits allow.</exception>
    public static ModelProto Read(Stream file, OnnxLimits limits, string name)
    {
        var model = Parse(ModelProto.Parser, WireMessage.ModelProto, file, limits, $"'{name}' is not an ONNX model", new WireSkeleton(file).Build);
        if (model.Graph == null || model.IrVersion == 0)
            throw new OnnxException($"'{name}' is not an ONNX model: it has no {(model.Graph == null ? "graph" : "IR version")}.");
        if (model.IrVersion < 3)
            throw OnnxException.Unsupported("IR version", $"'{name}' has IR version {model.IrVersion}; 3 and up are supported.");
        if (model.OpsetImport.Count == 0)
            throw new OnnxException($"'{name}' declares no operator set.");
        VerifyCounts(model.Graph, limits, name);
        return model;
    }

    /// <summary>A tensor of its own, as test data and tools store it.</summary>
    public static OnnxTensor ReadTensor(byte[] file, OnnxLimits limits, string name)
    {
        var proto = Parse(TensorProto.Parser, WireMessage.TensorProto, new MemoryStream(file, writable: false), limits, $"'{name}' is not an ONNX tensor", () => file);
        using var tensors = new TensorReader(null, new Budget(limits));
        return tensors.Read(proto, proto.Name.Length == 0 ? name : proto.Name);
    }

    private static void VerifyCounts(GraphProto graph, OnnxLimits limits, string name)
    {
        long nodes = (long)graph.Node.Count + graph.Input.Count + graph.Output.Count;
        if (nodes > limits.MaxNodes)
            throw OnnxException.Limit($"'{name}' has {nodes} nodes, inputs and outputs, more than the limit of {limits.MaxNodes}", nameof(OnnxLimits.MaxNodes));
        long connections = graph.Initializer.Count + graph.Node.Sum(node => (long)node.Input.Count + node.Output.Count + node.Attribute.Count);
        if (connections > limits.MaxConnections)
            throw OnnxException.Limit($"'{name}' has {connections} inputs, outputs and attributes of nodes, and constants, more than the limit of {limits.MaxConnections}", nameof(OnnxLimits.MaxConnections));
    }

    private static TMessage Parse<TMessage>(MessageParser<TMessage> parser, WireMessage message, Stream file, OnnxLimits limits, string wrong, Func<byte[]> bytes)
        where TMessage : IMessage<TMessage>
    {
        if (file.Length > limits.MaxFileBytes)
            throw OnnxException.Limit($"{wrong}, or a larger one than the limit of {limits.MaxFileBytes} bytes", nameof(OnnxLimits.MaxFileBytes));
        if (file.Length == 0)
            throw new OnnxException($"{wrong}: the file is empty.");
        Span<byte> start = stackalloc byte[(int)Math.Min(file.Length, FileKind.Bytes)];
        file.Position = 0;
        file.ReadExactly(start);
        if (FileKind.Of(start) is { } kind)
            throw new OnnxException($"{wrong}: {kind}.");
        try
        {
            new WireScanner(limits, file).Scan(message);
            return parser.WithDiscardUnknownFields(true).ParseFrom(bytes());
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw new OnnxException($"{wrong}, or it is damaged: {problem.Message}", problem);
        }
        catch (InvalidDataException problem)
        {
            throw new OnnxException($"{wrong}, or it is damaged: {problem.Message}", problem);
        }
    }
}
