using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Drawing;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Live;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A network on live pictures, for hosts with a frame loop of their own. Pictures go in, newest wins; results come out when they are
/// there, each with the picture it belongs to: by polling (<see cref="TryGetLatest"/>), by callback (<see cref="ResultArrived"/>), or as a
/// stream (<see cref="Results"/>). Any network runs, wherever its layers can. No call waits for it, and in steady state none allocates.
/// All calls except <see cref="Submit(Frame)"/> and <see cref="Results"/> come from the device's thread.
/// </summary>
public sealed class CameraNetwork : IDisposable
{
    private const string Replaced = "a newer one came first", NoBuffer = "every buffer or texture is in use";
    private readonly CameraNetworkOptions _options;
    private LiveOptions _live;
    private readonly Graph _graph;
    private NetworkSwap? _swap;
    private Frame? _pending;
    private IFrameSource? _source;
    private INetwork? _network;
    private INetwork? _regions;
    private LivePipeline? _pipeline;
    private GpuCanvas? _canvas;
    private GuestState? _guest;
    private GuestState? _guestDrawing;
    private LiveResult? _taken;
    private long _framesDropped;
    private long _framesShown;
    private bool _shownWaits;
    private bool _disposed;

    /// <summary>Checks that graph and preprocessing fit; touches no GPU.</summary>
    /// <param name="graph">A network with one picture input; it must live as long as this.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="ArgumentException">The graph has more than one input, its layers do not fit the preprocessed picture, or the options contradict each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is not possible.</exception>
    public CameraNetwork(Graph graph, CameraNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InFlight, 1, nameof(options));
        if (options is { Source: not null, OpenSource: not null })
            throw new ArgumentException($"{nameof(options.Source)} is a source of yours and {nameof(options.OpenSource)} opens one of the network's; give one of the two.", nameof(options));
        (_graph, _options, _live) = (graph, options, new LiveOptions { Preprocessing = options.Preprocessing, BudgetMs = options.BudgetMs, Head = options.Head, Drawn = options.Drawn, DrawsFound = options.DrawsFound, Textures = options.Textures });
        _live.Verify(graph);
        if (options.Regions is { } regions)
            LiveRegions.Answers(_live, LiveOutputs.Of(graph, _live).NewReader(), regions.Graph, regions.Preprocessing, regions.Head, regions.Options);
    }

    /// <summary>Raised on the device's thread for each result that has come back, inside the call that finds it there. The result holds until the handler returns.</summary>
    public event EventHandler<LiveResult>? ResultArrived;

    /// <summary>Where the network runs and why, in one line.</summary>
    /// <exception cref="InvalidOperationException">It was not initialised yet.</exception>
    public string Choice => Initialized().Network.Choice;

    /// <summary>What the detector finds, drawn from where it is found, in the picture that is drawn.</summary>
    /// <exception cref="InvalidOperationException">It was not initialised yet, or nobody asked for it (<see cref="CameraNetworkOptions.DrawsFound"/>).</exception>
    public LiveDetections Found => Initialized().Found;

    /// <summary>The picture that is drawn, and that the values to be drawn belong to (<see cref="CameraNetworkOptions.Drawn"/>). Null before the first.</summary>
    /// <exception cref="InvalidOperationException">It was not initialised yet.</exception>
    public LivePicture? Picture => Initialized().Picture;

    /// <summary>Pictures whose results came back.</summary>
    public long FramesProcessed => _pipeline?.FramesProcessed ?? 0;

    /// <summary>Pictures that a newer one replaced before they were processed, or that found no free texture.</summary>
    public long FramesDropped => Interlocked.Read(ref _framesDropped);

    /// <summary>Pictures that the detector looked at, which sleeps while what it found is followed (<see cref="CameraNetworkOptions.Regions"/>); 0 without a second network.</summary>
    public long DetectorRuns => _pipeline?.DetectorRuns ?? 0;

    /// <summary>Whether every picture that was handed over has been processed or dropped, and its result given out.</summary>
    public bool IsIdle => _pending == null && !_shownWaits && _pipeline is null or { IsIdle: true };

    /// <summary>Rises when there is something else to draw: another picture, or another result.</summary>
    public long Revision => FramesProcessed + _framesShown;

    /// <summary>Milliseconds of the host's loop since the last result came, by the times given to <see cref="Update"/>.</summary>
    public double MillisecondsSinceResult { get; private set; }

    /// <summary>How much of the network that was given to <see cref="Swap"/> is made, in [0, 1]; null where none is being made.</summary>
    public double? SwapProgress => _swap?.Progress;

    /// <summary>
    /// Makes the network and all that it needs on a device, and starts the source. The first call of a host's life cycle; where it fails
    /// nothing is left of it, and it can be tried again.
    /// </summary>
    /// <param name="device">The device of this thread's context.</param>
    /// <exception cref="InvalidOperationException">It was initialised before.</exception>
    /// <exception cref="ArgumentException">There is no such backend.</exception>
    public void Initialize(GlDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        VerifyNew();
        (_guest, _guestDrawing) = (new GuestState(device, _options.HostState & GlStateGroups.Compute), new GuestState(device, _options.HostState));
        using var guest = new GuestScope(_guestDrawing);
        Begin(device);
    }

    /// <summary>
    /// The same without a device: the network runs on the CPU, pictures stay in memory, and are drawn by
    /// <see cref="Draw(CpuCanvas, Action{Canvas, Area, LiveResult}?)"/>. The thread that calls this takes the place of the device's.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was initialised before.</exception>
    /// <exception cref="ArgumentException">The GPU was asked for, or there is no such backend.</exception>
    public void Initialize()
    {
        VerifyNew();
        Begin(device: null);
    }

    /// <summary>
    /// Takes another network in place of the one that runs, without a pause: each <see cref="Update"/> makes a little more of it ready
    /// (<see cref="SwapProgress"/>), and pictures go through the old one until it is. Then what was under way is dropped, and results that were
    /// given out hold no longer. It runs where the options say; <c>auto</c> measures nothing now. Given again, the one that is being made is given up.
    /// </summary>
    /// <param name="graph">A network with one picture input; it must live as long as this, or until another has taken its place.</param>
    /// <param name="preprocessing">How a picture becomes its input; null for as before.</param>
    /// <param name="budget">Time for it in each update; 0 for a single unit of work, such as one compilation.</param>
    /// <param name="head">What a detector's outputs mean; null for as before.</param>
    /// <exception cref="ArgumentException">The graph has more than one input, its layers do not fit the preprocessed picture, or its outputs are not those of the head. What fails later comes out of <see cref="Update"/>, and the old network goes on.</exception>
    /// <exception cref="ShapeException">The network needs more memory than the options allow.</exception>
    /// <exception cref="InvalidOperationException">The network was not initialised yet.</exception>
    public void Swap(Graph graph, Preprocessing? preprocessing, TimeSpan budget, DetectionHead? head = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.Zero);
        var pipeline = Initialized();
        using var guest = new GuestScope(_guest);
        var live = _live with { Preprocessing = preprocessing ?? pipeline.Options.Preprocessing, Head = head ?? pipeline.Options.Head };
        live.Verify(graph);
        var network = Networks.Create(graph, BackendOn((pipeline as GpuPipeline)?.Device), (pipeline as GpuPipeline)?.Device, _options.Network ?? new NetworkOptions(), mayMeasure: false);
        _swap?.Dispose();
        _swap = null;
        _swap = new NetworkSwap(pipeline, network, live, budget);
    }

    /// <summary>An output that is drawn from where it lies; on a device a <see cref="Live.GpuValue"/>, whose buffer a host's own shaders may read.</summary>
    /// <param name="name">One of <see cref="CameraNetworkOptions.Drawn"/>.</param>
    /// <exception cref="KeyNotFoundException">It is none of them.</exception>
    /// <exception cref="InvalidOperationException">The network was not initialised yet.</exception>
    public LiveValue Value(string name) => Initialized().Value(name);

    /// <summary>Hands over a picture; a picture that was waiting is dropped. The lease passes to the network. From any thread.</summary>
    /// <param name="frame">The picture; not to be touched afterwards.</param>
    public void Submit(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (Interlocked.Exchange(ref _pending, frame) is { } replaced)
            Drop(replaced, Replaced);
    }

    /// <summary>Runs the network on a host's own texture, at once. The host leaves the texture alone until its result has been replaced by a newer one.</summary>
    /// <param name="texture">OpenGL name of a 2D texture with red, green, blue in [0, 1].</param>
    /// <param name="width">Of level 0, in pixels.</param>
    /// <param name="height">Of level 0, in pixels.</param>
    /// <param name="timestamp">When the picture was taken, on the clock of <see cref="FrameClock"/>.</param>
    /// <param name="bottomUp">Whether row 0 is the bottom one, as in a texture that OpenGL rendered.</param>
    /// <returns>False when as many pictures as may be are under way; the picture is dropped then.</returns>
    /// <exception cref="NotSupportedException">The network reads its pictures on the CPU (<see cref="Choice"/>).</exception>
    public bool Submit(uint texture, int width, int height, TimeSpan timestamp, bool bottomUp = true)
    {
        var pipeline = Initialized() as GpuPipeline ?? throw new NotSupportedException("There is no device here to read a texture on.");
        using var guest = new GuestScope(_guest);
        var picture = FrameTexture.FromHost(texture, width, height, timestamp, bottomUp);
        bool isTaken = pipeline.TrySubmit(picture);
        picture.Release();
        if (!isTaken)
            Interlocked.Increment(ref _framesDropped);
        return isTaken;
    }

    /// <summary>One turn of the host's loop: picks up what has come back, and sends the newest picture on its way if there is room.</summary>
    /// <param name="deltaTime">Seconds since the last call, by the host's clock.</param>
    public void Update(double deltaTime)
    {
        if (Collect(deltaTime))
            Send();
    }

    /// <summary>The first half of <see cref="Update"/>: picks up what has come back, and takes the newest picture from its source.</summary>
    /// <returns>Whether <see cref="Send"/> has something to do.</returns>
    internal bool Collect(double deltaTime)
    {
        var pipeline = Initialized();
        using var guest = new GuestScope(_guest);
        MillisecondsSinceResult += deltaTime * 1000;
        pipeline.BeginFrame();
        AdvanceSwap(pipeline);
        if (_options.Delivery == FrameDelivery.Latest || (_pending == null && pipeline.HasRoom))
        {
            if (_source?.TryTake() is { } newest)
                Submit(newest);
        }

        if (_options.Match == ResultMatch.LowestLatency)
            ShowPending(pipeline);
        return (_shownWaits || _pending != null) && pipeline.HasRoom;
    }

    /// <summary>The second half: has the newest picture computed.</summary>
    internal void Send()
    {
        var pipeline = Initialized();
        using var guest = new GuestScope(_guest);
        if (_shownWaits)
        {
            _shownWaits = !pipeline.TrySubmitShown();
            return;
        }

        if (Interlocked.Exchange(ref _pending, null) is not { } frame)
            return;
        using (frame)
        {
            if (!pipeline.TrySubmit(frame))
                Drop(frame, NoBuffer);
        }
    }

    /// <summary>The newest result, if one has come that was not given out yet. Never waits.</summary>
    /// <param name="result">Holds until the next call that returns true, or disposal.</param>
    public bool TryGetLatest([NotNullWhen(true)] out LiveResult? result)
    {
        var pipeline = Initialized();
        using var guest = new GuestScope(_guest);
        if (!pipeline.TryTake(out result))
            return false;
        _taken = result;
        return true;
    }

    /// <summary>
    /// Results as they come, for code that does not run the loop, on any thread: each is a copy of the newest one, and holds until the next is
    /// asked for. Results come while the host calls <see cref="Update"/>; the stream ends with the network.
    /// </summary>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The network was not initialised yet.</exception>
    public IAsyncEnumerable<LiveResult> Results(CancellationToken cancellation = default) => (_pipeline ?? throw NotInitialized()).Results(cancellation);

    /// <summary>
    /// Draws the newest picture that has a result, upright and in its proportions, into a framebuffer of the host's; pictures whose
    /// results are still to come are never shown, so that whatever is drawn on top fits, unless <see cref="CameraNetworkOptions.Match"/> asks
    /// for the newest picture. Takes the result as <see cref="TryGetLatest"/> does.
    /// </summary>
    /// <param name="framebuffer">OpenGL name; 0 is the window.</param>
    /// <param name="size">Of the framebuffer, in pixels.</param>
    /// <param name="overlay">Draws on top: gets the canvas, where on it the picture lies, and the newest result, once there is one. Null for none.</param>
    /// <param name="into">The part of the framebuffer that is drawn into, in pixels from its top left corner; null for all of it.</param>
    /// <param name="background">Fills that part first; null leaves what the host has drawn there, beside the picture too.</param>
    /// <returns>False when there is no picture to draw yet; nothing is drawn then.</returns>
    /// <exception cref="InvalidOperationException">The network was initialised without a device.</exception>
    public bool Draw(
        uint framebuffer, Size2d size, Action<Canvas, Area, LiveResult>? overlay = null, Area? into = null, Color? background = null)
    {
        var pipeline = Initialized();
        var canvas = _canvas ?? throw new InvalidOperationException($"The network was initialised without a device; draw on a {nameof(CpuCanvas)}.");
        using var guest = new GuestScope(_guestDrawing);
        if (Newest(pipeline) is not { } picture)
            return false;
        canvas.Begin(framebuffer, size.Width, size.Height, background: null);
        var part = into ?? canvas.Bounds;
        if (background is { } color)
            canvas.Fill(part, color);
        Draw(canvas, part, picture, overlay);
        canvas.End();
        return true;
    }

    /// <summary>The same in memory, for a network that was initialised without a device.</summary>
    /// <param name="canvas">A canvas whose picture was begun.</param>
    /// <param name="overlay">Draws on top: gets the canvas, where on it the picture lies, and the newest result, once there is one. Null for none.</param>
    /// <returns>False when there is no picture to draw yet; nothing is drawn then.</returns>
    /// <exception cref="InvalidOperationException">The network was initialised with a device.</exception>
    public bool Draw(CpuCanvas canvas, Action<Canvas, Area, LiveResult>? overlay = null)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var pipeline = Initialized();
        if (_canvas != null)
            throw new InvalidOperationException("The network's pictures are on its device; draw into a framebuffer.");
        if (Newest(pipeline) is not { } picture)
            return false;
        Draw(canvas, canvas.Bounds, picture, overlay);
        return true;
    }

    /// <summary>Frees everything on the device, and the source where <see cref="CameraNetworkOptions.OpenSource"/> opened it. The last call of a host's life cycle.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        (_pipeline as GpuPipeline)?.Device.VerifyThread();
        _disposed = true;
        using var guest = new GuestScope(_guest);
        Free();
        Interlocked.Exchange(ref _pending, null)?.Dispose();
    }

    private static InvalidOperationException NotInitialized() => new($"Call {nameof(Initialize)} with a device first.");

    private void Draw(Canvas canvas, Area into, LivePicture picture, Action<Canvas, Area, LiveResult>? overlay)
    {
        var where = into.Fit(picture.Upright);
        picture.Draw(canvas, where);
        if (_taken is { } result)
            overlay?.Invoke(canvas, where, result);
    }

    /// <summary>On a device, values are drawn from where shaders compute them.</summary>
    private string BackendOn(GlDevice? device) => _options is { Backend: "auto", Drawn.Count: > 0 } && device != null ? "gpu" : _options.Backend;

    private void VerifyNew()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pipeline != null)
            throw new InvalidOperationException("The network runs on a device already; make another CameraNetwork for another device.");
    }

    private void Begin(GlDevice? device)
    {
        try
        {
            _canvas = device == null ? null : new GpuCanvas(device);
            _pipeline = device == null ? new CpuPipeline(_options.Logger) : new GpuPipeline(device, _options.InFlight, _options.Logger);
            _network = Networks.Create(_graph, BackendOn(device), device, _options.Network);
            if (_options.Regions is { } regions)
            {
                _regions = Networks.Create(regions.Graph, BackendOn(device), device, _options.Network);
                _live = _live with { Regions = regions.On(_regions) };
            }

            _pipeline.Use(_network, _live);
            _pipeline.ResultArrived += OnResultArrived;
            _source = _options.OpenSource?.Invoke() ?? _options.Source;
            if (_source is not { } source)
                return;
            source.StatusChanged += OnStatusChanged;
            if (_options.OpenSource != null)
                source.Start(_options.Delivery, _pipeline.Allocator);
            else if (source.Status.State == SourceState.Idle)
                source.Start(_options.Delivery);
        }
        catch
        {
            Free();
            (_source, _pipeline, _network, _regions, _canvas) = (null, null, null, null, null);
            throw;
        }
    }

    private void AdvanceSwap(LivePipeline pipeline)
    {
        if (_swap is not { } swap)
            return;
        try
        {
            if (!swap.Advance())
                return;
            var old = _network;
            _network = swap.Take(pipeline);
            // A picture that waits may lie where the new network does not read it.
            (_taken, _shownWaits) = (null, false);
            old?.Dispose();
        }
        catch
        {
            swap.Dispose();
            _swap = null;
            throw;
        }

        _swap = null;
    }

    // The source before the pipeline, whose memory it may be writing into.
    private void Free()
    {
        if (_source is { } source)
            source.StatusChanged -= OnStatusChanged;
        if (_options.OpenSource != null)
            _source?.Dispose();
        _swap?.Dispose();
        _pipeline?.Dispose();
        _network?.Dispose();
        _regions?.Dispose();
        _canvas?.Dispose();
    }

    private LivePipeline Initialized()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var pipeline = _pipeline ?? throw NotInitialized();
        (pipeline as GpuPipeline)?.Device.VerifyThread();
        return pipeline;
    }

    /// <summary>Takes the newest result, and gives the picture to draw; null before there is one.</summary>
    private LivePicture? Newest(LivePipeline pipeline)
    {
        if (pipeline.TryTake(out var newer))
            _taken = newer;
        // Values that are drawn belong to the pipeline's picture, all else to the result's.
        return _taken != null && (_options.Drawn.Count > 0 || _options.DrawsFound) ? pipeline.Picture : pipeline.Shown ?? _taken?.Picture;
    }

    // At once, whatever the network is at; it gets the newest when it has room.
    private void ShowPending(LivePipeline pipeline)
    {
        if (Interlocked.Exchange(ref _pending, null) is not { } frame)
            return;
        long? replaced = _shownWaits ? pipeline.Shown!.Sequence : null;
        using (frame)
        {
            if (!pipeline.TryShow(frame))
            {
                Drop(frame, NoBuffer);
                return;
            }
        }

        (_shownWaits, _framesShown) = (true, _framesShown + 1);
        if (replaced is { } sequence)
            CountDropped(sequence, Replaced);
    }

    private void Drop(Frame frame, string reason)
    {
        CountDropped(frame.Sequence, reason);
        frame.Dispose();
    }

    private void CountDropped(long sequence, string reason)
    {
        LiveLog.Dropped(_options.Logger, sequence, reason);
        Interlocked.Increment(ref _framesDropped);
    }

    private void OnResultArrived(object? sender, LiveResult result)
    {
        MillisecondsSinceResult = 0;
        ResultArrived?.Invoke(this, result);
    }

    private void OnStatusChanged(object? sender, SourceStatus status) => LiveLog.Source(_options.Logger, _source?.Name ?? "", status);
}
