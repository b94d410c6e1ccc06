using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Graphs.Passes;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A graph that runs on an OpenGL device as far as there are kernels, and on the CPU where there are none or where the device cannot
/// hold a tensor. Values cross over row-major, in host memory. Every call comes from the device's thread. The graph must live as
/// long as the network.
/// </summary>
public sealed class MixedNetwork : Network
{
    private readonly GlDevice _device;
    private readonly ProgramCache _programs;
    private readonly List<Cut> _cuts = [];
    private WorkerPool? _pool;
    private Cut? _declared;

    /// <summary>Prepares a network; plans are made at the first run with each combination of input shapes, or by <see cref="INetwork.Prepare"/>.</summary>
    /// <param name="device">Where to run what can be run there.</param>
    /// <param name="graph">What to compute.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced exists on neither backend.</exception>
    /// <exception cref="InvalidOperationException">The device belongs to another thread.</exception>
    public MixedNetwork(GlDevice device, Graph graph, NetworkOptions? options = null)
        : this(device, graph, options, device?.Programs!)
    {
    }

    /// <summary>A network with programs of its own instead of the device's: lets a test run a broken shader. A fusion that is done becomes its own.</summary>
    internal MixedNetwork(GlDevice device, Graph graph, NetworkOptions? options, ProgramCache programs, Fusion? fusion = null)
        : base(graph, (options ??= new NetworkOptions()).Verified(), ForDevice(options, device ?? throw new ArgumentNullException(nameof(device))), fusion)
    {
        device.VerifyThread();
        (_device, _programs) = (device, programs);
    }

    /// <inheritdoc/>
    public override string Backend => "mixed";

    private protected override string Place => $"mixed, '{_device.Info.Renderer}' and the CPU";

