using System.Diagnostics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Measures kernels of a network on a device, for the layers that do most of the work: for each combination of layer and shapes the
/// kernel that a plan takes and up to three others that compute the call, in other tiles too. What does not compute the same as the
/// plain kernel does not count. The device keeps the choice (<see cref="GlDeviceOptions.CacheFolder"/>), and its networks take it from then on.
/// </summary>
public sealed class KernelTuner
{
    /// <summary>Most kernels that are tried for one call.</summary>
    public const int MostCandidates = 4;

    // What noise alone may gain; float32 sums in another order.
    private const double ClearlyFaster = 0.95, Rounding = 1e-5;
    private const int LeastRuns = 5, MostRuns = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);
    private readonly GlDevice _device;

    /// <param name="device">The device.</param>
    public KernelTuner(GlDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
    }

    /// <summary>Gives the milliseconds of a network's step, by its runs; tests give what they like.</summary>
    internal Func<GpuNetwork, Tensor[], string, double> Measure { get; init; } = LeastOfSomeRuns;

    /// <summary>Programs to run instead of the device's own: lets a test run a broken shader.</summary>
    internal ProgramCache? Programs { get; init; }

    /// <summary>Measures all calls of a network at its declared sizes, and has the device keep what it finds. Takes seconds to minutes, most of them compiling.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="progress">Sees each call as it is done.</param>
    /// <param name="cancellation">Ends it between two kernels; what was measured is kept.</param>
    /// <returns>One entry for each call of which there is more than one kernel.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TunedStep> Run(Graph graph, Action<TunedStep>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using var network = new GpuNetwork(_device, graph);
        var plan = Plan.Build(network.Graph, [], new PlanOptions(_device.Kernels));
        var steps = new List<TunedStep>();
        // One node, whose kernels differ by its layer and shapes alone.
        foreach (var calls in plan.Steps.Where(step => step is { Call.Nodes.Count: 1, Call.Layer: ConvolutionLayer or Linear or PoolingLayer }).GroupBy(step => KernelChoice.Key(_device.Kernels, step.Asked)))
        {
            var first = calls.First();
            var candidates = Candidates(first);
            if (candidates.Count < 2)
                continue;
            var step = Try([.. calls.Select(call => call.Node.Name)], first, candidates, cancellation);
            _device.MeasuredKernels.Keep(calls.Key, step.Chosen);
            steps.Add(step);
            progress?.Invoke(step);
        }

        return steps;
    }

    /// <summary>The kernels to try, each of which does something else: the step's own, its other tiles, then the others in their order.</summary>
    internal IReadOnlyList<Kernel> Candidates(PlanStep step)
    {
        var fitting = _device.Kernels.Fitting(step.Asked);
        return [.. fitting.OrderByDescending(kernel => kernel == step.Kernel).ThenByDescending(kernel => kernel.Name.StartsWith(step.Kernel.Name, StringComparison.Ordinal))
            .Where(kernel => kernel is GpuKernel && kernel.Plan(step.Call).Refusal == null).DistinctBy(kernel => Work(kernel, step.Call)).Take(MostCandidates)];
    }

    private static string Work(Kernel kernel, LayerCall call) =>
        string.Join('\n', ((GpuKernel)kernel).Plan(call).Dispatches.Select(dispatch => $"{dispatch.Shader} {string.Join(' ', dispatch.Defines)} {dispatch.Invocations}"));

    private TunedStep Try(string[] nodes, PlanStep step, IReadOnlyList<Kernel> candidates, CancellationToken cancellation)
    {
        using var alone = Alone(step);
        var random = new Random(1);
        Tensor[] inputs = [.. alone.InputShapes.Select(shape => new Tensor(shape))];
        try
        {
            foreach (var input in inputs)
                foreach (ref float value in input.Span)
                    value = (random.NextSingle() * 2) - 1;
            using var plain = Network(alone, step, Kernel.Plain);
            using var expected = plain.Run(inputs, cancellation)[0].Clone();
            var tried = new List<TunedKernel>();
            foreach (var candidate in candidates)
            {
                cancellation.ThrowIfCancellationRequested();
                tried.Add(Try(alone, step, candidate, inputs, expected));
            }

            var best = tried.Where(kernel => kernel.Problem == null).DefaultIfEmpty(tried[0]).MinBy(kernel => kernel.Milliseconds)!;
            bool isBetter = tried[0].Problem != null || best.Milliseconds < tried[0].Milliseconds * ClearlyFaster;
            return new TunedStep(nodes, step.Call.Output.Shape, tried, (isBetter ? best : tried[0]).Name);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private TunedKernel Try(Graph alone, PlanStep step, Kernel candidate, Tensor[] inputs, Tensor expected)
    {
        try
        {
            using var network = Network(alone, step, candidate.Name);
            var difference = TensorDifference.Between(expected, network.Run(inputs)[0]);
            return difference.RelativeL2 <= Math.Max(Rounding, candidate.Tolerance)
                ? new TunedKernel(candidate.Name, Measure(network, inputs, step.Node.Name), null)
                : new TunedKernel(candidate.Name, double.NaN, FormattableString.Invariant($"its error is {difference.RelativeL2:0.0e+0}"));
        }
        catch (GlException problem)
        {
            return new TunedKernel(candidate.Name, double.NaN, problem.Message);
        }
    }

    /// <summary>A step's node as a graph of its own, which reads its parameters where they are.</summary>
    private static Graph Alone(PlanStep step)
    {
        Node[] inputs = [.. step.Node.Inputs.Select((_, i) => new Node($"input {i}", new Input(step.Call.Inputs[i].Shape), [], []))];
        return new Graph(inputs, [new Node(step.Node.Name, step.Node.Layer, inputs, step.Node.Parameters)], []);
    }

    private GpuNetwork Network(Graph alone, PlanStep step, string kernel)
    {
        var choice = new KernelChoice(new Dictionary<string, string> { [KernelChoice.Key(_device.Kernels, step.Asked)] = kernel });
        return new GpuNetwork(_device, alone, new NetworkOptions { Optimize = false, Choice = choice }, Programs ?? _device.Programs);
    }

    private static double LeastOfSomeRuns(GpuNetwork network, Tensor[] inputs, string node)
    {
        // A conversion of the result, of the same name, comes behind.
        double least = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < LeastRuns || (i < MostRuns && Stopwatch.GetElapsedTime(start) < Patience); i++)
            least = double.MinNumber(least, network.Profile(inputs).Steps.First(step => step.Nodes[^1] == node).Milliseconds);
        return least;
    }
}
