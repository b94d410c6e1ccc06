using System.Diagnostics;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Demo.Pipelines;

/// <summary>The pipeline on an OpenGL device: the frame's bytes go up, and nothing but the screenshot comes back.</summary>
internal sealed class GpuPipeline : Pipeline
{
    private static readonly Stage[] TimedOnGpu = [Stage.Upload, Stage.Preprocess, Stage.Network, Stage.Draw];
    private readonly GlDevice _device;
    private readonly RunStats _stats;
    private readonly bool _offscreen;
    private readonly FrameUploader _uploader;
    private readonly GpuCanvas _canvas;
    private readonly GpuTimer? _timer;
    private readonly double[] _gpuTimes = new double[TimedOnGpu.Length];
    private readonly Dictionary<string, GpuTensor> _tensors = [];
    private readonly GpuFence[] _inFlight = new GpuFence[2];
    private int _next;
    private GpuNetwork? _network;
    private GpuPlan? _plan;
    private GpuImageToTensor? _preprocess;
    private OffscreenTarget? _target;
    private FrameTexture? _frame;

    /// <param name="device">Where.</param>
    /// <param name="stats">Gets the times of the stages.</param>
    /// <param name="offscreen">Whether to draw into memory instead of the context's window.</param>
    public GpuPipeline(GlDevice device, RunStats stats, bool offscreen)
    {
        (_device, _stats, _offscreen) = (device, stats, offscreen);
        _uploader = new FrameUploader(device);
        _canvas = new GpuCanvas(device);
        _timer = device.Info.TimersWork ? new GpuTimer(device, TimedOnGpu.Length) : null;
    }

    public override string Renderer => _device.Info.Renderer;

    public override IFrameAllocator? Allocator => _uploader;

    public override Canvas Canvas => _canvas;

    private protected override bool IsBusy => !_inFlight[_next].Poll(_device.Gl);

    public override void Finish() => _device.Finish();

    public override void BeginPicture(Size2d size, Color background)
    {
        Begin(Stage.Draw);
        if (_offscreen && (_target is null || _target.Width != size.Width || _target.Height != size.Height))
        {
            _target?.Dispose();
            _target = new OffscreenTarget(_device, size.Width, size.Height);
        }

        _canvas.Begin(_target?.Framebuffer ?? 0, size.Width, size.Height, background);
    }

    public override void EndPicture()
    {
        _canvas.End();
        End(Stage.Draw);
        _timer?.EndFrame();
        _inFlight[_next].Set(_device.Gl);
        _next = (_next + 1) % _inFlight.Length;
        while (_timer?.TryRead(_gpuTimes) == true)
        {
            for (int part = 0; part < TimedOnGpu.Length; part++)
                _stats.Record(TimedOnGpu[part], _gpuTimes[part]);
        }
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
        foreach (ref var fence in _inFlight.AsSpan())
            fence.Clear(_device.Gl);
        _timer?.Dispose();
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

    private protected override bool Submit(Frame frame)
    {
        _timer?.BeginFrame();
        Begin(Stage.Upload);
        var texture = _uploader.TryUpload(frame);
        End(Stage.Upload);
        if (texture is null)
            return false;
        _frame?.Release();
        _frame = texture;

        Begin(Stage.Preprocess);
        _preprocess!.Run(texture, _plan!.Arena, _plan.Plan.Inputs[0].Offset * sizeof(float));
        End(Stage.Preprocess);
        Begin(Stage.Network);
        _plan.Run();
        End(Stage.Network);
        return true;
    }

    private void Unbind()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();
        _tensors.Clear();
        _preprocess?.Dispose();
        _network?.Dispose();
    }

    // Without GPU timers a stage's time is what the CPU spends on it; a software device does the work right there.
    private long _started;

    private void Begin(Stage stage)
    {
        _timer?.Begin(Array.IndexOf(TimedOnGpu, stage));
        _started = Stopwatch.GetTimestamp();
    }

    private void End(Stage stage)
    {
        if (_timer is null)
            _stats.Record(stage, Stopwatch.GetElapsedTime(_started).TotalMilliseconds);
        else
            _timer.End(Array.IndexOf(TimedOnGpu, stage));
    }
}
