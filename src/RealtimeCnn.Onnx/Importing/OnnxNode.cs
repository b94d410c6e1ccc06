using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Evaluation;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>One node of a file as a mapping sees it: typed attributes with their defaults, inputs, and where its outputs go.</summary>
internal sealed class OnnxNode
{
    private const int MaxTextBytes = 1000;

    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly NodeProto _proto;
    private readonly Value?[] _inputs;
    private readonly TensorReader _tensors;

    public OnnxNode(NodeProto proto, long opset, Value?[] inputs, TensorReader tensors, GraphAssembly graph)
    {
        (_proto, Opset, _inputs, _tensors, Graph) = (proto, opset, inputs, tensors, graph);
        foreach (var attribute in proto.Attribute)
            _attributes[attribute.Name] = attribute;
        Results = new Value?[proto.Output.Count];
    }

    public string Op => _proto.OpType;

    /// <summary>Operator set version of the node's domain.</summary>
    public long Opset { get; }

    /// <summary>The graph that is being made.</summary>
    public GraphAssembly Graph { get; }

    /// <summary>Name for messages: the node's own, or its first output's.</summary>
    public string Name => NameOf(_proto);

    public int InputCount => _inputs.Length;

    public int OutputCount => _proto.Output.Count;

    /// <summary>What the mapping made, output by output.</summary>
    public Value?[] Results { get; }

    /// <summary>Attributes that the mapping did not ask for.</summary>
    public IEnumerable<string> UnreadAttributes => _attributes.Keys.Where(name => !_read.Contains(name));

    public static string NameOf(NodeProto proto) =>
        proto.Name.Length > 0 ? proto.Name : proto.Output.FirstOrDefault(output => output.Length > 0) ?? proto.OpType;

    public static string OpOf(NodeProto proto) => proto.Domain is "" or "ai.onnx" ? proto.OpType : $"{proto.Domain}.{proto.OpType}";

    public bool Has(string attribute) => _attributes.ContainsKey(attribute);

    public long Int(string name, long otherwise) => Find(name, AttributeProto.Types.AttributeType.Int)?.I ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public float Float(string name, float otherwise) => Find(name, AttributeProto.Types.AttributeType.Float)?.F ?? otherwise;

    public string Text(string name, string otherwise)
    {
        var text = Find(name, AttributeProto.Types.AttributeType.String)?.S;
        if (text?.Length > MaxTextBytes)
            throw Problem($"attribute '{name}'", $"has {text.Length} bytes of text; at most {MaxTextBytes} are possible.");
        return text?.ToStringUtf8() ?? otherwise;
    }

    public long[]? Ints(string name) => Find(name, AttributeProto.Types.AttributeType.Ints)?.Ints.ToArray();

    public float[]? Floats(string name) => Find(name, AttributeProto.Types.AttributeType.Floats)?.Floats.ToArray();

    public OnnxTensor? Tensor(string name) =>
        Find(name, AttributeProto.Types.AttributeType.Tensor) is { } attribute
            ? _tensors.Read(attribute.T ?? throw Problem(name, "has no tensor."), $"{Name}.{name}")
            : null;

    public bool HasInput(int index) => index < _inputs.Length && _inputs[index] != null;

    /// <summary>Whether anything reads output <paramref name="index"/>, or could.</summary>
    public bool HasOutput(int index) => index < _proto.Output.Count && _proto.Output[index].Length > 0;

    public Value Input(int index) => index < _inputs.Length && _inputs[index] is { } value
        ? value
        : throw Problem($"input {index}", "is missing.");

    /// <summary>Every input of an operator that takes any number of them, at least one.</summary>
    public Value[] AllInputs() => [.. Enumerable.Range(0, Math.Max(InputCount, 1)).Select(Input)];

    public Value? OptionalInput(int index) => HasInput(index) ? _inputs[index] : null;

    /// <summary>An input whose value must be told at load, because it shapes the network or is a parameter of a layer.</summary>
    public OnnxTensor Constant(int index, string role)
    {
        var value = Input(index);
        return value.Resolve() ?? throw Unsupported(role, $"'{value.Name}' is computed while the network runs; it must be a constant of the file, or be given at load.");
    }

    public OnnxTensor? OptionalConstant(int index, string role) => HasInput(index) ? Constant(index, role) : null;

    /// <summary>A constant that is one number, whatever its axes.</summary>
    public OnnxTensor Number(int index, string role) =>
        Constant(index, role) is { Count: 1 } number ? number : throw Problem(role, $"{Constant(index, role)} must be one number.");

