using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn;

/// <summary>What all networks have in common: who may use them when, which plan a run takes, and how plans come to be.</summary>
public abstract class Network : INetwork
{
    /// <summary>Inputs whose shapes a run keeps on the stack; beyond, it allocates.</summary>
    private const int ShapesOnStack = 8;

    /// <summary>Share of a first build that goes into the passes.</summary>
    private const double PassesShare = 0.1;

    private readonly Lock _gate = new();
    private readonly HashSet<GatedUnits> _builds = [];
    private readonly PlanCache<NetworkPlan> _plans;
    private readonly Fusion _fusion;
    private bool _hasRun;
    private bool _isDisposed;

    private protected Network(Graph graph, NetworkOptions options, PlanOptions planOptions, Fusion? fusion)
    {
        ArgumentNullException.ThrowIfNull(graph);
        (Source, Options, PlanOptions) = (graph, options, planOptions);
        _fusion = fusion ?? new Fusion(graph, options);
        _plans = new PlanCache<NetworkPlan>(options.PlansKept);
    }

    /// <inheritdoc/>
    public Graph Source { get; }

    /// <inheritdoc/>
    /// <remarks>Fusion is the first part of a network's first build; asked before, this does all of it.</remarks>
    public Graph Graph
    {
        get
        {
            if (_fusion.Result is { } graph)
                return graph;
            Enter();
            try
            {
                _fusion.Units().Finish();
                return _fusion.Result!;
            }
            finally
            {
                _gate.Exit();
            }
        }
    }

    /// <inheritdoc/>
    public abstract string Backend { get; }

    /// <inheritdoc/>
    public string Choice => Reason.Length == 0 ? Place : $"{Place}: {Reason}";

    /// <inheritdoc/>
    public (long Planned, long Naive) ActivationBytes => _plans.Current?.ActivationBytes ?? default;

    /// <summary>How plans are made for tensors in host memory.</summary>
    internal PlanOptions PlanOptions { get; }

    /// <summary>Why the network runs where it does; empty where nobody chose.</summary>
    internal string Reason { get; set; } = "";

    /// <summary>Where the network runs, as people read it.</summary>
    private protected abstract string Place { get; }

    private protected NetworkOptions Options { get; }

    /// <summary>The plans that are held.</summary>
    private protected IEnumerable<NetworkPlan> Plans => _plans.Plans;

    /// <summary>The plan of the last run; null before the first.</summary>
    private protected NetworkPlan? LastPlan => _plans.Current;

