using Google.Protobuf;
using RealtimeCnn.Onnx.Importing;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Damages what a model says while the file stays well-formed: numbers, names, types, shapes and operators, the same for each seed.</summary>
internal static class ModelMutator
{
    private static readonly long[] Numbers = [0, 1, -1, 2, 3, 7, 64, 1 << 20, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
    private static readonly string[] Operators = [.. OnnxLayers.Operators];

    public static byte[] Mutate(byte[] file, int seed)
    {
        var random = new Random(seed);
        var model = ModelProto.Parser.ParseFrom(file);
        for (int edits = random.Next(1, 4); edits > 0; edits--)
            Edit(model.Graph, random);
        return model.ToByteArray();
    }

    private static void Edit(GraphProto graph, Random random)
    {
        var node = graph.Node.Count == 0 ? new NodeProto() : graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(10))
        {
            case 0 or 1 or 2 when node.Attribute.Count > 0:
                Edit(node.Attribute[random.Next(node.Attribute.Count)], random);
                break;
            case 3 when node.Attribute.Count > 0:
                node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                break;
            case 4 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = AnyName(graph, random);
                break;
            case 5 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 6:
                node.OpType = Operators[random.Next(Operators.Length)];
                break;
            case 7 when graph.Initializer.Count > 0:
                Edit(graph.Initializer[random.Next(graph.Initializer.Count)], random);
                break;
            case 8 when graph.Input.Count > 0 && graph.Input[random.Next(graph.Input.Count)].Type?.TensorType is { } port:
                if (random.Next(2) == 0)
                    port.ElemType = random.Next(0, 18);
                else if (port.Shape is { Dim.Count: > 0 } shape)
                    shape.Dim[random.Next(shape.Dim.Count)].DimValue = Numbers[random.Next(Numbers.Length)];
                break;
            default:
                node.Input.Add(AnyName(graph, random));
                break;
        }
    }

    private static void Edit(AttributeProto attribute, Random random)
    {
        switch (random.Next(4))
        {
            case 0 when attribute.Ints.Count > 0:
                attribute.Ints.Add(Numbers[random.Next(Numbers.Length)]);
                break;
            case 1 when attribute.T != null:
                Edit(attribute.T, random);
                break;
            default:
                attribute.I = Numbers[random.Next(Numbers.Length)];
                attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => -1e30f };
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.Next(attribute.Ints.Count)] = Numbers[random.Next(Numbers.Length)];
                break;
        }
    }

    private static void Edit(TensorProto tensor, Random random)
    {
        if (random.Next(3) == 0)
            tensor.DataType = random.Next(0, 18);
        else if (random.Next(2) == 0 && tensor.Int64Data.Count > 0)
            tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = Numbers[random.Next(Numbers.Length)];
        else if (tensor.DataType == 7 && tensor.RawData.Length >= 8)
            tensor.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(Numbers[random.Next(Numbers.Length)]), .. tensor.RawData.Span[8..].ToArray()]);
        else if (tensor.Dims.Count > 0)
            tensor.Dims[random.Next(tensor.Dims.Count)] = Numbers[random.Next(Numbers.Length)];
    }

    private static string AnyName(GraphProto graph, Random random)
    {
        string[] names = [.. graph.Input.Select(input => input.Name), .. graph.Initializer.Select(initializer => initializer.Name), .. graph.Node.SelectMany(node => node.Output), string.Empty];
        return names[random.Next(names.Length)];
    }
}
