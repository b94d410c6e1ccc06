using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL;

/// <summary>How a <see cref="CameraNetwork"/> runs.</summary>
public sealed record CameraNetworkOptions
{
    /// <summary>How a picture becomes the network's input.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Where pictures come from by themselves at each <see cref="CameraNetwork.Update"/>; null when the host submits them. Started and disposed by the network.</summary>
    public IFrameSource? Source { get; init; }

    /// <summary>Which of the source's pictures are seen.</summary>
    public FrameDelivery Delivery { get; init; } = FrameDelivery.Latest;

    /// <summary>Pictures that can be under way on the GPU at once, at least 1: more for throughput, fewer for latency.</summary>
    public int InFlight { get; init; } = 2;

    /// <summary>
    /// What of its OpenGL state the host finds as it was after each call: all (the default), what it declares to rely on, or nothing
    /// where the network has a context of its own.
    /// </summary>
    public GlStateGroups HostState { get; init; } = GlStateGroups.All;
}

/// <summary>
/// A network on live pictures, for hosts with a frame loop of their own. Pictures go in, newest wins; results come out when they are
/// there, each with the picture it belongs to. No call waits for the GPU, and in steady state none allocates. All calls except
/// <see cref="Submit(Frame)"/> come from the device's thread.
/// </summary>
public sealed class CameraNetwork : IDisposable
{
    private readonly CameraNetworkOptions _options;
    private readonly Graph _graph;
    private readonly Queue<CameraResult> _free = new();
    private readonly Queue<CameraResult> _underWay = new();
    private readonly CameraResult[] _results;
    private Frame? _pending;
    private Running? _running;
    private CameraResult? _ready;
    private CameraResult? _taken;
    private bool _disposed;

