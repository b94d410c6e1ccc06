using Google.Protobuf;
using RealtimeCnn.Graphs;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx.Export;

/// <summary>The file as it grows: nodes, initialisers, the type of every value, and the oldest operator set that has all of it.</summary>
internal sealed class ExportGraph
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<Parameter, string> _parameters = [];
    private readonly Dictionary<(string, OnnxType), string> _casts = [];

    public GraphProto Proto { get; } = new() { Name = "graph" };

    /// <summary>Operator set version; grows with what nodes need.</summary>
    public long Opset { get; private set; } = OnnxExporter.LeastOpset;

    public OnnxType TypeOf(string value) => _types[value];

    public void Need(long opset) => Opset = Math.Max(Opset, opset);

    /// <summary>Operator sets of other domains, by domain.</summary>
    public SortedDictionary<string, long> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>Declares the operator set of another domain.</summary>
    public void Import(string domain, long version) => Domains[domain] = Math.Max(Domains.GetValueOrDefault(domain), version);

    /// <summary>Takes a name; where it is taken already, one like it.</summary>
    public string Reserve(string wanted)
    {
        string name = wanted;
        for (int number = 2; !_names.Add(name); number++)
            name = $"{wanted}#{number}";
        return name;
    }

    public void Declare(string value, OnnxType type) => _types[value] = type;

    public void Emit(string op, IEnumerable<string> inputs, IEnumerable<string> outputs, OnnxType type, IEnumerable<AttributeProto> attributes, string domain = "")
    {
        string[] results = [.. outputs];
        Proto.Node.Add(new NodeProto { Domain = domain, OpType = op, Name = results[0], Input = { inputs }, Output = { results }, Attribute = { attributes } });
        foreach (string result in results)
            _types[result] = type;
    }

    /// <summary>A value in another type.</summary>
    public string As(string value, OnnxType type)
    {
        if (_types[value] == type)
            return value;
        if (!_casts.TryGetValue((value, type), out string? cast))
        {
            cast = Reserve($"{value}/{type.Text()}");
            Emit("Cast", [value], [cast], type, [Attributes.Int("to", (int)type)]);
            _casts[(value, type)] = cast;
        }

        return cast;
    }

    /// <summary>Gives another name to a value, so that its own becomes free.</summary>
    public string Rename(string value, string wanted)
    {
        string name = Reserve(wanted);
        foreach (var node in Proto.Node)
        {
            Replace(node.Input, value, name);
            Replace(node.Output, value, name);
        }

        _types[name] = _types[value];
        return name;
    }

    private static void Replace(Google.Protobuf.Collections.RepeatedField<string> names, string old, string name)
    {
        for (int i = 0; i < names.Count; i++)
            names[i] = names[i] == old ? name : names[i];
    }

    public string Constant(OnnxTensor tensor, string wanted)
    {
        string name = Reserve(wanted);
        Proto.Initializer.Add(ToProto(tensor, name));
        _types[name] = tensor.Type;
        return name;
    }

    /// <summary>A parameter, written once however many nodes share it.</summary>
    public string Parameter(Parameter parameter, Shape shape, string wanted)
    {
        if (shape == parameter.Shape && _parameters.TryGetValue(parameter, out string? name))
            return name;
        name = Constant(OnnxTensor.From(OnnxType.Float, shape, parameter.Values), wanted);
        if (shape == parameter.Shape)
            _parameters[parameter] = name;
        return name;
    }

    public static TensorProto ToProto(OnnxTensor tensor, string name) => new()
    {
        Name = name, DataType = (int)tensor.Type, Dims = { tensor.Shape.ToArray().Select(extent => (long)extent) }, RawData = ByteString.CopyFrom(tensor.Bytes.Span),
    };

    public static ValueInfoProto Port(string name, OnnxType type, Shape shape)
    {
        var dims = new TensorShapeProto();
        foreach (int extent in shape.ToArray())
            dims.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dims } } };
    }
}

/// <summary>One node of a graph as it is written: its inputs by name, and ways to write what it becomes.</summary>
internal sealed class ExportNode(ExportGraph graph, Node node, IReadOnlyList<string> inputs, IReadOnlyList<Shape> shapes, Shape output, IReadOnlyList<string> names)
{
    public ExportGraph Graph { get; } = graph;

    public Node Node { get; } = node;

    public IReadOnlyList<Shape> Shapes { get; } = shapes;

    public Shape Output { get; } = output;

    public int InputCount => inputs.Count;

    /// <summary>Input as float32.</summary>
    public string Input(int index = 0) => Graph.As(inputs[index], OnnxType.Float);

    /// <summary>Input in a given type.</summary>
    public string Input(int index, OnnxType type) => Graph.As(inputs[index], type);

    /// <summary>Input in the type that it has.</summary>
    public string RawInput(int index = 0) => inputs[index];

    public OnnxType InputType(int index = 0) => Graph.TypeOf(inputs[index]);

    /// <summary>A parameter of the layer, possibly under another shape.</summary>
    public string Parameter(int index, Shape? shape = null) =>
        Graph.Parameter(Node.Parameters[index], shape ?? Node.Parameters[index].Shape, $"{Node.Name}.{Node.Layer.Parameters[index].Name}");

    public string Constant(OnnxTensor tensor, string role) => Graph.Constant(tensor, $"{Node.Name}.{role}");

    public string Vector(string role, params IEnumerable<int> values) => Constant(OnnxTensor.Vector([.. values.Select(value => (long)value)]), role);

    /// <summary>The shape in which one number a channel broadcasts to the input.</summary>
    public Shape PerChannel(int channels) => new([channels, .. Enumerable.Repeat(1, Math.Max(Shapes[0].Rank - 2, 0))]);

    public string Scalar(string role, double value) => Constant(OnnxTensor.Scalar(OnnxType.Float, value), role);

    /// <summary>Writes an operator between others.</summary>
    public string Emit(string op, IEnumerable<string> operands, params IEnumerable<AttributeProto> attributes)
    {
        string result = Graph.Reserve($"{Node.Name}/{op}");
        Graph.Emit(op, operands, [result], OnnxType.Float, attributes);
        return result;
    }

    /// <summary>Writes the operator whose result is the node's.</summary>
    public void Result(string op, IEnumerable<string> operands, params IEnumerable<AttributeProto> attributes) => Typed(OnnxType.Float, op, operands, attributes);

    /// <summary>Writes the operator of another domain whose results are the node's.</summary>
    public void Result(string domain, string op, IEnumerable<string> operands, IEnumerable<AttributeProto> attributes) =>
        Graph.Emit(op, operands, names, OnnxType.Float, attributes, domain);

    public void Typed(OnnxType type, string op, IEnumerable<string> operands, params IEnumerable<AttributeProto> attributes) =>
        Graph.Emit(op, operands, [names[0]], type, attributes);

    /// <summary>Writes an operator whose results are all outputs of the node, each of a type.</summary>
    public void Results(string op, IEnumerable<string> operands, IReadOnlyList<OnnxType> types, params IEnumerable<AttributeProto> attributes)
    {
        Graph.Emit(op, operands, names, types[0], attributes);
        for (int i = 0; i < names.Count; i++)
            Graph.Declare(names[i], types[i]);
    }

    public OnnxException Unsupported(string reason) => new($"{Node} cannot be written as ONNX: {reason}");
}
