using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.Regions;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>The values that parts hand to each other, row-major, in host memory, by the names of their nodes.</summary>
/// <param name="shapes">The shapes of all nodes.</param>
internal sealed class PartValues(IReadOnlyDictionary<string, Shape> shapes) : IDisposable
{
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);
    private readonly List<Tensor> _own = [];

    public Tensor this[string name] => _values[name];

    /// <summary>The shape of a node.</summary>
    public Shape ShapeOf(string name) => shapes[name];

    /// <summary>A new value for a node.</summary>
    public Tensor Own(string name)
    {
        var tensor = new Tensor(shapes[name]);
        _own.Add(tensor);
        return _values[name] = tensor;
    }

    public void Dispose() => _own.ForEach(tensor => tensor.Dispose());
}

/// <summary>A part of a network on its way through a picture.</summary>
internal abstract class LivePart : IDisposable
{
    /// <summary>Sees a picture of which it may get regions later.</summary>
    public virtual void Meet(LivePicture picture)
    {
    }

    /// <summary>Starts it; everything it reads is there.</summary>
    public abstract void Start(LiveResult result);

    /// <summary>Says that a frame of the host's loop begins.</summary>
    public virtual void BeginFrame()
    {
    }

    /// <summary>Whether what it computes is there now. Never waits.</summary>
    public abstract bool TryFinish(LiveResult result);

    /// <summary>Waits until it can be finished.</summary>
    public abstract void Wait();

    public abstract void Dispose();
}

/// <summary>Makes the network's input on a thread of the CPU's.</summary>
internal sealed class PreprocessPart : LivePart
{
    private readonly LiveWorker _worker;
    private readonly ImageToTensor _toTensor;
    private readonly Action<CancellationToken> _work;
    private PixelPicture? _picture;
    private RegionOfInterest? _region;
    private double _milliseconds;

    public PreprocessPart(LiveWorker worker, Preprocessing preprocessing, Tensor input)
    {
        (_worker, _toTensor) = (worker, new ImageToTensor(preprocessing));
        var regionToTensor = new RegionToTensor(preprocessing);
        _work = _ =>
        {
            var begin = FrameClock.Now;
            if (_region is { } region)
                regionToTensor.Run(_picture!.Bytes, _picture.Format, _picture.Geometry, region, input);
            else
                _toTensor.Run(_picture!.Bytes, _picture.Format, _picture.Geometry, input);
            _milliseconds = (FrameClock.Now - begin).TotalMilliseconds;
        };
    }

    public override void Start(LiveResult result)
    {
        (_picture, _region) = (result.Picture!.Pixels, result.Region);
        _worker.Post(_work);
    }

    public override bool TryFinish(LiveResult result)
    {
        if (_worker.IsBusy)
            return false;
        _worker.Rethrow();
        (result.Mapping, result.Stages) = (_toTensor.Mapping, result.Stages with { Preprocess = _milliseconds });
        return true;
    }

    public override void Wait() => _worker.Wait();

    public override void Dispose()
    {
        // The worker is its runner's.
    }
}

/// <summary>A part on the CPU, on a thread of its own.</summary>
internal sealed class CpuPart : LivePart
{
    private readonly LiveWorker _worker;
    private readonly Action<CancellationToken> _work;

    public CpuPart(LiveWorker worker, INetwork network, PartValues values)
    {
        _worker = worker;
        Tensor[] inputs = [.. network.Source.Inputs.Select(input => values[input.Name])];
        Tensor[] results = [.. network.Source.Outputs.Select(output => values.Own(output.Name))];
        _work = cancellation =>
        {
            var outputs = network.Run(inputs, cancellation);
            for (int i = 0; i < results.Length; i++)
                outputs[i].Span.CopyTo(results[i].Span);
        };
    }

    public override void Start(LiveResult result) => _worker.Post(_work);

    public override bool TryFinish(LiveResult result)
    {
        if (_worker.IsBusy)
            return false;
        _worker.Rethrow();
        return true;
    }

    public override void Wait() => _worker.Wait();

    public override void Dispose()
    {
        // The worker is its runner's.
    }
}

/// <summary>A part of shaders. The first one may make its input of the picture's texture; others get theirs from host memory.</summary>
internal sealed class GpuPart : LivePart
{
    private readonly GlDevice _device;
    private readonly GpuPlan _plan;
    private readonly SlicedRun _run;
    private readonly GpuImageToTensor? _toTensor;
    private readonly GpuRegionToTensor? _regionToTensor;
    private readonly PlanReadback _readback;
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _results;

    private long _tag;

    /// <param name="device">Where.</param>
    /// <param name="network">The part.</param>
    /// <param name="values">Has what it reads and gets what it gives.</param>
    /// <param name="options">How the whole network is used.</param>
    /// <param name="readsPicture">Whether its input is made of the picture's texture.</param>
    public GpuPart(GlDevice device, GpuNetwork network, PartValues values, LiveOptions options, bool readsPicture)
    {
        _device = device;
        var graph = network.Source;
        _inputs = readsPicture ? [] : [.. graph.Inputs.Select(input => values[input.Name])];
        _plan = network.TakeResident(blockedInputs: readsPicture, plainOutputs: true, isTimed: options.BudgetMs != null, [.. graph.Inputs.Select(input => values.ShapeOf(input.Name))]);
        _run = new SlicedRun(_plan, options);
        _toTensor = readsPicture && options.MostRegions == 0 ? new GpuImageToTensor(device, options.Preprocessing) : null;
        _regionToTensor = readsPicture && options.MostRegions > 0 ? new GpuRegionToTensor(device, options.Preprocessing) : null;
        _readback = new PlanReadback(device, _plan, Enumerable.Range(0, graph.Outputs.Count), inFlight: 1);
        _results = [.. graph.Outputs.Select(output => values.Own(output.Name))];
    }

    public override void Meet(LivePicture picture) => _regionToTensor?.Prepare((FrameTexture)picture);

    public override void Start(LiveResult result)
    {
        _regionToTensor?.Run((FrameTexture)result.Picture!, result.Region!.Value, _plan.Arena, _plan.Plan.Inputs[0].ByteOffset);
        if (_toTensor != null)
        {
            _toTensor.Run((FrameTexture)result.Picture!, _plan.Arena, _plan.Plan.Inputs[0].ByteOffset);
            result.Mapping = _toTensor.Mapping;
        }

        for (int i = 0; i < _inputs.Length; i++)
            _plan.Arena.Upload(_inputs[i].Span, _plan.Plan.Inputs[i].ByteOffset);
        _tag = result.Sequence;
        _run.Begin();
        RunSlice();
    }

    public override void BeginFrame()
    {
        _run.BeginFrame();
        if (!_run.IsDone)
            RunSlice();
    }

    public override bool TryFinish(LiveResult result) => _run.IsDone && _readback.TryRead(_results);

    public override void Wait()
    {
        while (!_run.IsDone)
            RunSlice();
        _device.Finish();
    }

    public override void Dispose()
    {
        _readback.Dispose();
        _toTensor?.Dispose();
        _regionToTensor?.Dispose();
        _plan.Dispose();
    }

    private void RunSlice()
    {
        _run.Advance();
        if (_run.IsDone)
            _readback.Request(_tag);
    }
}