    /// <summary>Checks that graph and preprocessing fit; touches no GPU.</summary>
    /// <param name="graph">A network with one picture input; it must live as long as this.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="ArgumentException">The graph has more than one input, or its layers do not fit the preprocessed picture.</exception>
    public CameraNetwork(Graph graph, CameraNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InFlight, 1, nameof(options));
        options.Preprocessing.Validate();
        if (graph.Inputs.Count != 1)
            throw new ArgumentException($"A camera fills one input; this network has {graph.Inputs.Count}: {string.Join(", ", graph.Inputs.Select(input => input.Name))}.");
        (_graph, _options) = (graph, options);
        var shapes = graph.InferShapes(options.Preprocessing.Shape);
        string[] names = [.. graph.Outputs.Select(output => output.Name)];
        // One for each picture under way, one that is ready, and one that the host is looking at.
        _results = [.. Enumerable.Range(0, options.InFlight + 2).Select(_ => new CameraResult(names, [.. graph.Outputs.Select(output => shapes[output])]))];
        foreach (var result in _results)
            _free.Enqueue(result);
    }

    /// <summary>Pictures whose results came back.</summary>
    public long FramesProcessed { get; private set; }

    /// <summary>Pictures that a newer one replaced before they were processed, or that found no free texture.</summary>
    public long FramesDropped { get; private set; }

    /// <summary>Whether every picture that was handed over has been processed or dropped, and its result given out.</summary>
    public bool IsIdle => _pending == null && _underWay.Count == 0 && _ready == null;

    /// <summary>Milliseconds of the host's loop since the last result was picked up, by the times given to <see cref="Update"/>.</summary>
    public double MillisecondsSinceResult { get; private set; }

    /// <summary>Makes plans, programs and textures on a device, and starts the source. The first call of a host's life cycle.</summary>
    /// <param name="device">The device of this thread's context.</param>
    /// <exception cref="InvalidOperationException">It was initialised before.</exception>
    /// <exception cref="NotSupportedException">A layer has no GPU kernel.</exception>
    public void Initialize(GlDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_running != null)
            throw new InvalidOperationException("The network runs on a device already; make another CameraNetwork for another device.");
        using var guest = new GuestScope(new GuestState(device, _options.HostState));
        _running = new Running(device, _graph, _options, _results.Length);
        _options.Source?.Start(_options.Delivery, _running.Uploader);
    }

    /// <summary>Hands over a picture; a picture that was waiting is dropped. The lease passes to the network. From any thread.</summary>
    /// <param name="frame">The picture; not to be touched afterwards.</param>
    public void Submit(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (Interlocked.Exchange(ref _pending, frame) is not { } replaced)
            return;
        replaced.Dispose();
        FramesDropped++;
    }

    /// <summary>Runs the network on a host's own texture, at once. The host leaves the texture alone until its result has been replaced by a newer one.</summary>
    /// <param name="texture">OpenGL name of a 2D texture with red, green, blue in [0, 1].</param>
    /// <param name="width">Of level 0, in pixels.</param>
    /// <param name="height">Of level 0, in pixels.</param>
    /// <param name="timestamp">When the picture was taken, on the clock of <see cref="FrameClock"/>.</param>
    /// <param name="bottomUp">Whether row 0 is the bottom one, as in a texture that OpenGL rendered.</param>
    /// <returns>False when as many pictures as may be are under way; the picture is dropped then.</returns>
    public bool Submit(uint texture, int width, int height, TimeSpan timestamp, bool bottomUp = true)
    {
        var running = Ready();
        using var guest = running.EnterGuest();
        Poll(running);
        if (HasRoom(running))
        {
            Enqueue(running, FrameTexture.FromHost(texture, width, height, timestamp, bottomUp), uploadMs: 0);
            return true;
        }

        FramesDropped++;
        return false;
    }

    /// <summary>One turn of the host's loop: picks up what has come back, and sends the newest picture on its way if there is room.</summary>
    /// <param name="deltaTime">Seconds since the last call, by the host's clock.</param>
    public void Update(double deltaTime)
    {
        var running = Ready();
        MillisecondsSinceResult += deltaTime * 1000;
        if (_options.Delivery == FrameDelivery.Latest || (_pending == null && HasRoom(running)))
        {
            if (_options.Source?.TryTake() is { } newest)
                Submit(newest);
        }

        using var guest = running.EnterGuest();
        running.Device.CollectGarbage();
        Poll(running);
        if (HasRoom(running) && Interlocked.Exchange(ref _pending, null) is { } frame)
            Upload(running, frame);
    }

    /// <summary>The newest result, if one has come that was not given out yet. Never waits.</summary>
    /// <param name="result">Holds until the next call that returns true.</param>
    public bool TryGetLatest([NotNullWhen(true)] out CameraResult? result)
    {
        var running = Ready();
        if (_ready == null)
        {
            using var guest = running.EnterGuest();
            Poll(running);
        }

        result = Take();
        return result != null;
    }

    /// <summary>
    /// Draws the newest picture that has a result, upright and in its proportions, into a framebuffer of the host's; pictures whose
    /// results are still to come are never shown, so that whatever is drawn on top fits. Takes the result as <see cref="TryGetLatest"/> does.
    /// </summary>
    /// <param name="framebuffer">OpenGL name; 0 is the window.</param>
    /// <param name="size">Of the framebuffer, in pixels.</param>
    /// <param name="overlay">Draws on top: gets the canvas, where on it the picture lies, and the result. Null for none.</param>
    /// <returns>False when there is no result yet; nothing is drawn then.</returns>
    public bool Draw(uint framebuffer, Size2d size, Action<GpuCanvas, Area, CameraResult>? overlay = null)
    {
        var running = Ready();
        using var guest = running.EnterGuestDrawing();
        Poll(running);
        if ((Take() ?? _taken) is not { } shown)
            return false;
        var canvas = running.Canvas;
        canvas.Begin(framebuffer, size.Width, size.Height, Color.Black);
        var where = canvas.Bounds.Fit(shown.Mapping.Upright);
        canvas.Picture(shown.SourceTexture, where);
        overlay?.Invoke(canvas, where, shown);
        canvas.End();
        return true;
    }

    /// <summary>Stops the source and frees everything on the GPU. The last call of a host's life cycle.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _options.Source?.Dispose();
        Interlocked.Exchange(ref _pending, null)?.Dispose();
        if (_running is { } running)
        {
            using var guest = running.EnterGuest();
            foreach (var result in _underWay.Append(_ready).Append(_taken))
                Recycle(result);
            running.Dispose();
        }

        foreach (var result in _results)
            result.Free();
    }

    private Running Ready()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var running = _running ?? throw new InvalidOperationException("Call Initialize with a device first.");
        running.Device.VerifyThread();
        return running;
    }

    private bool HasRoom(Running running) => running.Reader.HasRoom && _free.Count > 0;

    private void Upload(Running running, Frame frame)
    {
        var begin = FrameClock.Now;
        var picture = running.Uploader.TryUpload(frame);
        frame.Dispose();
        if (picture == null)
            FramesDropped++;
        else
            Enqueue(running, picture, (FrameClock.Now - begin).TotalMilliseconds);
    }

    private void Enqueue(Running running, FrameTexture picture, double uploadMs)
    {
        var result = _free.Dequeue();
        var now = FrameClock.Now;
        running.Run(picture);
        (result.SourceTexture, result.Timestamp, result.Sequence, result.Mapping) = (picture, picture.Timestamp, picture.Sequence, running.Mapping);
        (result.Stages, result.Enqueued) = (new StageTimes((now - picture.Timestamp).TotalMilliseconds, uploadMs, 0, 0, 0), FrameClock.Now);
        _underWay.Enqueue(result);
    }

    private void Poll(Running running)
    {
        while (running.TryRead(out var values))
        {
            var result = _underWay.Dequeue();
            result.Fill(values);
            var (preprocess, network) = running.ReadTimers();
            result.Stages = result.Stages with { Preprocess = preprocess, Network = network, Readback = (FrameClock.Now - result.Enqueued).TotalMilliseconds };
            FramesProcessed++;
            MillisecondsSinceResult = 0;
            Recycle(_ready);
            _ready = result;
        }
    }

    private CameraResult? Take()
    {
        if (_ready is not { } result)
            return null;
        Recycle(_taken);
        (_taken, _ready) = (result, null);
        return result;
    }

    private void Recycle(CameraResult? result)
    {
        if (result == null)
            return;
        result.SourceTexture.Release();
        _free.Enqueue(result);
    }

    /// <summary>What lives on the device.</summary>
    private sealed class Running : IDisposable
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

        public Running(GlDevice device, Graph graph, CameraNetworkOptions options, int pictures)
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
            _ranges = [.. _plan.Plan.Outputs.Select(output => new ResultRange(_plan.Arena, output.Offset * sizeof(float), output.Info.Elements(4) * sizeof(float)))];
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
            _toTensor.Run(picture, _plan.Arena, _plan.Plan.Inputs[0].Offset * sizeof(float));
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
}
