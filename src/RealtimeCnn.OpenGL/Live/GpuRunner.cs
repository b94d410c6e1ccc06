using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>Runs a network of shaders: preprocessing writes into its input, outputs come back asynchronously or are drawn from where they lie.</summary>
internal sealed class GpuRunner : LiveRunner
{
    private const int MostTimed = 8;
    private readonly GlDevice _device;
    private readonly GpuPlan _plan;
    private readonly SlicedRun _run;

    // Of whole pictures, or of regions.
    private readonly GpuImageToTensor? _toTensor;
    private readonly GpuRegionToTensor? _regionToTensor;
    private readonly PlanReadback _readback;
    private readonly GpuHead? _head;
    private readonly bool _drawsFound;

    // Where shaders cannot read the head: the CPU does, in outputs that come back.
    private readonly DetectionReader? _reader;
    private readonly Tensor[] _fetched = [];
    private readonly Tensor[] _read = [];
    // Where each output that comes back lies among those.
    private readonly int[] _returned = [];
    private readonly TextureWriter? _textures;
    private readonly GpuTimer _preprocessTimer;
    private readonly GpuTimer _networkTimer;
    private readonly List<GpuTensor> _drawn = [];
    private LiveResult? _begun;
    private double _preprocessMs;
    private double _networkMs;

    public GpuRunner(GlDevice device, GpuNetwork network, LiveOptions options, int inFlight)
        : base(LiveOutputs.Of(network.Source, options) with { AreSeenInMemory = false })
    {
        (_device, _drawsFound) = (device, options.DrawsFound);
        _plan = network.TakeResident(blockedInputs: true, plainOutputs: options.Drawn.Count == 0, isTimed: options.BudgetMs != null, options.Preprocessing.Shape);
        try
        {
            _run = new SlicedRun(_plan, options);
            if (options.MostRegions > 0)
                _regionToTensor = new GpuRegionToTensor(device, options.Preprocessing);
            else
                _toTensor = new GpuImageToTensor(device, options.Preprocessing);
            _reader = Outputs.NewReader();
            if (_reader != null && HeadKernels.Of(_reader.Head, _reader.Layout, device.Limits) is { Refusal: null } kernels && _plan.Plan.Outputs.All(output => output.Info is { Layout: Layout.Plain, Element: ElementType.Float32 }))
                (_head, _reader) = (new GpuHead(device, _reader, kernels, [.. _plan.Plan.Outputs.Select(_plan.View)]), null);
            else if (_reader != null)
                _fetched = [.. Outputs.Fetched.Select(output => new Tensor(output.Shape))];
            _read = _fetched[..(_reader == null ? 0 : Outputs.Read.Count)];
            _returned = [.. Outputs.Returned.Select(output => Outputs.Fetched.ToList().IndexOf(output))];
            _readback = new PlanReadback(device, _plan, [.. (_reader == null ? Outputs.Returned : Outputs.Fetched).Select(output => output.Index)], inFlight, _head);
            if (options.Textures.Count > 0)
                _textures = new TextureWriter(device, options.Textures, [.. options.Textures.Select(SourceOf)], inFlight);
            _preprocessTimer = new GpuTimer(device, "preprocess");
            _networkTimer = new GpuTimer(device, "network", Math.Max(MostTimed, _run.Count));
        }
        catch
        {
            // Nobody gets what was not made to its end.
            Dispose();
            throw;
        }
    }

    /// <summary>The build of the plan that a runner takes.</summary>
    public static PlanBuild Prepare(GlDevice device, GpuNetwork network, LiveOptions options)
    {
        return new PlanBuild(Units().GetEnumerator());

        IEnumerable<double> Units()
        {
            const double NetworkShare = 0.95;
            using (var build = network.PrepareResident(blockedInputs: true, plainOutputs: options.Drawn.Count == 0, isTimed: options.BudgetMs != null, options.Preprocessing.Shape))
            {
                while (!build.Advance(TimeSpan.Zero))
                    yield return build.Progress * NetworkShare;
            }

            yield return NetworkShare;
            var outputs = LiveOutputs.Of(network.Source, options);
            foreach (double _ in TextureWriter.Units(device, options, outputs, areBlocked: options.Drawn.Count > 0))
                yield return NetworkShare;
            if (options.DrawsFound)
                GpuBoxes.Program(device);
            if (outputs.NewReader() is not { } reader)
                yield break;
            foreach (double share in GpuHead.Units(device, HeadKernels.Of(reader.Head, reader.Layout, device.Limits)).Within(NetworkShare, 1))
                yield return share;
        }
    }

