using System.Diagnostics;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Demo.Pipelines;

/// <summary>
/// The pipeline on an OpenGL device: the frame's bytes go up, pictures are drawn from where tensors lie, and only the last
/// layer's ranges come back, when they are there. Without a screenshot it never waits for the GPU.
/// </summary>
internal sealed class GpuPipeline : Pipeline
{
    private static readonly Stage[] TimedOnGpu = [Stage.Upload, Stage.Preprocess, Stage.Network, Stage.Draw];

    // Of the last layer: four least and four greatest values for every four channels.
    private const int RangeFloats = DemoNetwork.LastChannels * 2;
    private const int FramesInFlight = 2;
    private readonly GlDevice _device;
    private readonly RunStats _stats;
    private readonly FrameUploader _uploader;
    private readonly GpuCanvas _canvas;
    private readonly GpuTimer[] _timers;
    private readonly Dictionary<string, GpuTensor> _tensors = [];
    private readonly ResultReader _results;
    private readonly float[] _ranges = new float[RangeFloats];
    private GpuNetwork? _network;
    private GpuPlan? _plan;
    private GpuImageToTensor? _preprocess;
    private OffscreenTarget? _target;
    private FrameTexture? _frame;

    /// <param name="device">Where.</param>
    /// <param name="stats">Gets the times of the stages.</param>
    public GpuPipeline(GlDevice device, RunStats stats)
    {
        (_device, _stats) = (device, stats);
        _uploader = new FrameUploader(device);
        _canvas = new GpuCanvas(device);
        _timers = [.. TimedOnGpu.Select(stage => new GpuTimer(device, RunStats.NameOf(stage)))];
        _results = new ResultReader(device, RangeFloats * sizeof(float), FramesInFlight);
    }

    public override string Renderer => _device.Info.Renderer;

    public override IFrameAllocator? Allocator => _uploader;

    public override Canvas Canvas => _canvas;

    private protected override bool IsBusy
    {
        get
        {
            ReadResults();
            return !_results.HasRoom;
        }
    }

    public override void Finish() => _device.Finish();

    public override void BeginPicture(Size2d size, Color background, float scale)
    {
        Timer(Stage.Draw).Begin();
        if (!ToWindow && (_target is null || _target.Width != size.Width || _target.Height != size.Height))
        {
            _target?.Dispose();
            _target = new OffscreenTarget(_device, size.Width, size.Height);
        }

        _canvas.Begin(ToWindow ? 0 : _target!.Framebuffer, size.Width, size.Height, background, scale);
    }

    public override void EndPicture()
    {
        _canvas.End();
        Timer(Stage.Draw).End();
        ReadResults();
    }

    public override void DrawFrame(Area where) => _canvas.Picture(_frame!, where);

    public override void DrawPicture(string name, Area where) => _canvas.Picture(_tensors[name], where);

    public override void DrawMaps(string name, Area where, int columns, int rows, float gap, int firstChannel = 0) =>
        _canvas.FeatureMaps(_tensors[name], where, columns, rows, gap, firstChannel);

    public override (byte[] Pixels, FrameFormat Format) ReadPicture() => _target!.Read();

    public override void Dispose()
    {
        Unbind();
        _frame?.Release();
        foreach (var timer in _timers)
            timer.Dispose();
        _results.Dispose();
        _target?.Dispose();
        _canvas.Dispose();
        _uploader.Dispose();
        base.Dispose();
    }

    private protected override void Bind(Graph graph, Preprocessing preprocessing)
    {
        Unbind();
        _preprocess = new GpuImageToTensor(_device, preprocessing);
        _network = new GpuNetwork(_device, graph);
        _plan = _network.PrepareForTextures(preprocessing.Shape);
        var names = graph.Outputs.Select(node => node.Name);
        foreach (var (name, value) in names.Zip(_plan.Plan.Outputs))
            _tensors.Add(name, new GpuTensor(_device, _plan.View(value), value.Info.Shape));
    }

    private protected override bool Load(Frame frame)
    {
        Timer(Stage.Upload).Begin();
        var texture = _uploader.TryUpload(frame);
        Timer(Stage.Upload).End();
        if (texture is null)
            return false;
        _frame?.Release();
        _frame = texture;
        return true;
    }

    private protected override void Compute()
    {
        Timer(Stage.Preprocess).Begin();
        _preprocess!.Run(_frame!, _plan!.Arena, _plan.Plan.Inputs[0].ByteOffset);
        Timer(Stage.Preprocess).End();
        Timer(Stage.Network).Begin();
        _plan.Run();
        Timer(Stage.Network).End();
        var ranges = _tensors[DemoNetwork.Pointwise].MeasureRanges();
        _results.TryRequest([new ResultRange(ranges.Buffer, 0, ranges.Bytes)], Stopwatch.GetTimestamp());
    }

    private void ReadResults()
    {
        while (_results.TryRead(_ranges.AsSpan(), out long requestedAt))
        {
            _stats.Record(Stage.Readback, Stopwatch.GetElapsedTime(requestedAt).TotalMilliseconds);
            StrongestMap = StrongestOf(_ranges);
        }

        for (int i = 0; i < TimedOnGpu.Length; i++)
        {
            while (_timers[i].TryRead(out var elapsed))
                _stats.Record(TimedOnGpu[i], elapsed.TotalMilliseconds);
        }
    }

    private static int StrongestOf(ReadOnlySpan<float> ranges)
    {
        int strongest = 0;
        float most = float.NegativeInfinity;
        for (int channel = 0; channel < DemoNetwork.LastChannels; channel++)
        {
            float greatest = ranges[(channel / 4 * 8) + 4 + (channel % 4)];
            if (greatest > most)
                (most, strongest) = (greatest, channel);
        }

        return strongest;
    }

    private GpuTimer Timer(Stage stage) => _timers[Array.IndexOf(TimedOnGpu, stage)];

    private void Unbind()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
        _tensors.Clear();
        _preprocess?.Dispose();
        _network?.Dispose();
    }
}
