using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A graph bound to an OpenGL device; every layer needs a shader. Inputs may change their size from run to run. A run uploads its
/// inputs and waits for its outputs, which is for tests and tools: a live loop feeds textures and reads results asynchronously
/// instead. Every call comes from the device's thread. The graph must live as long as the network.
/// </summary>
public sealed class GpuNetwork : Network
{
    private readonly ProgramCache _programs;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes, or by <see cref="INetwork.Prepare"/>.</summary>
    /// <param name="device">Where to run it.</param>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced does not exist.</exception>
    /// <exception cref="InvalidOperationException">The device belongs to another thread.</exception>
    public GpuNetwork(GlDevice device, Graph graph, NetworkOptions? options = null)
        : this(device, graph, options, device?.Programs!)
    {
    }

    /// <summary>A network with programs of its own instead of the device's: lets a test run a broken shader. A fusion that is done becomes its own.</summary>
    internal GpuNetwork(GlDevice device, Graph graph, NetworkOptions? options, ProgramCache programs, Fusion? fusion = null)
        : base(graph, (options ??= new NetworkOptions()).Verified(), (device ?? throw new ArgumentNullException(nameof(device))).ForPlans(options), fusion)
    {
        device.VerifyThread();
        (Device, _programs) = (device, programs);
    }

    /// <summary>The device it runs on.</summary>
    public GlDevice Device { get; }

    /// <inheritdoc/>
    public override string Backend => "gpu";

    /// <summary>Compute dispatches in the last plan that ran.</summary>
    public int DispatchCount => LastPlan is DevicePlan plan ? plan.Calls.DispatchCount : 0;

    /// <summary>Bytes of packed parameters in GPU memory that the network reads; networks of one graph share them.</summary>
    public long WeightBytes => Plans.OfType<DevicePlan>().SelectMany(plan => plan.Calls.Packed.Copies).Distinct().Sum(copy => copy.Bytes);

    private protected override string Place => $"gpu, '{Device.Info.Renderer}'";

    /// <summary>Starts to build what <see cref="TakeResident"/> gives then without a pause.</summary>
    /// <param name="blockedInputs">Whether the caller writes the inputs channel-blocked, rather than row-major.</param>
    /// <param name="plainOutputs">Whether outputs become row-major, rather than stay in the layout they have.</param>
    /// <param name="isTimed">Whether the steps are timed, to be run in slices.</param>
    /// <param name="shapes">One for each input.</param>
    internal PlanBuild PrepareResident(bool blockedInputs, bool plainOutputs, bool isTimed, params ReadOnlySpan<Shape> shapes) =>
        BeginBuild(Resident(blockedInputs, plainOutputs, isTimed), shapes);

    /// <summary>A plan for whoever feeds and reads it on the GPU, and disposes it before the network; it runs beside those of the network.</summary>
    /// <inheritdoc cref="PrepareResident"/>
    internal GpuPlan TakeResident(bool blockedInputs, bool plainOutputs, bool isTimed, params ReadOnlySpan<Shape> shapes) =>
        ((DevicePlan)TakePlan(Resident(blockedInputs, plainOutputs, isTimed), shapes)).Calls;

    private PlanOptions Resident(bool blockedInputs, bool plainOutputs, bool isTimed) =>
        PlanOptions with { BlockedInputs = blockedInputs, PlainOutputs = plainOutputs, IsResident = true, IsTimed = isTimed };

    private protected override void VerifyThread() => Device.VerifyThread();

    private protected override NetworkPlan MakePlan(PlanOptions options, Shape[] shapes) => new DevicePlan(this, options, shapes);

    /// <summary>A plan on the device together with the tensors it gives its outputs in.</summary>
    private sealed class DevicePlan(GpuNetwork network, PlanOptions options, Shape[] shapes) : NetworkPlan
    {
        private const double PlanningShare = 0.1, BuiltShare = 0.9;
        private readonly Plan _plan = new(JoinedPooling.Apart(network.Graph, shapes, options), shapes, options);
        private GpuPlan? _calls;

        public GpuPlan Calls => _calls!;

        public override (long Planned, long Naive) ActivationBytes => (_plan.ArenaBytes, _plan.NaiveBytes);

        public override IEnumerable<double> Build()
        {
            foreach (double share in _plan.Units().Within(0, PlanningShare))
                yield return share;
            _calls = new GpuPlan(network.Device, network._programs, _plan);
            double built = options.IsTimed ? BuiltShare : 1;
            foreach (double share in _calls.Units().Within(PlanningShare, built))
                yield return share;
            if (options.IsTimed)
            {
                foreach (double share in _calls.TimeSteps().Within(built, 1))
                    yield return share;
            }

            if (!options.IsResident)
                Outputs = MakeTensors(_plan.Outputs.Select(output => output.Info.Shape));
        }

        public override void Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            Upload(inputs);
            Calls.Run(cancellation);
            Download();
        }

        public override IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            Upload(inputs);
            double[] milliseconds = Calls.Profile(cancellation);
            Download();
            return _plan.Describe(network.Backend, milliseconds);
        }

        public override Tensor Read(Node node)
        {
            var value = _plan.Values[node];
            var (info, tensor) = (value.Info, new Tensor(value.Info.Shape));
            if (info.Layout == Layout.Plain)
            {
                ReadFloats(value, tensor.Span);
                return tensor;
            }

            float[] blocked = new float[info.Elements(options.Kernels.Block)];
            ReadFloats(value, blocked);
            BlockedLayout.Unpack(blocked, info.Shape, tensor.Span, options.Kernels.Block);
            return tensor;
        }

        private void ReadFloats(PlanValue value, Span<float> floats)
        {
            if (value.Info.Element == ElementType.Float32)
            {
                Calls.Arena.Read(floats, value.ByteOffset);
                return;
            }

            var halves = new Half[floats.Length];
            Calls.Arena.Read(halves.AsSpan(), value.ByteOffset);
            for (int i = 0; i < halves.Length; i++)
                floats[i] = (float)halves[i];
        }

        public override void Dispose()
        {
            _calls?.Dispose();
            base.Dispose();
        }

        private void Upload(ReadOnlySpan<Tensor> inputs)
        {
            network.Device.VerifyContext();
            for (int i = 0; i < inputs.Length; i++)
                Calls.Arena.Upload(inputs[i].Span, _plan.Inputs[i].ByteOffset);
        }

        private void Download()
        {
            for (int i = 0; i < Outputs.Length; i++)
                Calls.Arena.Read(Outputs[i].Span, _plan.Outputs[i].ByteOffset);
        }
    }
}
