using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A tensor of a plan: what it holds, and where it lies in the arena.</summary>
internal sealed class PlanValue(TensorInfo info)
{
    public TensorInfo Info { get; } = info;

    /// <summary>The value whose memory this one shares under another shape or layout; null where it has memory of its own.</summary>
    public PlanValue? Origin { get; init; }

    /// <summary>Where it starts, in floats from the start of the arena.</summary>
    public long Offset { get; set; }

    /// <summary>The value that owns the memory.</summary>
    public PlanValue Root => Origin ?? this;
}

/// <summary>One call in a plan.</summary>
/// <param name="Node">The node of the graph it belongs to.</param>
/// <param name="Call">What a kernel needs to know.</param>
/// <param name="Inputs">The values it reads.</param>
/// <param name="Output">The value it writes.</param>
internal sealed record PlanStep(Node Node, LayerCall Call, PlanValue[] Inputs, PlanValue Output);

/// <summary>What a plan is made for.</summary>
/// <param name="Block">Channels in a block: 16 on the CPU, 4 on the GPU.</param>
/// <param name="BlockedInputs">Whether the caller fills the inputs channel-blocked (a camera frame on the GPU) instead of row-major.</param>
/// <param name="PlainOutputs">Whether outputs are given back row-major, as users expect, or as they come.</param>
/// <param name="KeepAll">Whether every node's value stays readable after the run, at the cost of memory.</param>
/// <param name="MaxActivationBytes">Most bytes that a plan may need beside the graph's parameters.</param>
internal sealed record PlanOptions(
    int Block, bool BlockedInputs = false, bool PlainOutputs = true, bool KeepAll = false, long MaxActivationBytes = PlanOptions.DefaultMaxActivationBytes)
{
    /// <summary>4 GiB: ten times what the catalogue's largest network needs for a photograph.</summary>
    public const long DefaultMaxActivationBytes = 4L << 30;
}

/// <summary>
/// How a graph runs for given input shapes: shape inference, then the layout pass (conversions where neighbours differ), then
/// the memory plan, then a flat list of steps that an executor walks without decisions. Both backends use this one.
/// </summary>
internal sealed class Plan
{
    private readonly Dictionary<(PlanValue, Layout), PlanValue> _converted = [];
    private readonly Dictionary<Node, PlanValue> _values = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<PlanStep> _prologue = [];
    private readonly HashSet<PlanValue> _constants = [];
    private readonly PlanOptions _options;

    private Plan(Graph graph, ReadOnlySpan<Shape> inputShapes, PlanOptions options)
    {
        _options = options;
        var shapes = ShapeInference.Run(graph, inputShapes);
        foreach (var node in graph.Nodes)
            _values[node] = node.Layer is Input ? new PlanValue(Addressable(node, new TensorInfo(shapes[node], InputLayout(shapes[node])))) : AddCall(node, shapes[node]);
        Inputs = [.. graph.Inputs.Select(node => _values[node])];
        Outputs = [.. graph.Outputs.Select(node => options.PlainOutputs ? Convert(node, _values[node], Layout.Plain) : _values[node])];
        (ArenaElements, NaiveElements) = MemoryPlan.Assign(this, options);
        VerifyBytes(ArenaElements * sizeof(float));
    }

    /// <summary>Steps whose inputs never change; they run once, when the plan is made.</summary>
    public IReadOnlyList<PlanStep> Prologue => _prologue;

    /// <summary>Steps of every run, in order.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>The values callers fill.</summary>
    public PlanValue[] Inputs { get; }

    /// <summary>The values callers read.</summary>
    public PlanValue[] Outputs { get; }

    /// <summary>Floats of the arena.</summary>
    public long ArenaElements { get; }

    /// <summary>Floats the arena would need if no memory were used twice.</summary>
    public long NaiveElements { get; }

    /// <summary>The value of each node's output.</summary>
    public IReadOnlyDictionary<Node, PlanValue> Values => _values;

    /// <summary>Values that the prologue computes.</summary>
    public IReadOnlySet<PlanValue> Constants => _constants;

