using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A tensor of a plan: what it holds, and where it lies in the arena.</summary>
internal sealed class PlanValue(TensorInfo info)
{
    public TensorInfo Info { get; } = info;

    /// <summary>The value that this one is, under another shape or format, or in which it has its place; null where it is one of its own.</summary>
    public PlanValue? Origin { get; set; }

    /// <summary>Where it starts in <see cref="Origin"/>, in bytes.</summary>
    public long BytesFromOrigin { get; set; }

    /// <summary>For a value that is not in memory: where each of its channels is.</summary>
    public PlanChannel[]? Channels { get; init; }

    /// <summary>The value whose memory this one takes, because the step that computes it is the last to read that one; null for none.</summary>
    public PlanValue? Replaces { get; set; }

    /// <summary>Where it starts, in bytes from the start of the arena.</summary>
    public long ByteOffset { get; set; }

    /// <summary>The value that owns the memory.</summary>
    public PlanValue Root => (Origin ?? Replaces)?.Root ?? this;

    /// <summary>Where it starts in <see cref="Root"/>, in bytes.</summary>
    public long BytesFromRoot => Origin == null ? 0 : BytesFromOrigin + Origin.BytesFromRoot;
}

/// <summary>One call in a plan: a kernel with the values it works on.</summary>
/// <param name="Call">What the kernel needs to know.</param>
/// <param name="Kernel">How it is computed.</param>
/// <param name="Inputs">The values it reads.</param>
/// <param name="Outputs">The values it writes.</param>
/// <param name="Work">The kernel's work on this call.</param>
internal sealed record PlanStep(LayerCall Call, Kernel Kernel, PlanValue[] Inputs, PlanValue[] Outputs, KernelWork Work)
{
    /// <summary>The node that names the step.</summary>
    public Node Node => Call.Node;

    /// <summary>The call as it was when its kernel was chosen.</summary>
    public LayerCall Asked { get; init; } = Call;

    /// <summary>Memory that the kernel has for itself while it runs.</summary>
    public PlanValue[] Scratch { get; } = Work.Scratch.Map(floats => new PlanValue(new TensorInfo(new Shape((int)floats), Layout.Plain)));

    /// <summary>All values whose memory the step touches.</summary>
    public IEnumerable<PlanValue> Values => [.. Inputs, .. Outputs, .. Scratch];
}

/// <summary>What a plan is made for.</summary>
/// <param name="Kernels">The backend's kernels.</param>
/// <param name="InputElement">What the elements of inputs are as the caller fills them.</param>
/// <param name="Storage">What values between steps are stored as, where no kernel says otherwise; arithmetic stays float32.</param>
/// <param name="BlockedInputs">Whether the caller fills the inputs channel-blocked (a camera frame on the GPU) instead of row-major.</param>
/// <param name="PlainOutputs">Whether outputs are given back row-major, as users expect, or channel-blocked where they have four axes. Floats without a border in any case.</param>
/// <param name="KeepAll">Whether every node's value stays readable after the run, at the cost of memory.</param>
/// <param name="MaxActivationBytes">Most bytes that a plan may need beside the graph's parameters.</param>
internal sealed record PlanOptions(
    KernelTable Kernels, bool BlockedInputs = false, bool PlainOutputs = true, bool KeepAll = false, long MaxActivationBytes = PlanOptions.DefaultMaxActivationBytes,
    ElementType InputElement = ElementType.Float32, ElementType Storage = ElementType.Float32)
{
    /// <summary>Kernels that were measured to be the best for their calls; null where nothing was measured.</summary>
    public KernelChoice? Choice { get; init; }

    /// <summary>What weights are stored as, where a kernel reads both forms.</summary>
    public ElementType Weights { get; init; }

    /// <summary>What the plan is for.</summary>
    public RunMode Mode { get; init; }

    /// <summary>What the plan differentiates; null for a plan that only goes forward.</summary>
    public TrainingGoal? Goal { get; init; }

    /// <summary>What a node is run for.</summary>
    public RunMode ModeOf(Node node) => Goal?.Frozen.Contains(node.Name) == true ? RunMode.Inference : Mode;

    /// <summary>Whether several threads run it together.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether inputs and outputs stay where the plan has them, for a caller who feeds and reads them there.</summary>
    public bool IsResident { get; init; }

    /// <summary>Whether the steps are timed as a part of making it, for a caller who runs them in slices.</summary>
    public bool IsTimed { get; init; }

    /// <summary>4 GiB: ten times what the catalogue's largest network needs for a photograph.</summary>
    public const long DefaultMaxActivationBytes = 4L << 30;

    /// <summary>The kernel for a call: the measured one, else the first that fits.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    /// <exception cref="KeyNotFoundException">The measured one does not compute the call.</exception>
    public Kernel Choose(LayerCall call) => Choice?.Find(Kernels, call) ?? Kernels.Choose(call);

    /// <summary>Whether a plan takes a kernel of several nodes for a call: as was measured, else where it fits and pays.</summary>
    public bool Joins(Kernel kernel, LayerCall call) => Choice?.Joins(Kernels, call) is { } joins ? joins && kernel.Fits(call) : Kernels.Takes(kernel, call);
}