    /// <summary>Integers from an attribute in older operator sets and from an input in newer ones.</summary>
    public long[]? IntsFrom(string attribute, int input) => Ints(attribute) ?? OptionalConstant(input, attribute)?.ToInt64s();

    /// <summary>Adds a layer on inputs; its result has the type of the first one unless told.</summary>
    public Value Add(Layer layer, Value input, params ReadOnlySpan<Tensor> parameters) => Graph.Add(layer, [input], parameters.ToArray(), input.Type);

    /// <summary>Adds a layer.</summary>
    public Value Add(Layer layer, IReadOnlyList<Value> inputs, OnnxType? type = null, IReadOnlyList<Tensor>? parameters = null) =>
        Graph.Add(layer, inputs, parameters ?? [], type ?? inputs[0].Type);

    /// <summary>Another output of the layer that computes a value.</summary>
    /// <param name="first">Its first output.</param>
    /// <param name="index">Number of the output.</param>
    /// <param name="type">Its type.</param>
    public Value Output(Value first, int index, OnnxType type) =>
        first.Constant == null ? Add(new NodeOutput(index), [first], type) : new Value(null, OnnxTensor.From(type, first.Shape, ReadOnlySpan<double>.Empty));

    /// <summary>A number of its own as an operand.</summary>
    public static Value Scalar(double value, OnnxType type = OnnxType.Float) => new(null, OnnxTensor.Scalar(type, value));

    /// <summary>The same value as another type: what changes is only how it is written out.</summary>
    public Value Retyped(Value value, OnnxType type) => type == value.Type ? value
        : value.Constant != null ? new Value(null, Make(value.Shape, $"A cast to {type.Text()}", () => HostShapes.Cast(value.Constant, type)))
        : value.Node != null ? new Value(null, type, value.Shape) { Node = value.Node }
        : Graph.Add(value.Layer!, value.Inputs, value.Parameters, type);

    /// <summary>A constant that the importer computes, counted before it is.</summary>
    /// <param name="shape">Its shape, or that of what it is made of.</param>
    /// <param name="what">What to call it in messages.</param>
    /// <param name="make">Computes it.</param>
    public OnnxTensor Make(Shape shape, string what, Func<OnnxTensor> make)
    {
        Graph.Budget.Step(shape.Count, what);
        return Graph.Keep(make());
    }

    /// <summary>A constant with the same number everywhere, counted before it is made.</summary>
    public Value Filled(OnnxType type, Shape shape, double value, string what) => new(null, Make(shape, what, () => OnnxTensor.Compute(type, shape, (int _) => value)));

    /// <summary>Says which value is the node's output.</summary>
    public void Return(Value value, int output = 0)
    {
        if (output < Results.Length)
            Results[output] = value;
    }

    /// <summary>An axis that may be counted from the end.</summary>
    public static int Axis(long axis, int rank, string role = "axis")
    {
        if (axis < -rank || axis >= Math.Max(rank, 1))
            throw Problem(role, $"is {axis}; the input has {rank} axes.");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Axes that may be counted from the end, each once.</summary>
    public static int[] Axes(IEnumerable<long> axes, int rank, string role = "axes")
    {
        int[] result = [.. axes.Select(axis => Axis(axis, rank, role))];
        return result.Distinct().Count() == result.Length ? result : throw Problem(role, $"names an axis twice: {string.Join(", ", result)}.");
    }

    /// <summary>The file is right, but asks for something that is not supported.</summary>
    public static MappingException Unsupported(string attribute, string reason) => new(attribute, reason, true);

    /// <summary>The file is wrong.</summary>
    public static MappingException Problem(string attribute, string reason) => new(attribute, reason, false);

    private AttributeProto? Find(string name, AttributeProto.Types.AttributeType type)
    {
        _read.Add(name);
        if (!_attributes.TryGetValue(name, out var attribute))
            return null;
        if (attribute.RefAttrName.Length > 0)
            throw Unsupported($"attribute '{name}'", "refers to an attribute of a function; functions are not supported.");
        // Files of IR version 3 and before may leave the type out.
        if (attribute.Type != type && attribute.Type != AttributeProto.Types.AttributeType.Undefined)
            throw Problem($"attribute '{name}'", $"is of type {attribute.Type}; it must be {type}.");
        return attribute;
    }
}

/// <summary>Why one node cannot be mapped.</summary>
internal sealed class MappingException(string attribute, string reason, bool isUnsupported) : Exception(reason)
{
    public string Attribute { get; } = attribute;

    public bool IsUnsupported { get; } = isUnsupported;
}