    /// <exception cref="ShapeException">
    /// Shapes that do not fit (all independent problems are listed), a tensor of more than <see cref="TensorInfo.MaxElements"/> floats,
    /// or more memory than <see cref="PlanOptions.MaxActivationBytes"/>. Nothing was allocated then.
    /// </exception>
    public static Plan Build(Graph graph, ReadOnlySpan<Shape> inputShapes, PlanOptions options) => new(graph, inputShapes, options);

    /// <summary>Refuses a plan that needs too much memory, before it is taken.</summary>
    /// <param name="bytes">What it needs beside the graph's parameters.</param>
    /// <exception cref="ShapeException">More than <see cref="PlanOptions.MaxActivationBytes"/>.</exception>
    public void VerifyBytes(long bytes)
    {
        if (bytes <= _options.MaxActivationBytes)
            return;
        var largest = _prologue.Concat(_steps).MaxBy(step => step.Call.Output.Elements(_options.Block));
        string inputs = string.Join(", ", Inputs.Select(input => input.Info.Shape.ToString()));
        throw new ShapeException(
            $"For inputs {(inputs.Length == 0 ? "of no size" : inputs)} the network needs {bytes} bytes of activations, more than the {_options.MaxActivationBytes} that MaxActivationBytes allows"
            + (largest == null ? "." : $"; its largest tensor is {largest.Call.Output.Shape}, from {largest.Node}.")
            + " Run it on smaller inputs, or raise the limit in the network's options.");
    }

    private Layout InputLayout(Shape shape) => _options.BlockedInputs && shape.Rank == 4 ? Layout.Blocked : Layout.Plain;

    private TensorInfo Addressable(Node node, TensorInfo info)
    {
        long elements = info.Elements(_options.Block);
        return elements <= TensorInfo.MaxElements ? info : throw new ShapeException(
            $"{node}: its value {info.Shape} takes {elements} floats in memory{(info.Layout == Layout.Blocked ? $", with channels in blocks of {_options.Block}" : "")}; at most {TensorInfo.MaxElements} are possible. Run the network on a smaller input.");
    }

    private PlanValue AddCall(Node node, Shape output)
    {
        var available = node.Inputs.Select(input => _values[input]).ToArray();
        var choice = node.Layer.ChooseLayout([.. available.Select(value => value.Info)], output, _options.Block);
        var inputs = available.Select((value, i) => Convert(node.Inputs[i], value, choice.Of(i))).ToArray();
        var info = Addressable(node, new TensorInfo(output, choice.Output));
        if (choice.IsAlias)
            return Constant(new PlanValue(info) { Origin = inputs[0].Root }, inputs);
        return Emit(node, new LayerCall(node.Layer, [.. inputs.Select(value => value.Info)], info, node.Parameters), inputs);
    }

    private PlanValue Convert(Node node, PlanValue value, Layout layout)
    {
        if (value.Info.Layout == layout)
            return value;
        if (_converted.TryGetValue((value, layout), out var converted))
            return converted;
        var info = Addressable(node, value.Info with { Layout = layout });
        // One pixel of whole blocks lies in memory the same way in both layouts.
        bool same = info.Shape.Area == 1 && (info.Shape.Channels % _options.Block == 0 || (info.Shape.Batch == 1 && layout == Layout.Plain));
        converted = same
            ? Constant(new PlanValue(info) { Origin = value.Root }, [value])
            : Emit(node, new LayerCall(layout == Layout.Blocked ? new ToBlocked() : new ToPlain(), [value.Info], info, []), [value]);
        return _converted[(value, layout)] = converted;
    }

    private PlanValue Emit(Node node, LayerCall call, PlanValue[] inputs)
    {
        var output = Constant(new PlanValue(call.Output), inputs);
        (_constants.Contains(output) ? _prologue : _steps).Add(new PlanStep(node, call, inputs, output));
        return output;
    }

    /// <summary>Marks a value as constant when everything it is made of is.</summary>
    private PlanValue Constant(PlanValue value, PlanValue[] inputs)
    {
        if (inputs.All(_constants.Contains))
            _constants.Add(value);
        return value;
    }
}
