using Google.Protobuf;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Export;

/// <summary>
/// Writes graphs as ONNX files: IR version 8, the oldest operator set from 17 on that has every operator needed, weights as
/// float32. Layers without an operator of their own are decomposed; docs/onnx.md lists them.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Version of the file format that is written.</summary>
    public const int IrVersion = 8;

    /// <summary>The oldest operator set that is written.</summary>
    public const int LeastOpset = 17;

    /// <summary>Writes a graph to a file, whole or not at all: where that fails, a file that was there stays.</summary>
    /// <param name="path">Path of the file; overwritten if it is there.</param>
    /// <param name="graph">What to write.</param>
    /// <param name="metadata">Labels, preprocessing and head that travel with it; null for none.</param>
    /// <param name="operators">How layers of other assemblies are written; null for none.</param>
    /// <exception cref="OnnxException">A layer cannot be written; all such nodes are listed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Graph graph, OnnxMetadata? metadata = null, IReadOnlyList<OnnxOperator>? operators = null) =>
        ModelFile.Write(path, ToBytes(graph, metadata, operators));

    /// <summary>A graph as the bytes of a file.</summary>
    /// <param name="graph">What to write.</param>
    /// <param name="metadata">Labels, preprocessing and head that travel with it; null for none.</param>
    /// <param name="operators">How layers of other assemblies are written; null for none.</param>
    /// <exception cref="OnnxException">A layer cannot be written; all such nodes are listed.</exception>
    public static byte[] ToBytes(Graph graph, OnnxMetadata? metadata = null, IReadOnlyList<OnnxOperator>? operators = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = graph.InferShapes();
        OnnxPort Port(Node node) => new(node.Name, OnnxType.Float, shapes[node]);
        return ToBytes(graph, [.. graph.Inputs.Select(Port)], null, metadata ?? new OnnxMetadata(), operators ?? []);
    }

    /// <summary>A graph as the bytes of a file, with ends of given names and types.</summary>
    /// <param name="graph">What to write.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">Its outputs; null for the nodes' names, in the types that the operators give.</param>
    /// <param name="metadata">What travels with it.</param>
    /// <param name="operators">How layers of other assemblies are written.</param>
    internal static byte[] ToBytes(
        Graph graph, IReadOnlyList<OnnxPort> inputs, IReadOnlyList<OnnxPort>? outputs, OnnxMetadata metadata, IReadOnlyList<OnnxOperator> operators)
    {
        var custom = OnnxOperator.ByLayer(operators);
        var shapes = graph.InferShapes();
        var file = new ExportGraph();
        var values = new Dictionary<Node, string>();
        for (int i = 0; i < inputs.Count; i++)
        {
            string name = values[graph.Inputs[i]] = file.Reserve(inputs[i].Name);
            file.Declare(name, inputs[i].Type);
            file.Proto.Input.Add(ExportGraph.Port(name, inputs[i].Type, inputs[i].Shape));
        }

        // Names of outputs are the callers'; a node that is called otherwise, or is another type, is followed by one that is not.
        var wanted = outputs?.Select(output => output.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var problems = new List<string>();
        var others = graph.Nodes.Where(node => node.Layer is NodeOutput).ToLookup(node => node.Inputs[0]);
        foreach (var node in graph.Nodes.Where(node => node.Layer is not (Input or NodeOutput)))
        {
            Shape[] read = [.. node.Inputs.Select(input => shapes[input])];
            string[] names = NameOutputs(node, node.Layer.InferShapes(read).Length, others[node], values, Reserve, ReserveUnread);
            var write = custom.TryGetValue(node.Layer.GetType(), out var op) ? op.Export : OnnxLayers.FindWriter(node.Layer.GetType());
            try
            {
                var written = new ExportNode(file, node, [.. node.Inputs.Select(input => values[input])], read, shapes[node], names);
                (write ?? throw written.Unsupported(node.Layer.GetType().Assembly == typeof(Layer).Assembly
                    ? "there is no operator for it." : $"it comes from assembly {node.Layer.GetType().Assembly.GetName().Name}; give an {nameof(OnnxOperator)} for it.")).Invoke(written);
            }
            catch (OnnxException problem)
            {
                problems.Add(problem.Message);
                foreach (string name in names)
                    file.Declare(name, OnnxType.Float);
            }
        }

        if (problems.Count > 0)
            throw new OnnxException(string.Join(Environment.NewLine, problems));

        string Reserve(Node node)
        {
            bool isOutput = outputs?.Where((output, i) => graph.Outputs[i] == node && output.Name == node.Name).Any() ?? true;
            return isOutput ? file.Reserve(node.Name) : ReserveUnread(node.Name);
        }

        string ReserveUnread(string name) => file.Reserve(wanted.Contains(name) ? $"{name}/value" : name);

        WriteOutputs(graph, shapes, values, outputs, file);
        var model = new ModelProto
        {
            IrVersion = IrVersion, ProducerName = "RealtimeCnn", ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3),
            OpsetImport = { new OperatorSetIdProto { Version = file.Opset }, file.Domains.Select(entry => new OperatorSetIdProto { Domain = entry.Key, Version = entry.Value }) },
            Graph = file.Proto,
            MetadataProps = { metadata.Entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
        };
        return model.ToByteArray();
    }

    /// <summary>Names of a node's outputs: its own, and those of the nodes that stand for the others.</summary>
    private static string[] NameOutputs(Node node, int count, IEnumerable<Node> others, Dictionary<Node, string> values, Func<Node, string> reserve, Func<string, string> reserveUnread)
    {
        string[] names = new string[count];
        names[0] = values[node] = reserve(node);
        foreach (var other in others)
        {
            int index = ((NodeOutput)other.Layer).Index;
            values[other] = names[index] ??= reserve(other);
        }

        for (int i = 1; i < names.Length; i++)
            names[i] ??= reserveUnread($"{node.Name}:{i}");
        return names;
    }

    private static void WriteOutputs(Graph graph, IReadOnlyDictionary<Node, Shape> shapes, Dictionary<Node, string> values, IReadOnlyList<OnnxPort>? outputs, ExportGraph file)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            string value = values[graph.Outputs[i]];
            var type = outputs?[i].Type ?? file.TypeOf(value);
            string name = outputs?[i].Name ?? value;
            bool isItself = name == value && file.TypeOf(value) == type && graph.Outputs[i].Layer is not Input && used.Add(name);
            if (!isItself)
            {
                if (outputs == null)
                    name = file.Reserve($"{value}/output");
                else if (name == value && !used.Contains(name) && graph.Outputs[i].Layer is not Input)
                    value = values[graph.Outputs[i]] = file.Rename(value, $"{value}/value");
                else if (name == value)
                    name = file.Reserve($"{value}/output");
                used.Add(name);
                file.Emit(type == file.TypeOf(value) ? "Identity" : "Cast", [value], [name], type, type == file.TypeOf(value) ? [] : [Attributes.Int("to", (int)type)]);
            }

            file.Proto.Output.Add(ExportGraph.Port(name, type, shapes[graph.Outputs[i]]));
        }
    }
}