    /// <inheritdoc/>
    public virtual string BackendOf(Node node) => Backend;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(params ReadOnlySpan<Tensor> inputs) => Run(inputs, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
    {
        Enter();
        try
        {
            var plan = BeginRun(inputs, cancellation);
            plan.Run(inputs, cancellation);
            return EndRun(plan);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public NetworkProfile Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation = default)
    {
        Enter();
        try
        {
            var plan = BeginRun(inputs, cancellation);
            var steps = plan.Profile(inputs, cancellation);
            return new NetworkProfile(EndRun(plan), steps);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string node)
    {
        Enter();
        try
        {
            if (!_hasRun || !Options.KeepAll)
                throw new InvalidOperationException($"To read '{node}', make the network with {nameof(NetworkOptions)}.{nameof(NetworkOptions.KeepAll)} and run it first.");
            return _plans.Current!.Read(Graph[node]);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public PlanBuild Prepare(params ReadOnlySpan<Shape> shapes) => BeginBuild(PlanOptions, shapes);

    /// <summary>Frees plans, packed parameters and threads, after a run on another thread has ended; the graph and a device stay.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            foreach (var build in _builds.ToArray())
                build.Dispose();
            _plans.Dispose();
            DisposeOwn();
            _fusion.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts to build a plan of other options than those of runs on host memory.</summary>
    private protected PlanBuild BeginBuild(PlanOptions options, ReadOnlySpan<Shape> shapes)
    {
        Enter();
        try
        {
            if (shapes.IsEmpty)
                shapes = Source.InputShapes;
            ShapeInference.VerifyInputCount(Source, shapes.Length);
            var build = new GatedUnits(this, BuildPlan(options, shapes.ToArray()).GetEnumerator());
            _builds.Add(build);
            return new PlanBuild(build, Options.Clock);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>The plan for some shapes, built now where there is none. It stays until others push it out.</summary>
    private protected NetworkPlan PlanFor(PlanOptions options, ReadOnlySpan<Shape> shapes, CancellationToken cancellation = default)
    {
        if (_plans.Find(options, shapes) is { } plan)
        {
            if (plan.Holds())
                return plan;
            _plans.Drop(plan);
        }

        using var build = BeginBuild(options, shapes);
        build.Finish(cancellation);
        return _plans.Find(options, shapes)!;
    }

    /// <summary>The plan of a run, whose results are not there until <see cref="EndRun"/>. The caller has entered.</summary>
    private protected NetworkPlan BeginRun(PlanOptions options, ReadOnlySpan<Shape> shapes, CancellationToken cancellation = default)
    {
        var plan = PlanFor(options, shapes, cancellation);
        _plans.Use(plan);
        _hasRun = false;
        return plan;
    }

    /// <summary>Says that a plan has run, and gives its results.</summary>
    private protected IReadOnlyList<Tensor> EndRun(NetworkPlan plan)
    {
        _hasRun = true;
        return plan.Outputs;
    }

    /// <summary>A plan for the caller to dispose, before the network: the one that was built with these options, or one that is built now.</summary>
    private protected NetworkPlan TakePlan(PlanOptions options, ReadOnlySpan<Shape> shapes)
    {
        Enter();
        try
        {
            var plan = PlanFor(options, shapes);
            _plans.Remove(plan);
            return plan;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>An empty plan, for the base class to build.</summary>
    private protected abstract NetworkPlan MakePlan(PlanOptions options, Shape[] shapes);

    /// <summary>Throws where this thread is not the one that must use the network.</summary>
    private protected virtual void VerifyThread()
    {
    }

    /// <summary>Frees what plans share.</summary>
    private protected virtual void DisposeOwn()
    {
    }

    private protected void Enter()
    {
        if (!_gate.TryEnter())
            throw new InvalidOperationException("The network is in use on another thread. Give each thread a network of its own; they may share the graph.");
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            VerifyThread();
        }
        catch
        {
            _gate.Exit();
            throw;
        }
    }

    private protected void Exit() => _gate.Exit();

    private NetworkPlan BeginRun(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Span<Shape> shapes = inputs.Length <= ShapesOnStack ? stackalloc Shape[ShapesOnStack] : new Shape[inputs.Length];
        shapes = shapes[..inputs.Length];
        ReadShapes(inputs, shapes);
        return BeginRun(PlanOptions, shapes, cancellation);
    }

    private void ReadShapes(ReadOnlySpan<Tensor> inputs, Span<Shape> shapes)
    {
        ShapeInference.VerifyInputCount(Source, inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input)
                throw new ArgumentNullException(nameof(inputs), $"Input '{Source.Inputs[i].Name}' is null.");
            if (input.IsDisposed)
                throw new ObjectDisposedException(nameof(Tensor), $"Input '{Source.Inputs[i].Name}' {input.Shape} was disposed before the run.");
            shapes[i] = input.Shape;
        }
    }

    private IEnumerable<double> BuildPlan(PlanOptions options, Shape[] shapes)
    {
        foreach (double share in _fusion.Units().Within(0, PassesShare))
            yield return share;
        if (_plans.Find(options, shapes) != null)
            yield break;
        var plan = MakePlan(options, shapes);
        bool isKept = false;
        try
        {
            foreach (double share in plan.Build().Within(PassesShare, 1))
                yield return share;
            plan.NoteChoices(_fusion.Result!);
            // Another build for the same shapes may have been faster.
            isKept = _plans.Find(options, shapes) == null;
            if (isKept)
                _plans.Add(options, shapes, plan);
        }
        finally
        {
            if (!isKept)
                plan.Dispose();
        }
    }

    /// <summary>Units of a build, each done as a run is: alone, and on the right thread.</summary>
    private sealed class GatedUnits(Network network, IEnumerator<double> units) : IEnumerator<double>
    {
        public double Current => units.Current;

        object System.Collections.IEnumerator.Current => Current;

        public bool MoveNext()
        {
            network.Enter();
            try
            {
                return units.MoveNext();
            }
            finally
            {
                network._gate.Exit();
            }
        }

        public void Dispose()
        {
            lock (network._gate)
            {
                network._builds.Remove(this);
                units.Dispose();
            }
        }

        public void Reset() => throw new NotSupportedException();
    }
}
