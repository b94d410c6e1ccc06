using Google.Protobuf;
using RealtimeCnn.Fuzz.Oracle;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Drawing;

/// <summary>A value of a model that is being drawn.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Extent along each axis.</param>
internal readonly record struct Operand(string Name, int[] Shape)
{
    public int Rank => Shape.Length;

    public static implicit operator string(Operand operand) => operand.Name;
}

/// <summary>
/// A model that is being drawn: what is random about it follows from one seed. Whatever the oracle can tell of the values is told
/// on the way, so that a later node can be drawn to fit an earlier one.
/// </summary>
internal sealed partial class Draft
{
    private readonly Dictionary<string, OracleTensor?> _values = new(StringComparer.Ordinal);
    private readonly List<Operand> _reusable = [];
    private readonly List<string> _results = [];
    private int _names;

    /// <param name="random">Where everything random comes from.</param>
    /// <param name="opset">Version of the operator set.</param>
    public Draft(Random random, int opset)
    {
        (Random, Opset) = (random, opset);
        Model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "drawn" }, OpsetImport = { new OperatorSetIdProto { Version = opset } } };
    }

    public Random Random { get; }

    public int Opset { get; }

    public ModelProto Model { get; }

    /// <summary>Whether operands may be results of earlier nodes, as in a network, or are always fresh inputs.</summary>
    public bool Chains { get; init; }

    /// <summary>Whether the oracle follows; it would do whatever a hostile file asks for.</summary>
    public bool HasOracle { get; init; } = true;

    /// <summary>Values of the inputs by name.</summary>
    public Dictionary<string, OnnxTensor> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>The inputs whose values are told at load.</summary>
    public HashSet<string> ToldAtLoad { get; } = new(StringComparer.Ordinal);

    /// <summary>What the oracle says of a value; null where it does not know.</summary>
    public OracleTensor? ValueOf(string name) => _values.GetValueOrDefault(name);

    /// <summary>The largest absolute number among all values the oracle knows.</summary>
    public double Magnitude => _values.Values.OfType<OracleTensor>().SelectMany(tensor => tensor.Values).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <summary>An operand of floats of some rank: often an earlier result in a chain, else a new input.</summary>
    public Operand Floats(int rank, double low = -2, double high = 2) =>
        Chains && Chance(0.85) && Pick(operand => operand.Rank == rank) is { } earlier ? earlier : Input(Shape(rank), low, high);

    /// <summary>An operand of floats of a given shape.</summary>
    public Operand Floats(int[] shape, double low = -2, double high = 2) =>
        Chains && Chance(0.85) && Pick(operand => operand.Shape.SequenceEqual(shape)) is { } earlier ? earlier : Input(shape, low, high);

    /// <summary>An operand for operators that sum along axes: now and then with an axis longer than 16 bits count.</summary>
    public Operand LongFloats(int rank, double low = -2, double high = 2)
    {
        if (Chains || !Chance(0.05))
            return Floats(rank, low, high);
        int[] shape = [.. Enumerable.Repeat(1, rank)];
        shape[^1] = Next(65_000, 80_000);
        return Input(shape, low, high);
    }

    /// <summary>A new input of the network.</summary>
    public Operand Input(int[] shape, double low, double high, OnnxType type = OnnxType.Float) => Input(shape, () => Real(low, high), type);

    /// <summary>A new input of the network with values of its own.</summary>
    public Operand Input(int[] shape, Func<double> next, OnnxType type = OnnxType.Float)
    {
        string name = Name("x");
        Inputs[name] = Keep(name, shape, next, type);
        Model.Graph.Input.Add(Port(name, type, shape));
        if (type == OnnxType.Float)
            _reusable.Add(new Operand(name, shape));
        return new Operand(name, shape);
    }

    /// <summary>Whole numbers as an input of the network, both ends included.</summary>
    public Operand Whole(int[] shape, int low, int high, OnnxType type = OnnxType.Int64) => Input(shape, () => Next(low, high), type);

    /// <summary>A constant of the file; now and then an input whose value is told at load, which must come to the same.</summary>
    public Operand Constant(int[] shape, double low = -1, double high = 1, OnnxType type = OnnxType.Float) => Constant(shape, () => Real(low, high), type);

    /// <inheritdoc cref="Constant(int[], double, double, OnnxType)"/>
    public Operand Constant(int[] shape, Func<double> next, OnnxType type = OnnxType.Float)
    {
        string name = Name("c");
        var tensor = Keep(name, shape, next, type);
        if (Chance(0.1))
        {
            Inputs[name] = tensor;
            ToldAtLoad.Add(name);
            Model.Graph.Input.Add(Port(name, type, shape));
        }
        else
        {
            Model.Graph.Initializer.Add(Proto(name, tensor));
        }

        return new Operand(name, shape);
    }

    /// <summary>A vector of integers, as shapes and axes are given.</summary>
    public Operand Vector(params int[] values)
    {
        int i = 0;
        return Constant([values.Length], () => values[i++], OnnxType.Int64);
    }

    /// <summary>One number without axes.</summary>
    public Operand Scalar(double value, OnnxType type = OnnxType.Float) => Constant([], () => value, type);

    /// <summary>Adds a node of one output.</summary>
    public Operand Node(string op, IEnumerable<string> inputs, params (string Name, object? Value)[] attributes) => Nodes(op, inputs, 1, attributes)[0];

    /// <summary>Adds a node. Attributes that are null are left out.</summary>
    public Operand[] Nodes(string op, IEnumerable<string> inputs, int outputs, params (string Name, object? Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = Name(op), Input = { inputs }, Output = { Enumerable.Range(0, outputs).Select(_ => Name("y")) } };
        node.Attribute.AddRange(attributes.Where(attribute => attribute.Value != null).Select(attribute => Attribute(attribute.Name, attribute.Value!)));
        Model.Graph.Node.Add(node);
        var known = !HasOracle ? null : OnnxOracle.Evaluate(node, [.. node.Input.Select(input => input.Length == 0 ? null : _values[input])], Opset);
        return [.. node.Output.Select((output, i) => Publish(output, known != null && i < known.Length ? known[i] : null))];
    }

    /// <summary>Closes the model: whatever nobody reads is an output, and now and then something that is read.</summary>
    public void Close()
    {
        var read = Model.Graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        foreach (string result in _results.Where(result => !read.Contains(result) || Chance(0.1)))
            Model.Graph.Output.Add(Port(result, ValueOf(result)?.Type ?? OnnxType.Float, null));
    }

    private Operand Publish(string name, OracleTensor? value)
    {
        _values[name] = value;
        _results.Add(name);
        var operand = new Operand(name, value?.Shape ?? []);
        if (value is { Type: OnnxType.Float, Count: > 0 and < 5000 } && value.Values.All(x => Math.Abs(x) < 50))
            _reusable.Add(operand);
        return operand;
    }

    private Operand? Pick(Func<Operand, bool> fits)
    {
        var fitting = _reusable.Where(fits).ToList();
        // The later a value was made, the likelier it is taken: graphs grow deep rather than wide.
        return fitting.Count == 0 ? null : fitting[Math.Max(Random.Next(fitting.Count), Random.Next(fitting.Count))];
    }

    private OnnxTensor Keep(string name, int[] shape, Func<double> next, OnnxType type)
    {
        double[] values = new double[OracleTensor.Size(shape)];
        for (int i = 0; i < values.Length; i++)
            values[i] = next();
        var tensor = OnnxTensor.From(type, new Shape(shape), values);
        _values[name] = new OracleTensor(type, shape, tensor.ToDoubles());
        return tensor;
    }

    private string Name(string stem) => $"{stem}{++_names}";

    private static TensorProto Proto(string name, OnnxTensor tensor) => new()
    {
        Name = name, DataType = (int)tensor.Type, Dims = { tensor.Shape.ToArray().Select(extent => (long)extent) }, RawData = ByteString.CopyFrom(tensor.Bytes.Span),
    };

    private static ValueInfoProto Port(string name, OnnxType type, int[]? shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (shape != null)
            tensor.Shape = new TensorShapeProto { Dim = { shape.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }) } };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int number => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = number },
        bool flag => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = flag ? 1 : 0 },
        double number => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)number },
        string text => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        int[] numbers => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { numbers.Select(number => (long)number) } },
        double[] numbers => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { numbers.Select(number => (float)number) } },
        OnnxTensor tensor => new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = Proto(name, tensor) },
        _ => throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}.", nameof(value)),
    };
}
