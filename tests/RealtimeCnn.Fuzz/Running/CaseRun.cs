using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Fuzz.Running;

/// <summary>Loads the bytes of a file.</summary>
internal delegate OnnxModel LoadModel(byte[] file, OnnxLoadOptions options);

/// <summary>
/// Loads and runs cases: with fused layers and without, on the GPU where there is a device, and compares all of them with each
/// other and with the oracle.
/// </summary>
/// <param name="device">Where to run beside the CPU; null for nowhere.</param>
/// <param name="load">What loads a file; null for the product's own loader.</param>
internal sealed class CaseRun(GlDevice? device = null, LoadModel? load = null)
{
    private static readonly OnnxLimits Limits = new() { MaxTensorBytes = 64 << 20, MaxStructureBytes = 64 << 20, MaxOperations = 2_000_000_000 };

    // The product's own, which a run may use up: a quarter of its time, as a machine may be slow.
    private static readonly OnnxLimits OwnLimits = new() { MaxOperations = new OnnxLimits().MaxOperations / 4 };

    // What the runtime says of itself when nobody caught it.
    private static readonly string[] RuntimeWords = ["(Parameter '", "Index was outside", "Arithmetic operation resulted", "Object reference", "Specified argument", "Value was either too large", "Exception of type", "Non-negative number required", "Sequence contains"];

    // A rounding error before one of these becomes a step behind it.
    private static readonly HashSet<Type> Steps =
    [
        typeof(Floor), typeof(Ceil), typeof(Round), typeof(Sign), typeof(Equal), typeof(Greater), typeof(GreaterOrEqual), typeof(Less), typeof(LessOrEqual), typeof(LogicalNot),
        typeof(LogicalAnd), typeof(LogicalOr), typeof(LogicalXor), typeof(IsNaN), typeof(IsInfinity), typeof(ArgMax), typeof(ArgMin), typeof(TopK), typeof(OneHot), typeof(Remainder),
        typeof(TruncatedRemainder), typeof(ThresholdedRelu), typeof(NonMaxSuppression), typeof(Gather), typeof(GatherNd), typeof(GatherElements), typeof(Pow),
    ];

    private readonly LoadModel _load = load ?? ((file, options) => OnnxModel.Load(file, "drawn.onnx", options));

    /// <summary>How a case ended, where nothing went wrong.</summary>
    public enum Outcome
    {
        /// <summary>It was refused with a clear error.</summary>
        Refused,

        /// <summary>All results are the same.</summary>
        Agreed,
    }

    /// <summary>Runs a case, and reports what goes wrong.</summary>
    public Outcome Run(FuzzCase fuzzCase, Action<FindingKind, string> report)
    {
        long before = Tensor.LiveBytes;
        var outcome = Outcome.Agreed;
        try
        {
            using var model = _load(fuzzCase.File, new OnnxLoadOptions { Limits = fuzzCase.IsHostile ? OwnLimits : Limits, Inputs = fuzzCase.Inputs.Where(input => fuzzCase.ToldAtLoad.Contains(input.Key)).ToDictionary() });
            if (fuzzCase.IsHostile)
                RunOnce(fuzzCase, model);
            else
                Compare(fuzzCase, model, report);
        }
        catch (OnnxException refusal)
        {
            outcome = Outcome.Refused;
            if (fuzzCase.IsValid && !refusal.IsUnsupported)
                report(FindingKind.Refused, refusal.Message);
            if (refusal.Message.Length == 0 || RuntimeWords.Any(words => refusal.Message.Contains(words, StringComparison.Ordinal)))
                report(FindingKind.Unclear, refusal.Message);
        }
#pragma warning disable CA1031 // What must not happen is what this looks for.
        catch (Exception problem)
        {
            report(FindingKind.Exception, problem.ToString());
        }
#pragma warning restore CA1031
        if (Tensor.LiveBytes != before)
            report(FindingKind.Leak, $"{Tensor.LiveBytes - before} bytes");
        return outcome;
    }