    /// <inheritdoc/>
    /// <remarks>For the input sizes of the last run; for the declared ones before the first.</remarks>
    public override string BackendOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        Enter();
        try
        {
            var cut = LastPlan is MixedPlan plan ? plan.Cut : _declared ??= CutFor(Source.InputShapes, out _);
            return cut.CpuNodes.Contains(node) ? "cpu" : "gpu";
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The network's parts for a size of its inputs, in the order in which they run; the network's to dispose.</summary>
    /// <param name="shapes">One for each input.</param>
    internal IReadOnlyList<Network> PartsFor(params Shape[] shapes)
    {
        Enter();
        try
        {
            return CutFor(shapes, out _).Parts;
        }
        finally
        {
            Exit();
        }
    }

    private protected override void VerifyThread() => _device.VerifyThread();

    private protected override NetworkPlan MakePlan(PlanOptions options, Shape[] shapes) => new MixedPlan(this, shapes);

    private protected override void DisposeOwn()
    {
        foreach (var cut in _cuts)
            cut.Dispose();
        _cuts.Clear();
        _pool?.Dispose();
    }

    /// <summary>The networks of a cut of the graph, and the shapes of all values. Sizes that cut it in the same places share them.</summary>
    private Cut CutFor(Shape[] shapes, out IReadOnlyDictionary<Node, Shape> values)
    {
        var cut = new GraphCut(Graph, shapes, _device, PlanOptions);
        values = cut.Shapes;
        var same = _cuts.Find(other => other.CpuNodes.SetEquals(cut.CpuNodes));
        if (same == null)
            _cuts.Add(same = new Cut(this, cut));
        return same;
    }

    /// <summary>The graph in parts, each a network of its own.</summary>
    private sealed class Cut(MixedNetwork network, GraphCut cut) : IDisposable
    {
        public IReadOnlySet<Node> CpuNodes { get; } = cut.CpuNodes;

        public Network[] Parts { get; } = [.. cut.Parts.Select(network.Bind)];

        public void Dispose()
        {
            foreach (var part in Parts)
                part.Dispose();
        }
    }

    /// <summary>How plans of the device's part are made.</summary>
    /// <exception cref="KeyNotFoundException">A kernel that is to be forced exists on neither backend.</exception>
    internal static PlanOptions ForDevice(NetworkOptions options, GlDevice device)
    {
        if (options.ForcedKernels.FirstOrDefault(name => !device.Kernels.Has(name) && !CpuKernels.Table.Has(name)) is { } unknown)
            throw new KeyNotFoundException($"Neither backend has a kernel '{unknown}'. The GPU has: {string.Join(", ", device.Kernels.Entries)}. The CPU has: {string.Join(", ", CpuKernels.Table.Entries)}.");
        return device.ForPlans(OnBackend(options, device.Kernels));
    }

    private static NetworkOptions OnBackend(NetworkOptions options, KernelTable table) => options with
    {
        Optimize = false,
        ForcedKernels = [.. options.ForcedKernels.Where(table.Has)],
        Kernels = options.Kernels?.Backend == table.Backend ? options.Kernels : null,
    };

    private Network Bind(GraphPart part) => part.OnGpu
        ? new GpuNetwork(_device, part.Graph, OnBackend(Options, _device.Kernels), _programs)
        : new CpuNetwork(part.Graph, OnBackend(Options, CpuKernels.Table) with { Halves = HalfStorage.None }, _pool ??= new WorkerPool(Options.Threads, Options.Sharing));

    /// <summary>The order in which parts hand values on. Each value that crosses over has a slot; inputs have the first.</summary>
    private sealed class MixedPlan(MixedNetwork network, Shape[] shapes) : NetworkPlan
    {
        private readonly List<(Network Network, Tensor[] Inputs, int[] From, int[] To)> _parts = [];
        private Tensor[] _slots = [];
        private int[] _outputSlots = [];

        // Copies of inputs, where they are outputs or are to be read later, and of constants that are outputs.
        private readonly List<(Parameter Constant, Tensor Copy)> _constants = [];
        private Tensor?[] _inputs = [];

        public Cut Cut { get; private set; } = null!;

        public override (long Planned, long Naive) ActivationBytes => (
            _parts.Sum(part => part.Network.ActivationBytes.Planned), _parts.Sum(part => part.Network.ActivationBytes.Naive));

        public override IEnumerable<double> Build()
        {
            Cut = network.CutFor(shapes, out var values);
            double done = 0, all = Cut.Parts.Length + 2;
            yield return ++done / all;
            foreach (var part in Cut.Parts)
            {
                using var build = part.Prepare([.. part.Source.Inputs.Select(input => values[network.Graph[input.Name]])]);
                while (!build.Advance(TimeSpan.Zero))
                    yield return (done + build.Progress) / all;
                yield return ++done / all;
            }

            Connect();
        }

        public override void Run(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            Take(inputs);
            foreach (var part in _parts)
                Keep(part.To, part.Network.Run(Given(part.Inputs, part.From), cancellation));
            Give();
        }

        public override IReadOnlyList<StepTime> Profile(ReadOnlySpan<Tensor> inputs, CancellationToken cancellation)
        {
            var steps = new List<StepTime>();
            Take(inputs);
            foreach (var part in _parts)
            {
                var (outputs, taken) = part.Network.Profile(Given(part.Inputs, part.From), cancellation);
                Keep(part.To, outputs);
                steps.AddRange(taken);
            }

            Give();
            return steps;
        }

        public override Tensor Read(Node node) => node.Layer switch
        {
            Input => _inputs[network.Graph.Inputs.ToList().IndexOf(node)]!.Clone(),
            Constant => node.Parameters[0].Tensor.Clone(),
            _ => _parts.First(part => part.Network.Source.Nodes.Any(own => own.Name == node.Name && own.Layer is not Input)).Network.Read(node.Name),
        };

        public override void Dispose()
        {
            // The others are the parts'.
            Outputs = [];
            foreach (var copy in _inputs.OfType<Tensor>().Concat(_constants.Select(constant => constant.Copy)))
                copy.Dispose();
            (_inputs, _slots) = ([], []);
            _constants.Clear();
            base.Dispose();
        }

        private void Take(ReadOnlySpan<Tensor> inputs)
        {
            inputs.CopyTo(_slots);
            for (int i = 0; i < inputs.Length; i++)
            {
                if (_inputs[i] is { } copy)
                    inputs[i].Span.CopyTo(copy.Span);
            }

            foreach (var (constant, copy) in _constants)
                constant.Values.CopyTo(copy.Span);
        }

        private Tensor[] Given(Tensor[] inputs, int[] from)
        {
            for (int i = 0; i < from.Length; i++)
                inputs[i] = _slots[from[i]];
            return inputs;
        }

        private void Keep(int[] to, IReadOnlyList<Tensor> results)
        {
            for (int i = 0; i < to.Length; i++)
                _slots[to[i]] = results[i];
        }

        private void Give()
        {
            for (int i = 0; i < _outputSlots.Length; i++)
                Outputs[i] = _slots[_outputSlots[i]];
        }

        private void Connect()
        {
            var graph = network.Graph;
            var slots = new List<Tensor>();
            var slotOf = new Dictionary<string, int>(StringComparer.Ordinal);
            int Add(string name, Tensor value)
            {
                slots.Add(value);
                return slotOf[name] = slots.Count - 1;
            }

            foreach (var input in graph.Inputs)
                Add(input.Name, null!);
            foreach (var part in Cut.Parts)
                _parts.Add((part, new Tensor[part.Source.Inputs.Count], [.. part.Source.Inputs.Select(input => slotOf[input.Name])], [.. part.Source.Outputs.Select(output => Add(output.Name, null!))]));
            _inputs = new Tensor?[shapes.Length];
            for (int i = 0; i < _inputs.Length; i++)
            {
                if (network.Options.KeepAll || graph.Outputs.Contains(graph.Inputs[i]))
                    Add(graph.Inputs[i].Name, _inputs[i] = new Tensor(shapes[i]));
            }

            foreach (var constant in graph.Outputs.Where(output => output.Layer is Constant && !slotOf.ContainsKey(output.Name)))
            {
                _constants.Add((constant.Parameters[0], new Tensor(constant.Parameters[0].Shape)));
                Add(constant.Name, _constants[^1].Copy);
            }

            _slots = [.. slots];
            _outputSlots = [.. graph.Outputs.Select(output => slotOf[output.Name])];
            Outputs = new Tensor[_outputSlots.Length];
        }
    }
}