/// <summary>
/// How a graph runs for given input shapes: shape inference, then a kernel for each node and conversions where the formats of
/// neighbours differ, in training the same backwards, then the memory plan: a flat list of steps that an executor walks without
/// decisions. Both backends use this one.
/// </summary>
internal sealed class Plan
{
    private readonly Dictionary<PlanValue, List<PlanValue>> _converted = [];
    private readonly Dictionary<Node, PlanValue> _values = [];
    private readonly Dictionary<Node, ForwardStep> _forward = [];
    private readonly List<StatisticUpdate> _updates = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<PlanStep> _prologue = [];
    private readonly HashSet<PlanValue> _constants = [];
    private readonly HashSet<PlanValue> _written = [];
    private readonly ChannelViews _views;
    private readonly Graph _graph;
    private readonly Shape[] _inputShapes;
    private readonly PlanOptions _options;
    private OutputWishes? _wishes;

    /// <summary>A plan that is empty until its <see cref="Units"/> are done.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="inputShapes">One for each input; the declared ones when empty.</param>
    /// <param name="options">What it is made for.</param>
    public Plan(Graph graph, ReadOnlySpan<Shape> inputShapes, PlanOptions options) =>
        (_graph, _inputShapes, _options, Parameters, _views) = (graph, inputShapes.ToArray(), options, graph.Store, new ChannelViews(this, options.Kernels.Block));

    /// <summary>
    /// Steps that read no input of the graph, such as a constant brought into blocks: they run when the plan is made, and again when a
    /// parameter has changed.
    /// </summary>
    public IReadOnlyList<PlanStep> Prologue => _prologue;

    /// <summary>Steps of every run, in order.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>The values callers fill.</summary>
    public PlanValue[] Inputs { get; private set; } = [];

    /// <summary>The values callers read.</summary>
    public PlanValue[] Outputs { get; private set; } = [];

    /// <summary>What the backward steps compute; null for a plan that only goes forward.</summary>
    public PlanGradients? Gradients { get; private set; }

    /// <summary>The next values of statistics, which forward steps of training compute.</summary>
    public IReadOnlyList<StatisticUpdate> Updates => _updates;

