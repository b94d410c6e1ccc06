using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>How a <see cref="CpuNetwork"/> runs.</summary>
public sealed record CpuNetworkOptions
{
    /// <summary>Threads that work on a run, the caller's included; at least 1. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// What it is for: inference by default; <see cref="RunMode.Training"/> to see what layers do while a network is trained. A run
    /// never changes the graph's parameters, running statistics included; to train, see <see cref="Training.TrainingNetwork"/>.
    /// </summary>
    public RunMode Mode { get; init; }

    /// <summary>Whether layers are fused before planning; off, every node of the graph is computed as it stands.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Whether every node's value stays readable after a run, at the cost of memory.</summary>
    public bool KeepAll { get; init; }

    /// <summary>Most plans kept, one for each combination of input shapes; at least 1.</summary>
    public int PlansKept { get; init; } = 4;

    /// <summary>
    /// Kernels to take for their layers instead of the best that fits, such as <c>ConvolutionLayer/plain</c>: to compare, or to pass a
    /// fault by. A name that does not exist is an error that lists those that do.
    /// </summary>
    public IReadOnlyList<string> ForcedKernels { get; init; } = [];

    /// <summary>The kernels to choose from.</summary>
    internal KernelTable Kernels { get; init; } = CpuKernels.Table;

    /// <summary>
    /// Most bytes that one plan may take beside the graph's parameters: activations, results, working memory; 4 GiB by default. A run
    /// that needs more is refused before any of it is taken. Lower it for models that are not trusted.
    /// </summary>
    public long MaxActivationBytes { get; init; } = PlanOptions.DefaultMaxActivationBytes;
}

/// <summary>
/// A graph bound to the CPU: the reference that every GPU result is compared with. Inputs may change their size from run to run.
/// One thread at a time. The graph must live as long as the network.
/// </summary>
public sealed class CpuNetwork : IDisposable
{
    /// <summary>Inputs whose shapes a run keeps on the stack; beyond, it allocates.</summary>
    private const int ShapesOnStack = 8;

    private readonly CpuNetworkOptions _options;
    private readonly WorkerPool _pool;
    private readonly PackedWeightCache _weights = new();
    private readonly PlanCache<RunPlan> _plans;
    private readonly Lock _gate = new();
    private RunPlan? _last;
    private bool _isDisposed;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    public CpuNetwork(Graph graph, CpuNetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _options = options ?? new CpuNetworkOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Threads, 1);
        PlanOptions = new PlanOptions(_options.Kernels.Forcing(_options.ForcedKernels), KeepAll: _options.KeepAll, MaxActivationBytes: _options.MaxActivationBytes) { Mode = _options.Mode };
        Graph = _options.Optimize ? GraphPasses.Run(graph, _options.Mode, _options.MaxActivationBytes) : graph;
        Source = graph;
        _pool = new WorkerPool(_options.Threads);
        _plans = new PlanCache<RunPlan>(_options.PlansKept);
    }

    /// <summary>How plans are made.</summary>
    internal PlanOptions PlanOptions { get; }

    /// <summary>The graph as it runs, after fusion.</summary>
    public Graph Graph { get; }

    /// <summary>The graph the network was made of.</summary>
    public Graph Source { get; }

    /// <summary>Bytes of activations that the last plan needs, and those it would need if no memory were used twice.</summary>
    public (long Planned, long Naive) ActivationBytes =>
        _last == null ? default : (_last.Plan.Plan.ArenaElements * sizeof(float), _last.Plan.Plan.NaiveElements * sizeof(float));

    /// <summary>Computes the outputs for the given inputs.</summary>
    /// <param name="inputs">One tensor for each input of the graph, in order.</param>
    /// <returns>One tensor for each output, in order. They belong to the network and hold until the next run.</returns>
    /// <exception cref="ShapeException">The shapes do not fit the network, or it would need more memory than <see cref="CpuNetworkOptions.MaxActivationBytes"/>.</exception>
    /// <exception cref="ObjectDisposedException">The network or an input was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using this network.</exception>
    /// <exception cref="InsufficientMemoryException">The system has less memory than the plan needs.</exception>
    public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs)
    {
        Enter();
        try
        {
            return RunAlone(inputs);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>The value of one node after the last run, as a new tensor in row-major order.</summary>
    /// <param name="name">Name of a node of <see cref="Graph"/>.</param>
    /// <exception cref="InvalidOperationException">The network does not keep all values, or has not run yet.</exception>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public Tensor Read(string name)
    {
        Enter();
        try
        {
            return ReadAlone(name);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Frees plans, packed parameters and threads, after a run on another thread has ended; the graph stays.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _last = null;
            _plans.Dispose();
            _weights.Dispose();
            _pool.Dispose();
            if (Graph != Source)
                Graph.Dispose();
        }
    }

    private void Enter()
    {
        if (!_gate.TryEnter())
            throw new InvalidOperationException($"This {nameof(CpuNetwork)} is in use on another thread. Give each thread a network of its own; they may share the graph.");
        if (!_isDisposed)
            return;
        _gate.Exit();
        throw new ObjectDisposedException(nameof(CpuNetwork));
    }

    private Tensor[] RunAlone(ReadOnlySpan<Tensor> inputs)
    {
        ShapeInference.VerifyInputCount(Graph, inputs.Length);
        Span<Shape> shapes = inputs.Length <= ShapesOnStack ? stackalloc Shape[ShapesOnStack] : new Shape[inputs.Length];
        shapes = shapes[..inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            shapes[i] = inputs[i].Shape;
        var run = _last = _plans.Find(PlanOptions, shapes) ?? _plans.Add(PlanOptions, shapes, new RunPlan(this, shapes));
        for (int i = 0; i < inputs.Length; i++)
            inputs[i].Span.CopyTo(run.Plan.Read(run.Plan.Plan.Inputs[i]));
        run.Plan.Run(_pool);
        for (int i = 0; i < run.Outputs.Length; i++)
            run.Plan.Read(run.Plan.Plan.Outputs[i])[..run.Outputs[i].Shape.Count].CopyTo(run.Outputs[i].Span);
        return run.Outputs;
    }

    private Tensor ReadAlone(string name)
    {
        if (_last == null || !_options.KeepAll)
            throw new InvalidOperationException($"To read '{name}', make the network with {nameof(CpuNetworkOptions)}.{nameof(CpuNetworkOptions.KeepAll)} and run it first.");
        var value = _last.Plan.Plan.Values[Graph[name]];
        var tensor = new Tensor(value.Info.Shape);
        var data = _last.Plan.Read(value);
        if (value.Info.Layout == Layout.Blocked)
            BlockedLayout.Unpack(data, value.Info.Shape, tensor.Span, 16);
        else
            data[..tensor.Shape.Count].CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>A plan together with the tensors it gives its outputs in.</summary>
    private sealed class RunPlan : IDisposable
    {
        public RunPlan(CpuNetwork network, ReadOnlySpan<Shape> shapes)
        {
            var plan = Graphs.Plan.Build(network.Graph, shapes, network.PlanOptions);
            Plan = new CpuPlan(plan, network._weights, network._pool);
            var outputs = new List<Tensor>();
            try
            {
                outputs.AddRange(plan.Outputs.Select(output => new Tensor(output.Info.Shape)));
            }
            catch
            {
                Plan.Dispose();
                outputs.ForEach(output => output.Dispose());
                throw;
            }

            Outputs = [.. outputs];
        }

        public CpuPlan Plan { get; }

        public Tensor[] Outputs { get; }

        public void Dispose()
        {
            Plan.Dispose();
            foreach (var output in Outputs)
                output.Dispose();
        }
    }
}
