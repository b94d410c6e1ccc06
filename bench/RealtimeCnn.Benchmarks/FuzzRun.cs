using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Onnx;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Benchmarks;

/// <summary>
/// The long run of the tests' mutations: damages each ONNX file below a folder in many ways, loads it within small limits, and
/// runs what loads. Anything but a graph or an <see cref="OnnxException"/> is written out with its seed.
/// </summary>
internal static class FuzzRun
{
    private static readonly OnnxLimits Limits = new() { MaxTensorBytes = 64 << 20, MaxStructureBytes = 64 << 20, MaxOperations = 2_000_000_000 };

    /// <returns>How many mutations ended otherwise than they may.</returns>
    public static int Run(string folder, int seeds, int firstSeed, TextWriter output)
    {
        int loaded = 0, refused = 0, wrong = 0;
        var slowest = TimeSpan.Zero;
        foreach (string path in Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
            {
                var watch = Stopwatch.StartNew();
                long before = Tensor.LiveBytes;
                try
                {
                    LoadAndRun(seed % 3 == 0 ? FileMutator.Mutate(file, seed) : ModelMutator.Mutate(file, seed));
                    loaded++;
                }
                catch (OnnxException)
                {
                    refused++;
                }
#pragma warning disable CA1031 // What must not happen is what this looks for.
                catch (Exception problem)
                {
                    wrong++;
                    output.WriteLine($"{path} seed {seed}: {problem}");
                }
#pragma warning restore CA1031
                if (Tensor.LiveBytes != before)
                    output.WriteLine($"{path} seed {seed} leaks {Tensor.LiveBytes - before} bytes; {++wrong} wrong so far.");
                if (watch.Elapsed > slowest)
                    output.WriteLine($"{path} seed {seed} is the slowest so far: {(slowest = watch.Elapsed).TotalMilliseconds:F0} ms");
            }
        }

        output.WriteLine($"{loaded} loaded and ran, {refused} were refused, {wrong} went wrong; at most {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        return wrong;
    }

    private static void LoadAndRun(byte[] file)
    {
        using var model = OnnxModel.Load(file, "mutant.onnx", new OnnxLoadOptions { Limits = Limits });
        using var network = new CpuNetwork(model.Graph, new CpuNetworkOptions { Threads = 1 });
        Tensor[] inputs = [.. model.Inputs.Select(port => new Tensor(port.Shape))];
        try
        {
            var outputs = network.Run(inputs);
            for (int i = 0; i < outputs.Count; i++)
                model.ReadOutput(i, outputs[i]);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }
}