    private static void RunOnce(FuzzCase fuzzCase, OnnxModel model)
    {
        Tensor[] inputs = [.. model.Inputs.Select(port => InputFor(fuzzCase, port))];
        try
        {
            using var network = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 1 });
            network.Run(inputs);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private void Compare(FuzzCase fuzzCase, OnnxModel model, Action<FindingKind, string> report)
    {
        Tensor[] inputs = [.. model.Inputs.Select(port => InputFor(fuzzCase, port))];
        try
        {
            using var plain = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 1, Optimize = false, KeepAll = true });
            using var fused = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 2 });
            Tensor[] expected = [.. plain.Run(inputs)], actual = [.. fused.Run(inputs)];
            for (int i = 0; i < actual.Length; i++)
                model.ReadOutput(i, actual[i]);
            CompareWithOracle(fuzzCase, model, actual, FindingKind.Cpu, report);
            if (!fuzzCase.IsValid && !IsComparable(plain))
                return;
            Compare(model, expected, actual, fuzzCase.Magnitude, FindingKind.Fusion, report);
            if (device == null)
                return;
            using var mixed = new MixedNetwork(device, model.Graph);
            Compare(model, expected, [.. mixed.Run(inputs)], fuzzCase.Magnitude, FindingKind.Gpu, report);
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private static Tensor InputFor(FuzzCase fuzzCase, OnnxPort port)
    {
        if (fuzzCase.Inputs.TryGetValue(port.Name, out var value) && value.Shape == port.Shape)
            return value.ToTensor();
        var random = new Random(fuzzCase.Seed);
        var tensor = new Tensor(port.Shape);
        foreach (ref float element in tensor.Span)
            element = port.Type.IsFloat() ? (random.NextSingle() * 2) - 1 : random.Next(2);
        return tensor;
    }

    private static void CompareWithOracle(FuzzCase fuzzCase, OnnxModel model, Tensor[] actual, FindingKind kind, Action<FindingKind, string> report)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (!fuzzCase.Expected.TryGetValue(model.Outputs[i].Name, out var expected))
                continue;
            string? difference = expected.Shape.SequenceEqual(actual[i].Shape.ToArray())
                ? Difference.Between(expected.Values, actual[i].Span, fuzzCase.Magnitude)
                : $"shape is {actual[i].Shape}, expected [{string.Join(", ", expected.Shape)}]";
            if (difference != null)
                report(kind, $"output '{model.Outputs[i].Name}': {difference}");
        }
    }

    private static void Compare(OnnxModel model, Tensor[] expected, Tensor[] actual, double magnitude, FindingKind kind, Action<FindingKind, string> report)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (Difference.Between(expected[i], actual[i], magnitude) is { } difference)
                report(kind, $"output '{model.Outputs[i].Name}' of {string.Join(' ', model.Graph.Nodes.Select(node => node.Layer.GetType().Name))}: {difference}");
        }
    }

    /// <summary>Whether a damaged model computes with ordinary numbers all the way, so that rounding errors stay small.</summary>
    private static bool IsComparable(CpuNetwork plain)
    {
        Node[] computed = [.. plain.Graph.Nodes.Where(node => node.Layer is not (Input or Constant))];
        if (computed.Length > 1 && computed.Any(node => Steps.Contains(node.Layer.GetType())))
            return false;
        foreach (var node in plain.Graph.Nodes.Where(node => node.Layer is not Constant))
        {
            using var value = plain.Read(node.Name);
            foreach (float element in value.Span)
            {
                if (!(Math.Abs(element) < 1e4f))
                    return false;
            }
        }

        return plain.Graph.Nodes.SelectMany(node => node.Parameters).All(parameter => parameter.Values.ToArray().All(element => Math.Abs(element) < 1e4f));
    }
}
