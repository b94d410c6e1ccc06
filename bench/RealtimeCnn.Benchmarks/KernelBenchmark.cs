using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Benchmarks;

/// <summary>How fast one kernel computes a case.</summary>
/// <param name="Kernel">Its name among the kernels of the layer.</param>
/// <param name="IsChosen">Whether a plan takes it here.</param>
/// <param name="Milliseconds">The least time of its step alone: conversions of its inputs and outputs are not in it.</param>
/// <param name="Gflops">Two operations for each multiply-accumulate of the layer's definition, in 10⁹ a second; 0 where it has none.</param>
/// <param name="GigaBytes">Inputs, parameters and outputs, each element once and as a float32, in 10⁹ bytes a second.</param>
/// <param name="OfPlain">The time divided by that of the plain kernel.</param>
internal sealed record KernelTime(string Kernel, bool IsChosen, double Milliseconds, double Gflops, double GigaBytes, double OfPlain);

/// <summary>
/// Times the kernels of a case in turns, round after round, so that what else the machine does hurts all alike, and keeps the least time
/// of each.
/// </summary>
internal sealed class KernelBenchmark(GlDevice? device, int threads, int rounds, TimeSpan turn)
{
    /// <summary>Measures the kernels that compute a case, the best first and the plain one last.</summary>
    /// <param name="one">What is computed.</param>
    /// <param name="only">The one kernel to measure beside the plain one; null for all.</param>
    public IReadOnlyList<KernelTime> Measure(LayerCase one, string? only)
    {
        using var run = new LayerRun(one);
        var all = run.Kernels(device);
        var kernels = all.Where(kernel => only == null || kernel == all[^1] || kernel.Name.EndsWith($"/{only}", StringComparison.OrdinalIgnoreCase)).ToList();
        INetwork[] networks = [.. kernels.Select(kernel => Open(run, one, kernel.Name))];
        try
        {
            double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, kernels.Count)];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < kernels.Count; i++)
                    least[i] = Math.Min(least[i], Turn(networks[i], run, kernels[i].Name));
            }

            double bytes = sizeof(float) * (run.Inputs.Sum(input => (double)input.Shape.Count) + run.Graph.ParameterCount + one.Layer.InferShapes(one.Inputs).Sum(output => (double)output.Count));
            double operations = 2.0 * one.Layer.MultiplyAccumulates(one.Inputs, one.Layer.InferShape(one.Inputs));
            return [.. kernels.Select((kernel, i) => new KernelTime(
                kernel.Name[(kernel.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], kernel.IsChosen, least[i], operations / (least[i] * 1e6), bytes / (least[i] * 1e6), least[i] / least[^1]))
                .Where(time => double.IsFinite(time.Milliseconds))];
        }
        finally
        {
            foreach (var network in networks)
                network.Dispose();
        }
    }

    private INetwork Open(LayerRun run, LayerCase one, string kernel)
    {
        var options = new NetworkOptions { Threads = threads, Mode = one.Mode, Optimize = false, ForcedKernels = [kernel] };
        return device == null ? new CpuNetwork(run.Graph, options) : new GpuNetwork(device, run.Graph, options);
    }

    /// <summary>The least time of some runs, in milliseconds; infinite where a run has no step by this kernel.</summary>
    private double Turn(INetwork network, LayerRun run, string kernel)
    {
        double least = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        do
        {
            foreach (var step in network.Profile(run.Inputs).Steps)
            {
                // Conversions have the name of the node too.
                if (step.Kernel == kernel && step.Nodes.Contains(LayerRun.LayerName))
                    least = Math.Min(least, step.Milliseconds);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < turn);
        return least;
    }
}
