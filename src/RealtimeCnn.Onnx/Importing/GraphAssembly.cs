using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>The graph as it grows: layers with their shapes, names, the tensors they own, and what they cost.</summary>
internal sealed class GraphAssembly(Budget budget) : IDisposable
{
    // What people can still tell apart; the ends of the graph keep their full names beside it.
    private const int MaxNameLength = 1000;

    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly HashSet<object> _kept = [];
    private readonly Dictionary<OnnxTensor, List<Tensor>> _converted = [];
    private readonly List<Tensor> _owned = [];
    private readonly GraphBuilder _builder = new();
    private readonly HashSet<Tensor> _inGraph = [];
    private readonly List<Value> _pending = [];
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    public Budget Budget { get; } = budget;

    /// <summary>What a user should know about the graph although nothing is wrong with it.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    public void Note(string text) => _notes.Add(Printable.Text(text, MaxNameLength));

    /// <summary>Counts a constant that the importer made, unless it shares the memory of one that is counted.</summary>
    public OnnxTensor Keep(OnnxTensor constant)
    {
        if (!constant.IsStored && MemoryMarshal.TryGetArray(constant.Bytes, out var bytes) && bytes.Array != null && _kept.Add(bytes.Array))
            Budget.Keep(constant.Bytes.Length, $"The constant {constant}");
        return constant;
    }

    /// <summary>A parameter of a layer: a constant of the file as float32, under the shape the layer wants.</summary>
    public Tensor Parameter(OnnxTensor constant, Shape shape)
    {
        if (!_converted.TryGetValue(constant, out var forms))
            _converted[constant] = forms = [];
        if (forms.Find(form => form.Shape == shape) is { } known)
            return known;
        if (shape.Count != constant.Count)
            throw new ShapeException($"a parameter of shape {shape} cannot be made of {constant}.");
        CountParameter(constant.Shape);
        var tensor = constant.ToTensor();
        _owned.Add(tensor);
        if (shape != constant.Shape)
        {
            var unshaped = tensor;
            _owned[^1] = tensor = unshaped.Reshaped(shape);
            unshaped.Dispose();
        }

        forms.Add(tensor);
        return tensor;
    }

    public Tensor Parameter(OnnxTensor constant) => Parameter(constant, constant.Shape);

    /// <summary>A parameter that the importer computed.</summary>
    public Tensor Parameter(Shape shape, ReadOnlySpan<float> values)
    {
        CountParameter(shape);
        var tensor = new Tensor(shape, values);
        _owned.Add(tensor);
        return tensor;
    }

    /// <summary>Adds a layer and finds the shape of what it computes.</summary>
    /// <exception cref="ShapeException">The inputs do not fit the layer.</exception>
    public Value Add(Layer layer, IReadOnlyList<Value> inputs, IReadOnlyList<Tensor> parameters, OnnxType type, bool isPadded = false)
    {
        var padded = inputs.FirstOrDefault(input => input.IsPadded);
        if (padded != null)
            throw new MappingException("input", $"'{padded.Name}' has a length that depends on the data; such a value can only be an output of the graph.", true);
        Shape[] shapes = inputs.Map(input => input.Shape);
        var (fewest, most) = layer.InputCount;
        if (shapes.Length < fewest || shapes.Length > most)
            throw new ShapeException($"{layer.GetType().Name} takes {fewest} to {most} inputs; it has {shapes.Length}.");
        Shape shape;
        try
        {
            shape = layer is NodeOutput output ? output.InferShape(inputs[0].OutputShapes()) : layer.InferShapes(shapes)[0];
        }
        catch (Exception problem) when (problem is OverflowException or ArgumentOutOfRangeException or DivideByZeroException)
        {
            throw new ShapeException($"{layer.GetType().Name} on {string.Join(", ", shapes)}: the numbers are out of range.", problem);
        }

        if (shape.Count == 0)
            return new Value(null, OnnxTensor.From(type, shape, ReadOnlySpan<double>.Empty));
        string what = $"{layer.GetType().Name} on {string.Join(", ", shapes[..Math.Min(shapes.Length, 4)].Map(of => of.ToString()))}{(shapes.Length > 4 ? " …" : string.Empty)}";
        Budget.AddNode(what);
        Budget.Borrow((double)shape.Count * sizeof(float), what);
        Budget.Keep(RunCost.PackedBytes(parameters) + RunCost.ScratchBytes(layer, shape), what);
        Budget.Work(RunCost.Operations(layer, shapes, shape), what);
        var value = new Value(null, type, shape) { Layer = layer, Inputs = inputs, Parameters = parameters, IsPadded = isPadded };
        _pending.Add(value);
        return value;
    }