    /// <summary>Values that hold from when they are written to the next run.</summary>
    public IEnumerable<PlanValue> Held => Outputs.Concat(Gradients?.Values ?? []).Concat(_updates.Select(update => update.Value));

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; private set; }

    /// <summary>Bytes the arena would need if no memory were used twice.</summary>
    public long NaiveBytes { get; private set; }

    /// <summary>The value of each node's first output, but of nodes inside a block.</summary>
    public IReadOnlyDictionary<Node, PlanValue> Values => _values;

    /// <summary>The parameters that the steps read.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>The backend's kernels.</summary>
    public KernelTable Kernels => _options.Kernels;

    /// <summary>Values that the prologue computes.</summary>
    public IReadOnlySet<PlanValue> Constants => _constants;

    /// <summary>
    /// Inputs and outputs that could lie outside the arena: float32, row-major, and alone in their place but for views. An input is such only where
    /// no step writes there and it is no output itself; an output where every run writes it. What a training step gives is read in the arena.
    /// </summary>
    public IEnumerable<PlanValue> Movable()
    {
        if (_options.KeepAll)
            return [];
        var written = _steps.SelectMany(step => step.Outputs).Select(value => value.Root).ToHashSet();
        var alone = Inputs.Concat(Outputs).CountBy(value => value.Root).Where(place => place.Value == 1).Select(place => place.Key).ToHashSet();
        var candidates = Inputs.Where(value => !written.Contains(value)).Concat(_options.Goal != null ? [] : Outputs.Where(value => written.Contains(value) && !_constants.Contains(value)));
        return candidates.Where(value => alone.Contains(value) && value.Info.Format == Layout.Plain);
    }

    /// <summary>A plan that is made at once.</summary>
    /// <inheritdoc cref="Units"/>
    public static Plan Build(Graph graph, ReadOnlySpan<Shape> inputShapes, PlanOptions options)
    {
        var plan = new Plan(graph, inputShapes, options);
        plan.Units().Finish();
        return plan;
    }

    /// <summary>The work of making the plan: shapes, then node by node its kernel, then the memory.</summary>
    /// <exception cref="ShapeException">
    /// Shapes that do not fit (all independent problems are listed), a tensor of more than <see cref="TensorInfo.MaxElements"/> floats,
    /// or more memory than <see cref="PlanOptions.MaxActivationBytes"/>. Nothing was allocated then.
    /// </exception>
    public IEnumerable<double> Units()
    {
        var shapes = ShapeInference.RunAll(_graph, _inputShapes);
        var blocks = BlockCover.Find(_graph, _options, shapes);
        _wishes = new OutputWishes(_graph, _options, blocks, shapes);
        double done = 0, all = (_graph.Nodes.Count * (_options.Goal == null ? 1 : 2)) + 2;
        yield return ++done / all;
        foreach (var node in _graph.Nodes)
        {
            if (!blocks.IsInside(node))
                _values[node] = Add(node, blocks.Of(node), shapes);
            yield return ++done / all;
        }

        Inputs = _graph.Inputs.Map(node => _values[node]);
        Outputs = _graph.Outputs.Map(node => Convert(node, _values[node], _options.PlainOutputs || _values[node].Info.Shape.Rank != 4 ? Layout.Plain : Layout.Blocked));
        if (_options.Goal != null)
        {
            var backward = new BackwardPass(this, _graph, _options.Goal);
            foreach (var _ in backward.Units())
                yield return ++done / all;
            Gradients = backward.Gradients;
        }

        (ArenaBytes, NaiveBytes) = MemoryPlan.Assign(this, _options);
        VerifyBytes(ArenaBytes);
    }

    /// <summary>Refuses a plan that needs too much memory, before it is taken.</summary>
    /// <param name="bytes">What it needs beside the graph's parameters.</param>
    /// <exception cref="ShapeException">More than <see cref="PlanOptions.MaxActivationBytes"/>.</exception>
    public void VerifyBytes(long bytes)
    {
        if (bytes <= _options.MaxActivationBytes)
            return;
        var largest = _prologue.Concat(_steps).MaxBy(step => step.Call.Output.Bytes(_options.Kernels.Block));
        string inputs = string.Join(", ", Inputs.Select(input => input.Info.Shape.ToString()));
        throw new ShapeException(
            $"For inputs {(inputs.Length == 0 ? "of no size" : inputs)} the network needs {bytes} bytes of activations, more than the {_options.MaxActivationBytes} that MaxActivationBytes allows"
            + (largest == null ? "." : $"; its largest tensor is {largest.Call.Output.Shape}, from {largest.Node}.")
            + " Run it on smaller inputs, or raise the limit in the network's options.");
    }

    /// <summary>The steps of a run with what each took.</summary>
    /// <param name="backend">Where they ran.</param>
    /// <param name="milliseconds">One for each of <see cref="Steps"/>.</param>
    public StepTime[] Describe(string backend, double[] milliseconds)
    {
        var shapes = ShapeInference.RunAll(_graph, _inputShapes);
        var uses = GraphRewriter.CountUses(_graph);
        return [.. _steps.Zip(milliseconds, (step, duration) => new StepTime
        {
            Nodes = step.Call.Nodes.Map(node => node.Name),
            Backend = backend,
            Kernel = step.Kernel.ToString(),
            Reason = KernelReason.Of(_options, step.Asked, step.Kernel) + (step.Inputs.Any(input => input.Info.Element.IsFrame()) ? "; reads the frame" : ""),
            PassedOver = KernelReason.PassedOver(_options, step.Asked, step.Kernel, uses, shapes),
            Output = step.Call.Output.Shape,
            // Conversions are of no node of the graph.
            MultiplyAccumulates = step.Call.Nodes.Where(shapes.ContainsKey).Sum(node => node.Layer.MultiplyAccumulates(node.Inputs.Map(input => shapes[input][0]), shapes[node][0])),
            Bytes = step.Values.Sum(value => value.Info.Bytes(_options.Kernels.Block)) + (step.Work.WeightBytes ?? step.Call.Nodes.Sum(node => node.Parameters.Sum(parameter => (long)parameter.Shape.Count * sizeof(float)))),
            Dispatches = step.Work.DispatchCount,
            Milliseconds = duration,
        })];
    }

    private TensorFormat InputFormat(Shape shape) => new(_options.BlockedInputs && shape.Rank == 4 ? Layout.Blocked : Layout.Plain, _options.InputElement);

    /// <summary>Whether an input that is not in memory may stay so: it is made once, and by a layer whose kernels say in which format they read.</summary>
    private bool IsReadByOneConvolution(Node input) =>
        !_options.KeepAll && !_graph.Outputs.Contains(input) && _graph.Nodes.Where(node => node.Inputs.Contains(input)).ToList() is [{ Layer: ConvolutionLayer }];

    internal TensorInfo Addressable(Node node, TensorInfo info)
    {
        long elements = info.Elements(_options.Kernels.Block);
        return elements <= TensorInfo.MaxElements ? info : throw new ShapeException(
            $"{node}: its value {info.Shape} takes {elements} floats in memory{(info.Layout == Layout.Blocked ? $", with channels in blocks of {_options.Kernels.Block}" : "")}; at most {TensorInfo.MaxElements} are possible. Run the network on a smaller input.");
    }

    private PlanValue Add(Node node, IReadOnlyList<Node> block, Dictionary<Node, Shape[]> shapes)
    {
        if (node.Layer is Input)
        {
            var input = new PlanValue(Addressable(node, new TensorInfo(shapes[node][0], InputFormat(shapes[node][0]))));
            return !_options.InputElement.IsFrame() || IsReadByOneConvolution(node) ? input : Convert(node, input, Layout.Plain);
        }

        if (node.Layer is NodeOutput output)
            return _forward[node.Inputs[0]].Outputs[output.Index];

        Node[] sources = OutputWishes.Sources(block);
        PlanValue[] available = sources.Map(source => _values[source]);
        var asked = new LayerCall(block, available.Map(value => value.Info), shapes[node].Map(shape => new TensorInfo(shape, Layout.Plain))) { Mode = _options.ModeOf(node), Wish = _wishes!.Of(node) };
        var kernel = _options.Choose(asked);
        var choice = kernel.Layouts(asked);
        if (choice.Channels != null)
            return AddViews(asked, sources, available, choice);
        PlanValue[] inputs = available.Map((value, i) => Convert(sources[i], value, choice.Of(i)));
        TensorInfo[] infos = asked.Outputs.Map((info, i) => Addressable(node, info with { Format = choice.OfOutput(i) }));
        var call = asked with { Inputs = inputs.Map(value => value.Info), Outputs = infos };
        if (choice.IsAlias)
        {
            PlanValue alias = Constant(node, new PlanValue(infos[0]) { Origin = inputs[0] }, inputs);
            _forward[node] = new ForwardStep(call, inputs, [alias], []);
            return alias;
        }

        Shape[] saves = _options.Goal == null ? [] : kernel.Saves?.Invoke(call) ?? [];
        int[] updates = _options.Goal != null && call.Mode.IsTraining ? [.. kernel.Updates] : [];
        call = call with
        {
            Outputs = [.. infos, .. saves.Concat(updates.Select(parameter => node.Parameters[parameter].Shape)).Select(shape => Addressable(node, new TensorInfo(shape, Layout.Plain)))],
        };
        var outputs = Emit(kernel, call, inputs, asked);
        _forward[node] = new ForwardStep(call, inputs, outputs[..infos.Length], outputs[infos.Length..^updates.Length]);
        _updates.AddRange(updates.Select((parameter, i) => new StatisticUpdate(node.Parameters[parameter], outputs[outputs.Length - updates.Length + i])));
        return _constants.Contains(outputs[0]) ? outputs[0] : Convert(node, outputs[0], outputs[0].Info.Format with { Element = asked.Wish.Element });
    }

    /// <summary>Adds a node whose values are channels of others, which are in memory where all values, or gradients, are asked for.</summary>
    private PlanValue AddViews(LayerCall asked, Node[] sources, PlanValue[] available, LayoutChoice choice)
    {
        var node = asked.Node;
        PlanValue[] inputs = available.Map((value, i) => value.Info.Format == choice.Of(i) ? value : Convert(sources[i], value, choice.Of(i)));
        TensorInfo[] infos = asked.Outputs.Map(info => Addressable(node, info with { Format = choice.Output }));
        PlanValue[] outputs = infos.Map((info, i) => _views.View(node, inputs, info, choice.Channels![i]));
        if (_options.KeepAll || _options.Goal != null)
            outputs = outputs.Map(output => _views.Read(node, output));
        _forward[node] = new ForwardStep(asked with { Inputs = inputs.Map(value => value.Info), Outputs = infos }, inputs, outputs, []);
        return asked.Wish.Element == infos[0].Element ? outputs[0] : Convert(node, outputs[0], infos[0].Format with { Element = asked.Wish.Element });
    }

    /// <summary>The values of a node's forward step.</summary>
    internal ForwardStep ForwardOf(Node node) => _forward[node];

    /// <summary>A value in a format: itself, or a conversion of it, made once.</summary>
    internal PlanValue Convert(Node node, PlanValue value, TensorFormat format)
    {
        value = _views.Read(node, value);
        while (value.Info.Format != format)
            value = ConvertOnce(node, value, Conversions.Next(value.Info.Format, format));
        return value;
    }

    private PlanValue ConvertOnce(Node node, PlanValue value, (Layer Layer, TensorFormat Format) step)
    {
        if (!_converted.TryGetValue(value, out var forms))
            _converted[value] = forms = [];
        if (forms.Find(form => form.Info.Format == step.Format) is { } known)
            return known;
        var info = Addressable(node, value.Info with { Format = step.Format });
        // One pixel of whole blocks lies in memory the same way in both layouts.
        bool same = info.Layout != value.Info.Layout && info.Shape.Area == 1
            && (info.Shape.Channels % _options.Kernels.Block == 0 || (info.Shape.Batch == 1 && info.Layout == Layout.Plain));
        var converted = same
            ? Constant(node, new PlanValue(info) { Origin = value }, [value])
            : EmitConversion(new LayerCall(new Node(node.Name, step.Layer, [node], []), [value.Info], info), value);
        forms.Add(converted);
        return converted;
    }

    private PlanValue EmitConversion(LayerCall call, PlanValue value) => Emit(_options.Choose(call), call, [value])[0];

    /// <summary>Adds a step and gives its outputs.</summary>
    /// <param name="kernel">How it is computed.</param>
    /// <param name="call">What the kernel needs to know.</param>
    /// <param name="inputs">The values it reads.</param>
    /// <param name="asked">The call as it was when the kernel was chosen, where that is another.</param>
    internal PlanValue[] Emit(Kernel kernel, LayerCall call, PlanValue[] inputs, LayerCall? asked = null)
    {
        var work = PlanWork(kernel, call);
        PlanValue[] outputs = call.Outputs.Map(info => Constant(call.Node, new PlanValue(info), inputs));
        _written.UnionWith(outputs);
        (_constants.Contains(outputs[0]) ? _prologue : _steps).Add(new PlanStep(call, kernel, inputs, outputs, work) { Asked = asked ?? call });
        return outputs;
    }

    private static KernelWork PlanWork(Kernel kernel, LayerCall call)
    {
        try
        {
            var work = kernel.Plan(call);
            return work.Scratch.All(floats => floats <= TensorInfo.MaxElements) ? work
                : throw new ShapeException($"needs {work.Scratch.Max()} floats of working memory; at most {TensorInfo.MaxElements} are possible.");
        }
        catch (ShapeException problem)
        {
            throw new ShapeException($"{call.Node}: {problem.Message}", problem);
        }
    }

    /// <summary>Whether a value's step can write it into a place of another value: steps of every run can, where no gradient looks for it.</summary>
    internal bool MayMove(PlanValue value) => _options.Goal == null && value.Origin == null && _written.Contains(value) && !_constants.Contains(value);

    /// <summary>Marks a value as constant when everything it is made of is. In training, parameters and chance are not.</summary>
    internal PlanValue Constant(Node node, PlanValue value, PlanValue[] inputs)
    {
        bool changes = _options.Goal != null && (node.Layer is Dropout || (node.Parameters.Count > 0 && node.Layer is not Layers.Constant));
        if (!changes && inputs.All(_constants.Contains))
            _constants.Add(value);
        return value;
    }
}
