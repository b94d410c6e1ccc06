using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Live;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>
/// Runs a network whose parts are on both backends, part by part: those of shaders on the device's thread, which gets their results
/// asynchronously, those of the CPU on a thread of their own. One picture at a time.
/// </summary>
internal sealed class MixedRunner : LiveRunner
{
    private readonly LiveWorker _worker;
    private readonly List<LivePart> _parts = [];
    private readonly List<(Parameter Constant, Tensor Copy)> _constants = [];
    private readonly Tensor[] _outputs;
    private readonly DetectionReader? _head;
    private readonly Tensor[] _read = [];
    private readonly Tensor[] _seen = [];
    private readonly PartValues _values;
    private int _at;
    private LiveResult? _result;

    public MixedRunner(GlDevice device, MixedNetwork network, LiveOptions options)
        : base(LiveOutputs.Of(network.Source, options))
    {
        var graph = network.Graph;
        _values = new PartValues(graph.InferShapes(options.Preprocessing.Shape).ToDictionary(entry => entry.Key.Name, entry => entry.Value));
        var parts = network.PartsFor(options.Preprocessing.Shape);
        // Not before: what is refused above leaves no thread behind.
        _worker = new LiveWorker("RealtimeCnn live network");
        try
        {
            string input = graph.Inputs[0].Name;

            NeedsPixels = ReadsPixels(graph, parts);
            if (NeedsPixels)
                _parts.Add(new PreprocessPart(_worker, options.Preprocessing, _values.Own(input)));
            foreach (var part in parts)
                _parts.Add(part is GpuNetwork gpu ? new GpuPart(device, gpu, _values, options, readsPicture: _parts.Count == 0) : new CpuPart(_worker, part, _values));
            foreach (var constant in graph.Outputs.Where(output => output.Layer is Constant))
                _constants.Add((constant.Parameters[0], _values.Own(constant.Name)));
            _head = Outputs.NewReader();
            _read = [.. Outputs.Read.Select(output => _values[output.Name])];
            _seen = [.. Outputs.SeenInMemory.Select(output => _values[graph.Outputs[output.Index].Name])];
            _outputs = [.. Outputs.Returned.Select(output => _values[graph.Outputs[output.Index].Name])];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The build of the plans that a runner takes, part by part.</summary>
    public static PlanBuild Prepare(MixedNetwork network, LiveOptions options)
    {
        return new PlanBuild(Units().GetEnumerator());

        IEnumerable<double> Units()
        {
            var parts = network.PartsFor(options.Preprocessing.Shape);
            var shapes = network.Graph.InferShapes(options.Preprocessing.Shape).ToDictionary(entry => entry.Key.Name, entry => entry.Value);
            bool isMadeInPlace = !ReadsPixels(network.Graph, parts);
            double done = 1, all = parts.Count + 1;
            yield return done / all;
            for (int i = 0; i < parts.Count; i++)
            {
                Shape[] inputs = [.. parts[i].Source.Inputs.Select(node => shapes[node.Name])];
                using var build = parts[i] is GpuNetwork gpu ? gpu.PrepareResident(isMadeInPlace && i == 0, plainOutputs: true, isTimed: options.BudgetMs != null, inputs) : parts[i].Prepare(inputs);
                while (!build.Advance(TimeSpan.Zero))
                    yield return (done + build.Progress) / all;
                yield return ++done / all;
            }
        }
    }

    public override bool NeedsPixels { get; }

    public override bool DrawsNewestBegun => false;

    public override bool HasRoom => _result == null;

    public override void BeginFrame()
    {
        if (_result != null)
            _parts[_at].BeginFrame();
    }

    public override void Meet(LivePicture picture) => _parts[0].Meet(picture);

    public override void Begin(LiveResult result)
    {
        (_result, _at) = (result, 0);
        try
        {
            _parts[0].Start(result);
        }
        catch
        {
            _result = null;
            throw;
        }
    }

    public override bool TryComplete(LiveResult result)
    {
        try
        {
            while (true)
            {
                if (!_parts[_at].TryFinish(result))
                    return false;
                if (++_at == _parts.Count)
                    break;
                _parts[_at].Start(result);
            }
        }
        catch
        {
            _result = null;
            throw;
        }

        _result = null;
        foreach (var (constant, copy) in _constants)
            constant.Values.CopyTo(copy.Span);
        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i].Span.CopyTo(result.Outputs[i].Span);
        for (int i = 0; i < _seen.Length; i++)
            _seen[i].Span.CopyTo(result.Seen[i].Span);
        if (_head != null)
        {
            _head.Read(_read);
            result.Detections.CopyFrom(_head.Found);
        }

        result.Stages = result.Stages with { Network = (FrameClock.Now - result.Enqueued).TotalMilliseconds - result.Stages.Preprocess };
        return true;
    }

    public override LiveValue Value(LiveOutput output, Func<Tensor> newest) =>
        throw new NotSupportedException($"'{output.Name}' cannot be drawn: the network runs in parts on both backends.");

    public override void Finish()
    {
        if (_result != null)
            _parts[_at].Wait();
    }

    public override void Dispose()
    {
        _worker.Dispose();
        foreach (var part in _parts)
            part.Dispose();
        _values.Dispose();
    }

    /// <summary>Whether the picture is wanted in host memory. Where the first part alone reads it, and shaders compute that, its input is made where it lies.</summary>
    private static bool ReadsPixels(Graph graph, IReadOnlyList<Network> parts)
    {
        string input = graph.Inputs[0].Name;
        return parts[0] is not GpuNetwork || !parts[0].Source.Inputs.Select(node => node.Name).SequenceEqual([input])
            || parts.Skip(1).Any(part => part.Source.Inputs.Any(node => node.Name == input)) || graph.Outputs.Contains(graph.Inputs[0]);
    }
}
