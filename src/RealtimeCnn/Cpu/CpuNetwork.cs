using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Images;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A graph bound to the CPU: the reference that every GPU result is compared with. Inputs may change their size from run to run.
/// One thread at a time. The graph must live as long as the network.
/// </summary>
public sealed unsafe class CpuNetwork : Network
{
    private readonly WorkerPool _pool;
    private readonly PlanOptions _forBytes, _forFrameRows, _forFrameColumns;
    private readonly bool _ownsPool;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes, or by <see cref="INetwork.Prepare"/>.</summary>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    /// <exception cref="NotSupportedException">Halves are to be stored.</exception>
    public CpuNetwork(Graph graph, NetworkOptions? options = null)
        : this(graph, options, pool: null)
    {
    }

    /// <summary>A network that works on the threads of others, or on its own where there are none. A fusion that is done becomes its own.</summary>
    internal CpuNetwork(Graph graph, NetworkOptions? options, WorkerPool? pool, Fusion? fusion = null)
        : base(graph, (options = WithFloats(options)).Verified(), options.ForPlans(CpuKernels.Table), fusion) =>
        (_pool, _ownsPool, _forBytes, _forFrameRows, _forFrameColumns) = (pool ?? new WorkerPool(options.Threads, options.Sharing), pool == null,
            PlanOptions with { InputElement = ElementType.UInt8 }, PlanOptions with { InputElement = ElementType.FrameRows }, PlanOptions with { InputElement = ElementType.FrameColumns });

    private static NetworkOptions WithFloats(NetworkOptions? options) => options is not { Halves: not HalfStorage.None } ? options ?? new NetworkOptions() : throw new NotSupportedException(
        $"{nameof(NetworkOptions)}.{nameof(NetworkOptions.Halves)} is {options.Halves}, but the CPU path computes and stores floats. Run the network on the GPU (GpuNetwork), or leave it at {HalfStorage.None}.");

    /// <summary>
    /// The plain kernel of each layer, for <see cref="NetworkOptions.ForcedKernels"/>: slow, obviously right, and what all others are held against.
    /// </summary>
    public static IReadOnlyList<string> PlainKernels { get; } = [.. CpuKernels.Table.Entries.Where(kernel => kernel.Name == Kernel.Plain).Select(kernel => kernel.ToString())];

    /// <inheritdoc/>
    public override string Backend => "cpu";

    private protected override string Place => $"cpu, {(Options.Threads == 1 ? "1 thread" : $"{Options.Threads} threads")}";

    /// <summary>
    /// Computes the outputs for a frame, as a run on the tensor that <paramref name="input"/> makes of it, bit by bit. Where a
    /// convolution of zero padding is the only layer that reads the input, it reads the frame's bytes, row by row, and there is no
    /// tensor; threads share the work on the frame as they share that of the layers.
    /// </summary>
    /// <param name="frame">The picture.</param>
    /// <param name="input">How it becomes the network's only input.</param>
    /// <param name="cancellation">Ends the run between two of its steps. The outputs hold nothing then.</param>
    /// <returns>One tensor for each output, in order. They belong to the network and hold until its next run or its disposal.</returns>
    /// <exception cref="ShapeException">The network has several inputs, or another one than <see cref="Preprocessing.Shape"/>.</exception>
    public IReadOnlyList<Tensor> Run(Frame frame, ImageToTensor input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(input);
        return Run(frame.Pixels, frame.Format, frame.Geometry, input, cancellation);
    }

