using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A graph bound to the CPU: the reference that every GPU result is compared with. Inputs may change their size from run to run.
/// One thread at a time. The graph must live as long as the network.
/// </summary>
public sealed class CpuNetwork : Network
{
    private readonly WorkerPool _pool;
    private readonly PlanOptions _forBytes;
    private readonly bool _ownsPool;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes, or by <see cref="INetwork.Prepare"/>.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    public CpuNetwork(Graph graph, NetworkOptions? options = null)
        : this(graph, options, pool: null)
    {
    }

    /// <summary>A network that works on the threads of others, or on its own where there are none. A fusion that is done becomes its own.</summary>
    internal CpuNetwork(Graph graph, NetworkOptions? options, WorkerPool? pool, Fusion? fusion = null)
        : base(graph, (options ??= new NetworkOptions()).Verified(), options.ForPlans(CpuKernels.Table), fusion) =>
        (_pool, _ownsPool, _forBytes) = (pool ?? new WorkerPool(options.Threads, options.Sharing), pool == null, PlanOptions with { InputElement = ElementType.UInt8 });

    /// <inheritdoc/>
    public override string Backend => "cpu";

    private protected override string Place => $"cpu, {(Options.Threads == 1 ? "1 thread" : $"{Options.Threads} threads")}";

    /// <summary>As a run on tensors, of bytes: a picture as it comes, with numbers from 0 to 255.</summary>
    /// <param name="shape">The shape of the only input.</param>
    /// <param name="picture">All elements, row-major.</param>
    internal IReadOnlyList<Tensor> Run(Shape shape, ReadOnlySpan<byte> picture)
    {
        Enter();
        try
        {
            ShapeInference.VerifyInputCount(Source, 1);
            ArgumentOutOfRangeException.ThrowIfNotEqual(picture.Length, shape.Count);
            var plan = (HostPlan)BeginRun(_forBytes, [shape]);
            plan.Run(picture);
            return EndRun(plan);
        }
        finally
        {
            Exit();
        }
    }

    private protected override NetworkPlan MakePlan(PlanOptions options, Shape[] shapes) => new HostPlan(this, options, shapes);

    private protected override void DisposeOwn()
    {
        if (_ownsPool)
            _pool.Dispose();
    }

    /// <summary>A plan together with the tensors it gives its outputs in.</summary>
    private sealed class HostPlan(CpuNetwork network, PlanOptions options, Shape[] shapes) : NetworkPlan
    {
        private const double PlanningShare = 0.2;
        private readonly Plan _plan = new(network.Graph, shapes, options);
        private CpuPlan? _calls;

        public override (long Planned, long Naive) ActivationBytes => (_plan.ArenaBytes, _plan.NaiveBytes);

        public override IEnumerable<double> Build()
        {
            foreach (double share in _plan.Units().Within(0, PlanningShare))
                yield return share;
            _calls = new CpuPlan(_plan, network._pool);
            foreach (double share in _calls.Units().Within(PlanningShare, 1))
                yield return share;
            Outputs = MakeTensors(_plan.Outputs.Select(output => output.Info.Shape));
        }

        public override void Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            CopyInputs(inputs);
            _calls!.Run(cancellation);
            CopyOutputs();
        }

        public override IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            CopyInputs(inputs);
            double[] milliseconds = _calls!.Profile(cancellation);
            CopyOutputs();
            return _plan.Describe(network.Backend, milliseconds);
        }

        public void Run(ReadOnlySpan<byte> picture)
        {
            picture.CopyTo(_calls!.ReadBytes(_plan.Inputs[0])[..picture.Length]);
            _calls.Run();
            CopyOutputs();
        }

        public override Tensor Read(Node node)
        {
            var value = _plan.Values[node];
            var tensor = new Tensor(value.Info.Shape);
            BlockedLayout.Unpack(_calls!.ReadBytes(value), value.Info, tensor.Span, CpuKernels.Block);
            return tensor;
        }

        public override void Dispose()
        {
            _calls?.Dispose();
            base.Dispose();
        }

        private void CopyInputs(ReadOnlySpan<Tensor> inputs)
        {
            for (int i = 0; i < inputs.Length; i++)
                inputs[i].Span.CopyTo(_calls!.Read(_plan.Inputs[i]));
        }

        private void CopyOutputs()
        {
            for (int i = 0; i < Outputs.Length; i++)
                _calls!.Read(_plan.Outputs[i])[..Outputs[i].Shape.Count].CopyTo(Outputs[i].Span);
        }
    }
}
