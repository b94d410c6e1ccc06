using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL;

/// <summary>What a <see cref="CameraNetwork"/> has on its device: everything from upload to readback, and the order of its commands.</summary>
internal sealed class CameraPipeline : IDisposable
{
    private readonly GuestState _guest;
    private readonly GuestState _guestDrawing;
    private readonly GpuNetwork _network;
    private readonly GpuPlan _plan;
    private readonly GpuImageToTensor _toTensor;
    private readonly GpuTimer _preprocessTimer;
    private readonly GpuTimer _networkTimer;
    private readonly ResultRange[] _ranges;
    private readonly float[] _values;
    private double _preprocessMs;
    private double _networkMs;

    public CameraPipeline(GlDevice device, Graph graph, CameraNetworkOptions options, int pictures)
    {
        Device = device;
        _guest = new GuestState(device, options.HostState & GlStateGroups.Compute);
        _guestDrawing = new GuestState(device, options.HostState);
        Canvas = new GpuCanvas(device);
        _network = new GpuNetwork(device, graph);
        _plan = _network.PrepareForReadback(options.Preprocessing.Shape);
        _toTensor = new GpuImageToTensor(device, options.Preprocessing);
        _preprocessTimer = new GpuTimer(device, "preprocess");
        _networkTimer = new GpuTimer(device, "network");
        _ranges = [.. _plan.Plan.Outputs.Select(output => new ResultRange(_plan.Arena, output.ByteOffset, output.Info.Bytes(GpuKernels.Block)))];
        _values = new float[_ranges.Sum(range => range.Bytes) / sizeof(float)];
        Reader = new ResultReader(device, _values.Length * sizeof(float), options.InFlight);
        Uploader = new FrameUploader(device, textures: pictures);
    }

    public GlDevice Device { get; }

    public FrameUploader Uploader { get; }

    public ResultReader Reader { get; }

    public PictureMapping Mapping => _toTensor.Mapping;

    public GpuCanvas Canvas { get; }

    /// <summary>Keeps what computing touches of the host's state until the scope ends. Scopes do not nest.</summary>
    public GuestScope EnterGuest() => new(_guest);

    /// <summary>The same with what drawing touches.</summary>
    public GuestScope EnterGuestDrawing() => new(_guestDrawing);

    public void Run(FrameTexture picture)
    {
        _preprocessTimer.Begin();
        _toTensor.Run(picture, _plan.Arena, _plan.Plan.Inputs[0].ByteOffset);
        _preprocessTimer.End();
        _networkTimer.Begin();
        _plan.Run();
        _networkTimer.End();
        Reader.TryRequest(_ranges, picture.Sequence);
    }

    public bool TryRead(out ReadOnlySpan<float> values)
    {
        values = _values;
        return Reader.TryRead(_values.AsSpan(), out _);
    }

    /// <summary>The newest measurements that are there, in milliseconds.</summary>
    public (double Preprocess, double Network) ReadTimers()
    {
        while (_preprocessTimer.TryRead(out var elapsed))
            _preprocessMs = elapsed.TotalMilliseconds;
        while (_networkTimer.TryRead(out var elapsed))
            _networkMs = elapsed.TotalMilliseconds;
        return (_preprocessMs, _networkMs);
    }

    public void Dispose()
    {
        Reader.Dispose();
        Uploader.Dispose();
        _preprocessTimer.Dispose();
        _networkTimer.Dispose();
        _toTensor.Dispose();
        _network.Dispose();
        Canvas.Dispose();
    }
}
