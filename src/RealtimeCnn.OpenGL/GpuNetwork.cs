using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL;

/// <summary>How a <see cref="GpuNetwork"/> runs.</summary>
public sealed record GpuNetworkOptions
{
    /// <summary>What it is for: inference by default; <see cref="RunMode.Training"/> to see what layers do while a network is trained.</summary>
    public RunMode Mode { get; init; }

    /// <summary>Whether layers are fused before planning; off, every node of the graph is computed as it stands.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Whether every node's value stays readable after a run, at the cost of memory.</summary>
    public bool KeepAll { get; init; }

    /// <summary>Most plans kept, one for each combination of input shapes; at least 1.</summary>
    public int PlansKept { get; init; } = 4;

    /// <summary>
    /// Kernels to take for their layers instead of the best that fits, such as <c>ConvolutionLayer/plain</c>: to compare, or to pass a
    /// driver's fault by. A name that does not exist is an error that lists those that do.
    /// </summary>
    public IReadOnlyList<string> ForcedKernels { get; init; } = [];

    /// <summary>The kernels to choose from; null for all of the device.</summary>
    internal KernelTable? Kernels { get; init; }

    /// <summary>
    /// Most bytes of activations that one plan may take, 4 GiB by default. A run that needs more is refused before any of it is taken.
    /// Lower it for models that are not trusted.
    /// </summary>
    public long MaxActivationBytes { get; init; } = PlanOptions.DefaultMaxActivationBytes;

    /// <summary>Programs to use instead of the device's own: lets a test run a broken shader.</summary>
    internal ProgramCache? Programs { get; init; }
}

/// <summary>
/// A graph bound to an OpenGL device. Inputs may change their size from run to run. Every call comes from the device's thread.
/// The graph must live as long as the network.
/// </summary>
public sealed class GpuNetwork : IDisposable
{
    /// <summary>Inputs whose shapes a run keeps on the stack; beyond, it allocates.</summary>
    private const int ShapesOnStack = 8;

    private readonly GpuNetworkOptions _options;
    private readonly PlanOptions _forTensors;
    private readonly PlanOptions _forTextures;
    private readonly PlanOptions _forReadback;
    private readonly GpuWeightCache _weights;
    private readonly PlanCache<GpuPlan> _plans;
    private GpuPlan? _last;
    private bool _disposed;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes.</summary>
    /// <param name="device">Where to run it.</param>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    public GpuNetwork(GlDevice device, Graph graph, GpuNetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(graph);
        device.VerifyThread();
        _options = options ?? new GpuNetworkOptions();
        _forTensors = new PlanOptions((_options.Kernels ?? device.Kernels).Forcing(_options.ForcedKernels), KeepAll: _options.KeepAll, MaxActivationBytes: _options.MaxActivationBytes) { Mode = _options.Mode };
        _forReadback = _forTensors with { BlockedInputs = true };
        _forTextures = _forReadback with { PlainOutputs = false };
        _weights = new GpuWeightCache(device);
        _plans = new PlanCache<GpuPlan>(_options.PlansKept);
        Device = device;
        Graph = _options.Optimize ? GraphPasses.Run(graph, _options.Mode, _options.MaxActivationBytes) : graph;
        Source = graph;
    }

    /// <summary>The device it runs on.</summary>
    public GlDevice Device { get; }

    /// <summary>The graph as it runs, after fusion.</summary>
    public Graph Graph { get; }

    /// <summary>The graph the network was made of.</summary>
    public Graph Source { get; }

    /// <summary>Compute dispatches in the last plan that ran.</summary>
    public int DispatchCount => _last?.DispatchCount ?? 0;

    /// <summary>Bytes of packed parameters in GPU memory.</summary>
    public long WeightBytes => _weights.Bytes;

    /// <summary>Bytes of activations that the last plan needs, and those it would need if no memory were used twice.</summary>
    public (long Planned, long Naive) ActivationBytes =>
        _last == null ? default : (_last.Plan.ArenaElements * sizeof(float), _last.Plan.NaiveElements * sizeof(float));

    /// <summary>
    /// Uploads the inputs, runs, and waits for the outputs. For tests and tools: it blocks. A live loop feeds textures and reads
    /// results asynchronously instead.
    /// </summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <returns>One new tensor for each output, in order; the caller disposes them.</returns>
    /// <exception cref="ShapeException">The shapes do not fit the network.</exception>
    /// <exception cref="NotSupportedException">A layer has no GPU kernel.</exception>
    /// <exception cref="GlException">A tensor exceeds what the device allows, the context is gone or was reset, or the driver fails.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Device.VerifyThread();
        Device.VerifyContext();
        ShapeInference.VerifyInputCount(Graph, inputs.Length);
        Span<Shape> shapes = inputs.Length <= ShapesOnStack ? stackalloc Shape[ShapesOnStack] : new Shape[inputs.Length];
        shapes = shapes[..inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            shapes[i] = inputs[i].Shape;
        var plan = _last = Prepare(_forTensors, shapes);
        for (int i = 0; i < inputs.Length; i++)
            plan.Arena.Upload(inputs[i].Span, plan.Plan.Inputs[i].Offset * sizeof(float));
        plan.Run();
        return [.. plan.Plan.Outputs.Select(output => Read(plan, output))];
    }

    /// <summary>The value of one node after the last run, as a new tensor in row-major order. Blocks.</summary>
    /// <param name="name">Name of a node of <see cref="Graph"/>.</param>
    /// <exception cref="InvalidOperationException">The network does not keep all values, or has not run yet.</exception>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public Tensor Read(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_last == null || !_options.KeepAll)
            throw new InvalidOperationException($"To read '{name}', make the network with {nameof(GpuNetworkOptions)}.{nameof(GpuNetworkOptions.KeepAll)} and run it first.");
        return Read(_last, _last.Plan.Values[Graph[name]]);
    }

    /// <summary>Frees plans and packed parameters; the graph and the device stay.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _plans.Dispose();
        _weights.Dispose();
        if (Graph != Source)
            Graph.Dispose();
    }

    /// <summary>
    /// The plan of a live loop that draws its outputs: the caller writes the inputs channel-blocked on the GPU, runs it, and finds
    /// outputs in the layout they have. It stays valid until <see cref="GpuNetworkOptions.PlansKept"/> other plans were made.
    /// </summary>
    internal GpuPlan PrepareForTextures(params ReadOnlySpan<Shape> shapes) => _last = Prepare(_forTextures, shapes);

    /// <summary>The plan of a live loop that reads its outputs back: as <see cref="PrepareForTextures"/>, with row-major outputs.</summary>
    internal GpuPlan PrepareForReadback(params ReadOnlySpan<Shape> shapes) => _last = Prepare(_forReadback, shapes);

    private GpuPlan Prepare(PlanOptions options, ReadOnlySpan<Shape> shapes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _plans.Find(options, shapes)
            ?? _plans.Add(options, shapes, new GpuPlan(Device, _options.Programs ?? Device.Programs, Plan.Build(Graph, shapes, options), _weights));
    }

    private static Tensor Read(GpuPlan plan, PlanValue value)
    {
        var info = value.Info;
        var tensor = new Tensor(info.Shape);
        if (info.Layout == Layout.Plain)
        {
            plan.Arena.Read(tensor.Span, value.Offset * sizeof(float));
            return tensor;
        }

        float[] blocked = new float[info.Elements(4)];
        plan.Arena.Read(blocked.AsSpan(), value.Offset * sizeof(float));
        BlockedLayout.Unpack(blocked, info.Shape, tensor.Span, 4);
        return tensor;
    }
}
