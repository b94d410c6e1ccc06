using System.Diagnostics;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;
using RealtimeCnn.OpenGL.Tuning;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// Measures kernels of a network on a device, for the layers that do most of the work and for nodes that one kernel could compute
/// together (a separable convolution, an inverted residual, a convolution with its pooling, linear layers in a row, the end of a
/// classifier): for each combination of layers and shapes what a plan takes and up to three other ways, in other tiles or layer by layer.
/// What does not compute the same as the plain kernels, one after the other, does not count. The device keeps the choice
/// (<see cref="GlDeviceOptions.CacheFolder"/>), and its networks take it from then on.
/// </summary>
public sealed class KernelTuner
{
    /// <summary>Most ways that are tried for one call.</summary>
    public const int MostCandidates = 4;

    // What noise alone may gain; float32 sums in another order.
    private const double ClearlyFaster = 0.95, Rounding = 1e-5;
    private const int LeastRuns = 5, MostRuns = 40;

    // Until the least of some runs is believed, and until a slow one is not run again.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30), LongPatience = TimeSpan.FromMilliseconds(300);
    private readonly GlDevice _device;

    /// <param name="device">The device.</param>
    public KernelTuner(GlDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
    }

    /// <summary>Gives the milliseconds of a run of a plan, by its runs; tests give what they like.</summary>
    internal Func<GpuPlan, double> Measure { get; init; } = LeastOfSomeRuns;

    /// <summary>Programs to run instead of the device's own: lets a test run a broken shader.</summary>
    internal ProgramCache? Programs { get; init; }

    /// <summary>Measures all calls of a network at its declared sizes, and has the device keep what it finds. Takes seconds to minutes, most of them compiling.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="progress">Sees each call as it is done.</param>
    /// <param name="cancellation">Ends it between two kernels; what was measured is kept.</param>
    /// <returns>One entry for each call of which there is more than one kernel: first those of several nodes, then those of one that are left.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<TunedStep> Run(Graph graph, Action<TunedStep>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using var network = new GpuNetwork(_device, graph);
        // As a live loop feeds it.
        var options = new PlanOptions(_device.Kernels) { BlockedInputs = true };
        var (steps, found) = (new List<TunedStep>(), new Dictionary<string, string>());
        var blocks = new TunedCalls(network.Graph, options);
        Try(blocks, blocks.Blocks(MostCandidates));
        // Which nodes are steps of their own follows from that.
        var layers = new TunedCalls(network.Graph, options with { Choice = new KernelChoice(found) });
        Try(layers, layers.Layers(MostCandidates));
        return steps;

        void Try(TunedCalls all, IEnumerable<TunedCall> calls)
        {
            foreach (var alike in calls.GroupBy(call => call.Key).Where(calls => calls.First().Ways.Count > 1))
            {
                var step = this.Try(alike.First(), [.. alike.Select(call => call.Name)], all.OutputsOf(alike.First().Nodes[^1]), cancellation);
                foreach (var (call, kernel) in alike.First().Ways.First(way => way.Name == step.Chosen).Kernels)
                {
                    _device.MeasuredKernels.Keep(call, kernel);
                    found[call] = kernel;
                }

                steps.Add(step);
                progress?.Invoke(step);
            }
        }
    }

    private TunedStep Try(TunedCall call, string[] nodes, int outputs, CancellationToken cancellation)
    {
        using var alone = call.Alone(outputs);
        var random = new Random(1);
        Tensor[] inputs = [.. alone.InputShapes.Select(shape => new Tensor(shape))];
        try
        {
            foreach (var input in inputs)
                foreach (ref float value in input.Span)
                    value = (random.NextSingle() * 2) - 1;
            using var plain = Network(alone, call.Plain);
            var expected = plain.Run(inputs, cancellation);
            var tried = new List<TunedKernel>();
            foreach (var way in call.Ways)
            {
                cancellation.ThrowIfCancellationRequested();
                tried.Add(Try(call, alone, way, inputs, expected));
            }

            var best = tried.Where(kernel => kernel.Problem == null).DefaultIfEmpty(tried[0]).MinBy(kernel => kernel.Milliseconds)!;
            bool isBetter = tried[0].Problem != null || best.Milliseconds < tried[0].Milliseconds * ClearlyFaster;
            return new TunedStep(nodes, call.Output, tried, (isBetter ? best : tried[0]).Name);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private TunedKernel Try(TunedCall call, Graph alone, TunedWay way, Tensor[] inputs, IReadOnlyList<Tensor> expected)
    {
        try
        {
            using var network = Network(alone, way);
            var outputs = network.Run(inputs);
            double error = outputs.Select((output, i) => TensorDifference.Between(expected[i], output).RelativeL2).Max();
            // As it is fed and read in the network, so that it pays for conversions that its neighbours do not spare it.
            using var plan = network.TakeResident(call.ReadsBlocks, call.WritesRows, isTimed: false, [.. alone.InputShapes]);
            if (!(error <= Math.Max(Rounding, plan.Plan.Steps.Max(step => step.Kernel.Tolerance))))
                return new TunedKernel(way.Name, double.NaN, FormattableString.Invariant($"its error is {error:0.0e+0}"));
            Fill(plan);
            return new TunedKernel(way.Name, Measure(plan), null);
        }
        catch (Exception problem) when (problem is GlException or NotSupportedException)
        {
            return new TunedKernel(way.Name, double.NaN, problem.Message);
        }
    }

    /// <summary>Numbers that are none, or as small as there are, would take longer.</summary>
    private static void Fill(GpuPlan plan)
    {
        foreach (var input in plan.Plan.Inputs)
        {
            float[] values = new float[input.Info.Elements(GpuKernels.Block)];
            Array.Fill(values, 0.5f);
            plan.Arena.Upload(values.AsSpan(), input.ByteOffset);
        }
    }

    private GpuNetwork Network(Graph alone, TunedWay way) =>
        new(_device, alone, new NetworkOptions { Optimize = false, Choice = new KernelChoice(way.Kernels) }, Programs ?? _device.Programs);

    private static double LeastOfSomeRuns(GpuPlan plan)
    {
        double least = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < MostRuns; i++)
        {
            var spent = Stopwatch.GetElapsedTime(start);
            if (spent > (i < LeastRuns ? LongPatience : Patience))
                break;
            least = double.MinNumber(least, plan.TimeRun());
        }

        return least;
    }
}
