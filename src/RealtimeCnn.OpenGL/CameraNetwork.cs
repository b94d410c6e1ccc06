using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.OpenGL;

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
    private CameraPipeline? _pipeline;
    private CameraResult? _ready;
    private CameraResult? _taken;
    private long _framesDropped;
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
    public long FramesDropped => Interlocked.Read(ref _framesDropped);

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
        if (_pipeline != null)
            throw new InvalidOperationException("The network runs on a device already; make another CameraNetwork for another device.");
        using var guest = new GuestScope(new GuestState(device, _options.HostState));
        _pipeline = new CameraPipeline(device, _graph, _options, _results.Length);
        if (!_options.LeaveSourceOpen)
            _options.Source?.Start(_options.Delivery, _pipeline.Uploader);
        else if (_options.Source is { Status.State: SourceState.Idle } idle)
            idle.Start(_options.Delivery);
    }

    /// <summary>Hands over a picture; a picture that was waiting is dropped. The lease passes to the network. From any thread.</summary>
    /// <param name="frame">The picture; not to be touched afterwards.</param>
    public void Submit(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (Interlocked.Exchange(ref _pending, frame) is not { } replaced)
            return;
        replaced.Dispose();
        Interlocked.Increment(ref _framesDropped);
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
        var pipeline = Ready();
        using var guest = pipeline.EnterGuest();
        Poll(pipeline);
        if (HasRoom(pipeline))
        {
            Enqueue(pipeline, FrameTexture.FromHost(texture, width, height, timestamp, bottomUp), uploadMs: 0);
            return true;
        }

        Interlocked.Increment(ref _framesDropped);
        return false;
    }

    /// <summary>One turn of the host's loop: picks up what has come back, and sends the newest picture on its way if there is room.</summary>
    /// <param name="deltaTime">Seconds since the last call, by the host's clock.</param>
    public void Update(double deltaTime)
    {
        var pipeline = Ready();
        MillisecondsSinceResult += deltaTime * 1000;
        if (_options.Delivery == FrameDelivery.Latest || (_pending == null && HasRoom(pipeline)))
        {
            if (_options.Source?.TryTake() is { } newest)
                Submit(newest);
        }

        using var guest = pipeline.EnterGuest();
        pipeline.Device.CollectGarbage();
        Poll(pipeline);
        if (HasRoom(pipeline) && Interlocked.Exchange(ref _pending, null) is { } frame)
            Upload(pipeline, frame);
    }

    /// <summary>The newest result, if one has come that was not given out yet. Never waits.</summary>
    /// <param name="result">Holds until the next call that returns true.</param>
    public bool TryGetLatest([NotNullWhen(true)] out CameraResult? result)
    {
        var pipeline = Ready();
        if (_ready == null)
        {
            using var guest = pipeline.EnterGuest();
            Poll(pipeline);
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
    /// <param name="into">The part of the framebuffer that is drawn into, in pixels from its top left corner; null for all of it.</param>
    /// <param name="background">Fills that part first; null leaves what the host has drawn there, beside the picture too.</param>
    /// <returns>False when there is no result yet; nothing is drawn then.</returns>
    public bool Draw(
        uint framebuffer, Size2d size, Action<GpuCanvas, Area, CameraResult>? overlay = null, Area? into = null, Color? background = null)
    {
        var pipeline = Ready();
        using var guest = pipeline.EnterGuestDrawing();
        Poll(pipeline);
        if ((Take() ?? _taken) is not { } shown)
            return false;
        var canvas = pipeline.Canvas;
        canvas.Begin(framebuffer, size.Width, size.Height, background: null);
        var part = into ?? canvas.Bounds;
        if (background is { } color)
            canvas.Fill(part, color);
        var where = part.Fit(shown.Mapping.Upright);
        canvas.Picture(shown.SourceTexture, where);
        overlay?.Invoke(canvas, where, shown);
        canvas.End();
        return true;
    }

    /// <summary>Disposes the source, unless it stays its owner's, and frees everything on the GPU. The last call of a host's life cycle.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _pipeline?.Device.VerifyThread();
        _disposed = true;
        if (!_options.LeaveSourceOpen)
            _options.Source?.Dispose();
        Interlocked.Exchange(ref _pending, null)?.Dispose();
        if (_pipeline is { } pipeline)
        {
            using var guest = pipeline.EnterGuest();
            foreach (var result in _underWay.Append(_ready).Append(_taken))
                Recycle(result);
            pipeline.Dispose();
        }

        foreach (var result in _results)
            result.Free();
    }

    private CameraPipeline Ready()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var pipeline = _pipeline ?? throw new InvalidOperationException("Call Initialize with a device first.");
        pipeline.Device.VerifyThread();
        return pipeline;
    }

    private bool HasRoom(CameraPipeline pipeline) => pipeline.Reader.HasRoom && _free.Count > 0;

    private void Upload(CameraPipeline pipeline, Frame frame)
    {
        var begin = FrameClock.Now;
        var picture = pipeline.Uploader.TryUpload(frame);
        frame.Dispose();
        if (picture == null)
            Interlocked.Increment(ref _framesDropped);
        else
            Enqueue(pipeline, picture, (FrameClock.Now - begin).TotalMilliseconds);
    }

    private void Enqueue(CameraPipeline pipeline, FrameTexture picture, double uploadMs)
    {
        var result = _free.Dequeue();
        var now = FrameClock.Now;
        pipeline.Run(picture);
        (result.SourceTexture, result.Timestamp, result.Sequence, result.Mapping) = (picture, picture.Timestamp, picture.Sequence, pipeline.Mapping);
        (result.Stages, result.Enqueued) = (new StageTimes((now - picture.Timestamp).TotalMilliseconds, uploadMs, 0, 0, 0), FrameClock.Now);
        _underWay.Enqueue(result);
    }

    private void Poll(CameraPipeline pipeline)
    {
        while (pipeline.TryRead(out var values))
        {
            var result = _underWay.Dequeue();
            result.Fill(values);
            var (preprocess, network) = pipeline.ReadTimers();
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
}
