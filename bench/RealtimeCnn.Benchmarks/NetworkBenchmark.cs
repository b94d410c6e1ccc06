using System.Diagnostics;
using System.Globalization;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Benchmarks;

/// <summary>What is measured.</summary>
internal sealed record BenchmarkOptions(bool OnCpu, bool OnGpu, int Runs, int Warmups, int Threads, int? Size, int Batch);

/// <summary>One network on one backend.</summary>
/// <param name="Median">Median duration of a run, in milliseconds of the clock.</param>
/// <param name="Shortest">Shortest duration of a run, in milliseconds of the clock.</param>
/// <param name="Processor">Milliseconds of processor time that the process took for a run, all threads together, drivers included.</param>
internal readonly record struct Timing(double Median, double Shortest, double Processor);

/// <summary>
/// Times networks through the public API. On a shared machine the clock says little, so processor time stands beside it; a run on
/// the GPU includes uploading the input and waiting for the output.
/// </summary>
internal sealed class NetworkBenchmark(BenchmarkOptions options) : IDisposable
{
    private readonly EglHost? _host = options.OnGpu ? EglHost.Create() : null;

    public void Run(IReadOnlyList<string> models, TextWriter output)
    {
        if (_host != null)
            output.WriteLine($"OpenGL: {_host.Device.Info.Renderer}");
        output.WriteLine($"{options.Runs} runs after {options.Warmups}; CPU path on {options.Threads} thread(s); milliseconds");
        output.WriteLine($"{"model",-20}{"backend",8}{"GMACs",9}{"median",10}{"shortest",10}{"processor",11}{"GMAC/s",9}{"planned MiB",13}{"naive MiB",11}");
        foreach (string name in models)
        {
            var (graph, owner) = Open(name);
            using (owner)
                Run(name, graph, output);
        }
    }

    public void Dispose() => _host?.Dispose();

    private (Graph Graph, IDisposable Owner) Open(string name)
    {
        if (ModelCatalog.Contains(name))
        {
            var graph = ModelCatalog.Create(name, new ModelOptions { InputSize = options.Size, Batch = options.Batch });
            return (graph, graph);
        }

        var file = OnnxModel.Load(name);
        return (file.Graph, file);
    }

    private void Run(string name, Graph graph, TextWriter output)
    {
        double gigaMacs = graph.Summary().MultiplyAccumulates / 1e9;
        Tensor[] inputs = [.. graph.InputShapes.Select(Noise)];
        if (options.OnCpu)
        {
            using var network = new CpuNetwork(graph, new NetworkOptions { Threads = options.Threads });
            Write("cpu", Measure(() => network.Run(inputs)), network.ActivationBytes);
        }

        if (_host != null)
        {
            using var network = new GpuNetwork(_host.Device, graph);
            Write("gpu", Measure(() => network.Run(inputs)), network.ActivationBytes);
        }

        foreach (var input in inputs)
            input.Dispose();

        void Write(string backend, Timing timing, (long Planned, long Naive) bytes) => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(ModelCatalog.Contains(name) ? name : Path.GetFileName(name)),-20}{backend,8}{gigaMacs,9:F3}{timing.Median,10:F2}{timing.Shortest,10:F2}{timing.Processor,11:F2}{gigaMacs / timing.Median * 1000,9:F1}{bytes.Planned / 1048576.0,13:F1}{bytes.Naive / 1048576.0,11:F1}"));
    }

    private Timing Measure(Action run)
    {
        for (int i = 0; i < options.Warmups; i++)
            run();
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var before = process.TotalProcessorTime;
        double[] durations = new double[options.Runs];
        for (int i = 0; i < durations.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            durations[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        process.Refresh();
        double processor = (process.TotalProcessorTime - before).TotalMilliseconds / durations.Length;
        Array.Sort(durations);
        return new Timing(durations[durations.Length / 2], durations[0], processor);
    }

    private static Tensor Noise(Shape shape)
    {
        var random = new Random(1);
        var tensor = new Tensor(shape);
        foreach (ref float value in tensor.Span)
            value = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}
