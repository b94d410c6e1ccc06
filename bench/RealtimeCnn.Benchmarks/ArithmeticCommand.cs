using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// <c>arithmetic</c>: multiply-adds in registers alone, in OpenGL. What a device computes at most in these minutes, beside which the
/// networks of <c>bench/gpu.sh</c> stand.
/// </summary>
internal static class ArithmeticCommand
{
    // Long beside a dispatch, short beside what a busy system gives a process at a time.
    private const int Elements = 12 << 12, Turns = 64;

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Runs; the least time counts.", DefaultValueFactory = _ => 30 };
        var command = new Command("arithmetic", "Prints GFLOP/s of multiply-adds in registers, in OpenGL: by processor time divided by the number of processors, and by the clock.") { runs };
        command.SetAction(parsed =>
        {
            using var host = EglHost.Create();
            var (processors, clock) = Measure(host.Device, Math.Max(parsed.GetValue(runs), 1));
            parsed.InvocationConfiguration.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{processors:0.0} {clock:0.0}"));
        });
        return command;
    }

    private static (double ByProcessors, double ByClock) Measure(GlDevice device, int runs)
    {
        var layer = new MultiplyAdds(Turns);
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(layer, [builder.Input("x", new Shape(1, 1, 1, Elements))], [], "arithmetic"));
        using var network = new GpuNetwork(device, graph);
        using var input = new Tensor(graph.InputShapes[0]);
        var (leastCpu, leastTime) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        network.Run([input], CancellationToken.None);
        for (int run = 0; run < runs; run++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            network.Run([input], CancellationToken.None);
            var time = Stopwatch.GetElapsedTime(start);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            (leastCpu, leastTime) = (cpu < leastCpu ? cpu : leastCpu, time < leastTime ? time : leastTime);
        }

        double billions = layer.Operations(Elements) / 1e9;
        return (billions / (leastCpu.TotalSeconds / Environment.ProcessorCount), billions / leastTime.TotalSeconds);
    }
}
