using System.Diagnostics;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL.Caching;

namespace RealtimeCnn.OpenGL;

/// <summary>Measures where a network runs faster, once for a graph, a device with its driver, a machine and a way to run it; a file remembers.</summary>
/// <param name="device">The device.</param>
/// <param name="graph">What to compute.</param>
/// <param name="options">How it will run.</param>
internal sealed class BackendMeter(GlDevice device, Graph graph, NetworkOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);
    private const int LeastRuns = 3, MostRuns = 30;

    /// <summary>Gives the milliseconds of a run; tests give what they like.</summary>
    public Func<INetwork, double> Measure { get; init; } = LeastOfSomeRuns;

    /// <summary>Says which day it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What was measured earlier; null where nothing was, and for kernels that were chosen by hand.</summary>
    public BackendTimes? Remembered => BackendTimes.Parse(device.Cache?.Read(Key));

    /// <summary>Runs both some times, and remembers.</summary>
    public BackendTimes Compare(INetwork onCpu, INetwork onDevice)
    {
        var times = new BackendTimes(Measure(onCpu), Measure(onDevice), DateOnly.FromDateTime(Clock.GetLocalNow().DateTime));
        device.Cache?.Write(times.ToBytes(), Key);
        return times;
    }

    // A folder may be seen by several machines.
    private string[] Key =>
    [
        "backend", GraphKey.Of(graph), Environment.MachineName, $"{Environment.ProcessorCount} processors", $"{device.Info.ReadPath}",
        $"{options.Threads} {options.Mode} {options.Optimize} {options.KeepAll} {options.Storage} {options.Halves} {string.Join(' ', options.ForcedKernels)}",
    ];

    private static double LeastOfSomeRuns(INetwork network)
    {
        Tensor[] inputs = [.. network.Source.InputShapes.Select(shape => new Tensor(shape))];
        try
        {
            network.Run(inputs);
            double least = double.PositiveInfinity;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < LeastRuns || (i < MostRuns && Stopwatch.GetElapsedTime(start) < Patience); i++)
            {
                long before = Stopwatch.GetTimestamp();
                network.Run(inputs);
                least = Math.Min(least, Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }

            return least;
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }
}
