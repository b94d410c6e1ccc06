using Google.Protobuf;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Damage;

/// <summary>Damages what a model says while the file stays well-formed: numbers, names, types, shapes and operators, the same for each seed.</summary>
internal static class ModelMutator
{
    private static readonly string[] Operators = [.. OnnxLayers.Operators];

    public static byte[] Mutate(byte[] file, int seed)
    {
        var random = new Random(seed);
        var model = ModelProto.Parser.ParseFrom(file);
        for (int edits = random.Next(1, 4); edits > 0; edits--)
            Edit(model, random);
        return model.ToByteArray();
    }

    private static void Edit(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var node = graph.Node.Count == 0 ? new NodeProto() : graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(18))
        {
            case 0 or 1 or 2 when node.Attribute.Count > 0:
                AttributeMutator.Edit(node.Attribute[random.Next(node.Attribute.Count)], random);
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
            case 7 or 8 when graph.Initializer.Count > 0:
                TensorMutator.Edit(graph.Initializer[random.Next(graph.Initializer.Count)], random);
                break;
            case 9 or 10 when graph.Input.Count > 0 && graph.Input[random.Next(graph.Input.Count)].Type?.TensorType is { } port:
                EditPort(port, random);
                break;
            case 11:
                Windows(node, random);
                break;
            case 12 when node.Input.Count > 0:
                node.Input.AddRange(Enumerable.Repeat(node.Input[0], 1 << random.Next(0, 9)).ToArray());
                break;
            case 13:
                graph.Node.Add(node.Clone());
                break;
            case 14 when graph.Initializer.Count > 0:
                graph.Initializer.Add(graph.Initializer[random.Next(graph.Initializer.Count)].Clone());
                break;
            case 15:
                Rename(model, node.Output.FirstOrDefault() ?? string.Empty, new string(random.Next(2) == 0 ? 'n' : '\u001B', 1 << random.Next(0, 13)));
                break;
            case 16 when model.OpsetImport.Count > 0:
                model.OpsetImport[0].Version = random.Next(2) == 0 ? random.Next(0, 30) : Extremes.Any(random);
                break;
            default:
                node.Input.Add(AnyName(graph, random));
                break;
        }
    }

    private static void EditPort(TypeProto.Types.Tensor port, Random random)
    {
        var shape = port.Shape;
        switch (random.Next(4))
        {
            case 0:
                port.ElemType = random.Next(0, 18);
                break;
            case 1 when shape is { Dim.Count: > 0 }:
                shape.Dim.RemoveAt(random.Next(shape.Dim.Count));
                break;
            case 2 when shape != null:
                shape.Dim.Insert(random.Next(shape.Dim.Count + 1), new TensorShapeProto.Types.Dimension { DimValue = random.Next(0, 3) });
                break;
            default:
                if (shape is { Dim.Count: > 0 })
                    shape.Dim[random.Next(shape.Dim.Count)].DimValue = random.Next(3) == 0 ? random.Next(0, 40) : Extremes.Any(random);
                break;
        }
    }

    /// <summary>A window whose reach, padding or step wraps around 32 bits to something that looks as if it fitted.</summary>
    private static void Windows(NodeProto node, Random random)
    {
        int axes = random.Next(1, 3);
        long gap = random.Next(1, 2000), kernel = random.Next(2) == 0 ? random.Next(1, 9) : (((1L << 32) + random.Next(1, 9)) / gap) + 1;
        long before = random.Next(3) switch { 0 => random.Next(-9, 9), 1 => int.MaxValue - random.Next(0, 3000), _ => Extremes.Any(random) };
        Replace(node, "kernel_shape", [kernel, .. Enumerable.Repeat(1L, axes - 1)]);
        Replace(node, "dilations", [gap, .. Enumerable.Repeat(1L, axes - 1)]);
        Replace(node, "strides", [random.Next(2) == 0 ? gap : 1, .. Enumerable.Repeat(1L, axes - 1)]);
        Replace(node, "pads", [before, .. new long[(2 * axes) - 1]]);
    }

    private static void Replace(NodeProto node, string name, long[] values)
    {
        foreach (var old in node.Attribute.Where(attribute => attribute.Name == name).ToList())
            node.Attribute.Remove(old);
        node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } });
    }

    private static void Rename(ModelProto model, string from, string to)
    {
        foreach (var node in model.Graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            for (int i = 0; i < node.Output.Count; i++)
                node.Output[i] = node.Output[i] == from ? to : node.Output[i];
        }

        foreach (var output in model.Graph.Output.Where(output => output.Name == from))
            output.Name = to;
    }

    private static string AnyName(GraphProto graph, Random random)
    {
        string[] names = [.. graph.Input.Select(input => input.Name), .. graph.Initializer.Select(initializer => initializer.Name), .. graph.Node.SelectMany(node => node.Output), string.Empty];
        return names[random.Next(names.Length)];
    }
}