    /// <inheritdoc cref="Run(Frame, ImageToTensor, CancellationToken)"/>
    internal IReadOnlyList<Tensor> Run(ReadOnlySpan<byte> pixels, in FrameFormat format, in FrameGeometry geometry, ImageToTensor input, CancellationToken cancellation)
    {
        Enter();
        try
        {
            fixed (byte* frame = pixels)
            {
                var plan = BeginFrame(pixels.Length, format, geometry, input, cancellation);
                plan.Run(input.Reader.Rows(frame), cancellation);
                return EndRun(plan);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>A run on a frame whose steps are timed.</summary>
    /// <inheritdoc cref="Run(Frame, ImageToTensor, CancellationToken)"/>
    /// <returns>The outputs and the steps.</returns>
    public NetworkProfile Profile(Frame frame, ImageToTensor input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(input);
        Enter();
        try
        {
            fixed (byte* pixels = frame.Pixels)
            {
                var plan = BeginFrame(frame.Pixels.Length, frame.Format, frame.Geometry, input, cancellation);
                var steps = plan.Profile(input.Reader.Rows(pixels), cancellation);
                return new NetworkProfile(EndRun(plan), steps);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Starts to make what runs on frames need, as <see cref="INetwork.Prepare"/> does for tensors.</summary>
    internal PlanBuild PrepareFrames(Shape shape) => BeginBuild(_forFrameRows, [shape]);

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

    private HostPlan BeginFrame(int bytes, in FrameFormat format, in FrameGeometry geometry, ImageToTensor input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ShapeInference.VerifyInputCount(Source, 1);
        input.Reader.Prepare(bytes, format, geometry);
        return (HostPlan)BeginRun(input.Reader.IsTurned ? _forFrameColumns : _forFrameRows, [input.Shape], cancellation);
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
        private readonly Plan _plan = new(JoinedPooling.Apart(network.Graph, shapes, options), shapes, options);
        private CpuPlan? _calls;
        private HashSet<Tensor> _own = [];
        private bool[] _isWritten = [];

        public override (long Planned, long Naive) ActivationBytes => (_plan.ArenaBytes, _plan.NaiveBytes);

        public override IEnumerable<double> Build()
        {
            foreach (double share in _plan.Units().Within(0, PlanningShare))
                yield return share;
            _calls = new CpuPlan(_plan, network._pool);
            foreach (double share in _calls.Units().Within(PlanningShare, 1))
                yield return share;
            Outputs = MakeTensors(_plan.Outputs.Select(output => output.Info.Shape));
            _own = [.. Outputs];
            _isWritten = Outputs.Map((_, i) => TryMoveOutput(i));
        }

        public override void Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            TakeInputs(inputs);
            _calls!.Run(cancellation);
            CopyOutputs();
        }

        public override IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            TakeInputs(inputs);
            double[] milliseconds = _calls!.Profile(cancellation);
            CopyOutputs();
            return _plan.Describe(network.Backend, milliseconds);
        }

        public void Run(in FrameRows frame, CancellationToken cancellation)
        {
            _calls!.Frame = frame;
            _calls.Run(cancellation);
            CopyOutputs();
        }

        public StepTime[] Profile(in FrameRows frame, CancellationToken cancellation)
        {
            _calls!.Frame = frame;
            double[] milliseconds = _calls.Profile(cancellation);
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

        /// <summary>Steps read inputs where the caller has them, but for those that need a copy, as an output of the last run does, which this one overwrites.</summary>
        private void TakeInputs(ReadOnlySpan<Tensor> inputs)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                var value = _plan.Inputs[i];
                if (!_own.Contains(inputs[i]) && _calls!.TryMove(value, inputs[i].Pointer))
                    continue;
                _calls!.MoveBack(value);
                inputs[i].Span.CopyTo(_calls.Read(value));
            }
        }

        private bool TryMoveOutput(int i) => _calls!.TryMove(_plan.Outputs[i], Outputs[i].Pointer);

        /// <summary>Brings outputs that steps did not write where the caller reads them.</summary>
        private void CopyOutputs()
        {
            for (int i = 0; i < Outputs.Length; i++)
            {
                if (!_isWritten[i])
                    _calls!.Read(_plan.Outputs[i])[..Outputs[i].Shape.Count].CopyTo(Outputs[i].Span);
            }
        }
    }
}