    /// <summary>An input of the graph.</summary>
    public Value Input(string name, OnnxType type, Shape shape, OnnxTensor? known, Action wasRead)
    {
        Budget.AddNode($"Input '{name}'");
        Budget.Borrow((double)shape.Count * sizeof(float), $"Input '{name}'");
        var value = new Value(name, type, shape) { Node = _builder.Input(Unique(name), shape) };
        if (known != null)
            value.MayResolveTo(() => Read(known, wasRead), [value]);
        return value;
    }

    /// <summary>An input of pictures <c>[N, H, W, C]</c> that is filled as <c>[N, C, H, W]</c>, and as the file's nodes read it.</summary>
    public (Value Filled, Value Read) PictureInput(string name, OnnxType type, Shape shape)
    {
        var filled = Input(name, type, new Shape(shape[0], shape[3], shape[1], shape[2]), null, () => { });
        var read = Add(new Transpose(0, 2, 3, 1), [filled], [], type);
        Commit(name, []);
        return (filled, read);
    }

    /// <summary>Gives names to what the mapping of one node made, and makes nodes of it.</summary>
    public void Commit(string baseName, IEnumerable<(Value Value, string Name)> outputs)
    {
        foreach (var (value, name) in outputs)
        {
            if (value.Node == null && value.Layer != null)
                value.Name ??= name;
        }

        foreach (var value in _pending)
        {
            string name = Unique(value.Name ?? $"{baseName}/{value.Layer!.GetType().Name}");
            value.Node = _builder.Add(value.Layer!, value.Inputs.Map(NodeOf), value.Parameters, name);
            _inGraph.UnionWith(value.Parameters);
        }

        _pending.Clear();
    }

    /// <summary>Forgets what a mapping made before it failed.</summary>
    public void Discard() => _pending.Clear();

    /// <summary>The node of a value; constants become nodes of their own when a layer reads them.</summary>
    public Node NodeOf(Value value)
    {
        if (value.Node != null)
            return value.Node;
        var parameter = Parameter(value.Constant ?? throw new InvalidOperationException($"Value {value} has no node."));
        Budget.AddNode($"The constant {value}");
        Budget.Keep(RunCost.PackedBytes(value.Shape), $"The constant {value}");
        _inGraph.Add(parameter);
        return value.Node = _builder.Add(new Constant(value.Shape), [], [parameter], Unique(value.Name ?? "constant"));
    }

    /// <summary>Whether the outputs depend on an input while the network runs.</summary>
    public Func<Value, bool> ReadWhileRunning(IEnumerable<Value> outputs)
    {
        var reached = outputs.Select(NodeOf).ToHashSet();
        for (var pending = new Stack<Node>(reached); pending.TryPop(out var node);)
        {
            foreach (var input in node.Inputs.Where(reached.Add))
                pending.Push(input);
        }

        return input => input.Node != null && reached.Contains(input.Node);
    }

    /// <summary>The finished graph, which owns the tensors from now on.</summary>
    /// <exception cref="OnnxException">A run would need more than the limits allow, or a tensor that no kernel can address.</exception>
    public Graph Build(IEnumerable<Value> inputs, IEnumerable<Value> outputs)
    {
        Graph graph;
        try
        {
            graph = _builder.Build([.. inputs.Select(NodeOf)], [.. outputs.Select(NodeOf)]);
            // A plan takes longer than all else here, and few graphs need it: most have room for every value at once.
            if (!Budget.HasRoom(RunCost.ValueBytes(graph)))
                Budget.Borrow(RunCost.PeakBytes(graph), "The activations");
        }
        catch (ShapeException problem)
        {
            throw new OnnxException(problem.Message, problem);
        }

        _owned.RemoveAll(_inGraph.Contains);
        return graph;
    }

    /// <summary>Frees the tensors that no graph took over.</summary>
    public void Dispose()
    {
        foreach (var tensor in _owned)
            tensor.Dispose();
        _owned.Clear();
    }

    private static OnnxTensor Read(OnnxTensor known, Action wasRead)
    {
        wasRead();
        return known;
    }

    private void CountParameter(Shape shape)
    {
        string what = $"A parameter {shape}";
        Budget.Work(shape.Count, what);
        Budget.Keep((double)shape.Count * sizeof(float), what);
    }

    private string Unique(string name)
    {
        if (name.Length > MaxNameLength)
            name = name[..MaxNameLength];
        string unique = name;
        int number = _names.GetValueOrDefault(name, 1);
        while (!_names.TryAdd(unique, 1))
            unique = $"{name}#{++number}";
        _names[name] = number;
        return unique;
    }
}
