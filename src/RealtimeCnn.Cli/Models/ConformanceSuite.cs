using System.Globalization;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Cli.Models;

/// <summary>What became of one conformance test.</summary>
/// <param name="Name">Path of its folder below the suite's.</param>
/// <param name="Status"><c>pass</c>, <c>fail</c> or <c>unsupported</c>.</param>
/// <param name="Reason">Why it did not pass, or on which backend its nodes ran.</param>
/// <param name="GpuNodes">Nodes that shaders computed.</param>
/// <param name="CpuNodes">Nodes that the CPU computed.</param>
internal sealed record ConformanceResult(string Name, string Status, string Reason, int GpuNodes, int CpuNodes);

/// <summary>
/// Runs tests in the layout of the ONNX backend suites: a folder with <c>model.onnx</c> and <c>test_data_set_*</c> folders of
/// <c>input_i.pb</c> and <c>output_i.pb</c>. Numbers must agree within <c>atol + rtol·|expected|</c>.
/// </summary>
internal static class ConformanceSuite
{
    private const double RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-5;
    private const double HalfRelativeTolerance = 1e-2, HalfAbsoluteTolerance = 1e-3;

    /// <summary>The folders of all tests below a folder, in order.</summary>
    public static IEnumerable<string> Find(string folder) => Directory
        .EnumerateFiles(folder, "model.onnx", SearchOption.AllDirectories)
        .Select(path => Path.GetDirectoryName(path)!)
        .Where(test => Directory.EnumerateDirectories(test, "test_data_set_*").Any())
        .Order(StringComparer.Ordinal);

    public static ConformanceResult Run(string test, string name, NetworkHost host, CancellationToken cancellation = default)
    {
        int gpu = 0, cpu = 0;
        try
        {
            foreach (string set in Directory.EnumerateDirectories(test, "test_data_set_*").Order(StringComparer.Ordinal))
            {
                if (RunSet(test, set, host, ref gpu, ref cpu, cancellation) is { } difference)
                    return new ConformanceResult(name, "fail", difference, gpu, cpu);
            }

            string where = gpu == 0 ? $"{cpu} nodes on the CPU" : $"{gpu} nodes on the GPU, {cpu} on the CPU";
            return new ConformanceResult(name, "pass", where, gpu, cpu);
        }
        catch (OnnxException problem) when (problem.IsUnsupported)
        {
            return new ConformanceResult(name, "unsupported", OneLine(string.Join("; ", problem.Problems.Select(entry => entry.Opset == 0 ? entry.Reason : entry.ToString()))), gpu, cpu);
        }
#pragma warning disable CA1031 // One broken test must not end the run; it is reported as what it is.
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return new ConformanceResult(name, "fail", OneLine($"{problem.GetType().Name}: {problem.Message}"), gpu, cpu);
        }
#pragma warning restore CA1031
    }

    /// <summary>Runs one data set; null when everything agrees.</summary>
    private static string? RunSet(string test, string set, NetworkHost host, ref int gpu, ref int cpu, CancellationToken cancellation)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(test, "model.onnx"));
        string[] fed = [.. OnnxModel.ReadDeclaredInputs(file, "model.onnx").Select(input => input.Name)];
        var inputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        OnnxException? unreadable = null;
        for (int i = 0; i < fed.Length; i++)
        {
            string path = Path.Combine(set, $"input_{i}.pb");
            if (!File.Exists(path))
                continue;
            try
            {
                inputs[fed[i]] = OnnxTensor.FromProto(File.ReadAllBytes(path), $"input_{i}.pb");
            }
            catch (OnnxException problem)
            {
                unreadable ??= problem;
            }
        }

        using var model = Load(file, inputs, test, unreadable);
        using var network = host.Create(model.Graph, threads: 1, isOneOfMany: true);
        Tensor[] values = [.. model.Inputs.Select(port => inputs[port.Name].ToTensor())];
        try
        {
            var outputs = network.Run(values, cancellation);
            (gpu, cpu, _) = NodePlaces.Of(network);
            for (int i = 0; i < outputs.Count; i++)
            {
                var expected = OnnxTensor.FromProto(File.ReadAllBytes(Path.Combine(set, $"output_{i}.pb")), $"output_{i}.pb");
                if (Difference(model.ReadOutput(i, outputs[i]), expected) is { } difference)
                    return $"output '{model.Outputs[i].Name}': {difference}";
            }

            return null;
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    /// <summary>Loads a model; an input of a type that is not supported is the reason why a test can't run, whatever else follows from it.</summary>
    private static OnnxModel Load(byte[] file, Dictionary<string, OnnxTensor> inputs, string test, OnnxException? unreadable)
    {
        try
        {
            var model = OnnxModel.Load(file, "model.onnx", new OnnxLoadOptions { Inputs = inputs }, test);
            if (unreadable == null)
                return model;
            model.Dispose();
        }
        catch (OnnxException problem) when (unreadable != null && !problem.IsUnsupported)
        {
            throw unreadable;
        }

        throw unreadable;
    }

    /// <summary>The worst disagreement beyond the tolerance, or null.</summary>
    internal static string? Difference(OnnxTensor given, OnnxTensor expected)
    {
        if (given.Type != expected.Type || given.Shape != expected.Shape)
            return $"is {given}; expected {expected}";
        bool half = expected.Type == OnnxType.Float16;
        double relative = half ? HalfRelativeTolerance : RelativeTolerance, absolute = half ? HalfAbsoluteTolerance : AbsoluteTolerance;
        int worst = -1, wrong = 0;
        double furthest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            double a = given.DoubleAt(i), b = expected.DoubleAt(i);
            double beyond = a.Equals(b) ? 0 : Math.Abs(a - b) - (absolute + (relative * Math.Abs(b)));
            if (beyond <= 0)
                continue;
            wrong++;
            if (worst < 0 || !(beyond <= furthest))
                (worst, furthest) = (i, beyond);
        }

        return wrong == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{wrong} of {expected.Count} elements differ, most at {worst}: {given.DoubleAt(worst):G9}, expected {expected.DoubleAt(worst):G9}");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