    public override bool NeedsPixels => false;

    /// <inheritdoc/>
    /// <remarks>Where the CPU reads the head, boxes are those of a result.</remarks>
    public override bool DrawsNewestBegun => _reader == null || !_drawsFound;

    public override bool HasRoom => _run.HasRoom && _readback.HasRoom;

    public override void BeginFrame()
    {
        _run.BeginFrame();
        if (!_run.IsDone)
            RunSlice();
    }

    public override void Meet(LivePicture picture) => _regionToTensor?.Prepare((FrameTexture)picture);

    public override void Begin(LiveResult result)
    {
        _preprocessTimer.Begin();
        var picture = (FrameTexture)result.Picture!;
        long offset = _plan.Plan.Inputs[0].ByteOffset;
        if (result.Region is { } region)
        {
            _regionToTensor!.Run(picture, region, _plan.Arena, offset);
        }
        else
        {
            _toTensor!.Run(picture, _plan.Arena, offset);
            result.Mapping = _toTensor.Mapping;
        }

        _preprocessTimer.End();
        _begun = result;
        _run.Begin();
        RunSlice();
    }

    public override bool TryComplete(LiveResult result)
    {
        if (!_readback.TryRead(_reader == null ? result.Outputs : _fetched, _head == null ? null : result.Detections))
            return false;
        if (_reader != null)
        {
            _reader.Read(_read);
            result.Detections.CopyFrom(_reader.Found);
            for (int i = 0; i < Outputs.Returned.Count; i++)
                _fetched[_returned[i]].Span.CopyTo(result.Outputs[i].Span);
        }

        while (_preprocessTimer.TryRead(out var elapsed))
            _preprocessMs = elapsed.TotalMilliseconds;
        // All slices of a run that has several are of this result; of runs at once, others may be under way.
        double slices = 0;
        while (_networkTimer.TryRead(out var elapsed))
            _networkMs = slices = _run.Count == 1 ? elapsed.TotalMilliseconds : slices + elapsed.TotalMilliseconds;
        result.Stages = result.Stages with { Preprocess = _preprocessMs, Network = _networkMs, Readback = (FrameClock.Now - result.Enqueued).TotalMilliseconds };
        return true;
    }

    public override LiveValue Value(LiveOutput output, Func<Tensor> newest)
    {
        var value = _plan.Plan.Outputs[output.Index];
        var tensor = new GpuTensor(_device, _plan.View(value), value.Info.Shape);
        _drawn.Add(tensor);
        return new GpuValue(output.Name, tensor, _device);
    }

    public override LiveDetections Found(Func<Detections> newest) => _head?.Drawn ?? base.Found(newest);

    public override void Finish()
    {
        while (!_run.IsDone)
            RunSlice();
        _device.Finish();
    }

    public override void Dispose()
    {
        foreach (var tensor in _drawn)
            tensor.Dispose();
        _readback?.Dispose();
        _textures?.Dispose();
        _head?.Dispose();
        foreach (var tensor in _fetched)
            tensor.Dispose();
        _preprocessTimer?.Dispose();
        _networkTimer?.Dispose();
        _toTensor?.Dispose();
        _regionToTensor?.Dispose();
        _plan.Dispose();
    }

    private TextureSource SourceOf(OutputTexture texture)
    {
        var value = _plan.Plan.Outputs[Outputs.All.First(output => output.Name == texture.Output).Index];
        return new TextureSource(_plan.View(value), value.Info.Shape, value.Info.Layout);
    }

    private void RunSlice()
    {
        _networkTimer.Begin();
        _run.Advance();
        if (_run.IsDone)
        {
            _head?.Run();
            _textures?.Write(_begun!);
        }

        _networkTimer.End();
        if (!_run.IsDone)
            return;
        _readback.Request(_begun!.Sequence);
        _begun.Enqueued = FrameClock.Now;
    }
}
