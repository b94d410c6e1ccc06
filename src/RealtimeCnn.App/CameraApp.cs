using System.Diagnostics;
using RealtimeCnn.Camera;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Live;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tracking;

namespace RealtimeCnn.App;

/// <summary>A window, a source of pictures and a network, with a loop that runs them. For programs that have a loop of their own, <see cref="CameraNetwork"/>.</summary>
public sealed class CameraApp : IDisposable
{
    // Short enough to be live, long enough to leave the processor alone.
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);
    private readonly object _naps = new();
    private readonly CameraNetwork _network;
    private readonly IFrameSource _source;
    private readonly AppScreen _screen;
    private readonly Action<Canvas, Area, LiveResult> _overlay;
    private readonly SecondNetwork _second;
    private AppFrame _frame;
    private OnnxModel? _model;
    private ModelReload? _reload;
    private Action<AppFrame> _onFrame = static _ => { };
    private volatile bool _closing;
    private bool _disposed;

    private CameraApp(IFrameSource source, bool leaveSourceOpen, Graph graph, SecondNetwork second, CameraAppOptions options)
    {
        _second = second;
        var preprocessing = options.Preprocessing ?? PreprocessingOf(graph);
        _source = source;
        _network = new CameraNetwork(graph, new CameraNetworkOptions
        {
            Preprocessing = preprocessing, Head = options.Detector, Regions = _second.Regions, Source = leaveSourceOpen ? source : null, OpenSource = leaveSourceOpen ? null : () => source, Delivery = options.Delivery, Match = options.Match,
            Backend = options.Backend, Drawn = options.Drawn, DrawsFound = options.DrawsFound, HostState = options.Host is null ? GlStateGroups.None : GlStateGroups.All, Logger = options.Logger,
        });
        _frame = MakeFrame(graph, preprocessing, options);
        _overlay = DrawOverlay;
        _screen = AppScreen.Open(options);
        try
        {
            if (_screen.Device is { } device)
                _network.Initialize(device);
            else
                _network.Initialize();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the network runs and why, in one line.</summary>
    public string Choice => _screen.ReasonForCpu is { } reason ? $"cpu: {reason}" : _network.Choice;

    /// <summary>Pictures that the detector looked at, which sleeps while a second network follows what it found; 0 without one (<see cref="CameraAppOptions.RegionModel"/>).</summary>
    public long DetectorRuns => _network.DetectorRuns;

    /// <summary>Whether a second network looks at what the first one finds.</summary>
    internal bool HasRegions => _second.Regions != null;

    /// <summary>The network and its pictures.</summary>
    internal CameraNetwork Network => _network;

    /// <summary>Raised for each result that has come back, on the thread of <see cref="Run(Action{AppFrame}, CancellationToken)"/>. The result holds until the handler returns.</summary>
    public event EventHandler<LiveResult>? ResultArrived
    {
        add => _network.ResultArrived += value;
        remove => _network.ResultArrived -= value;
    }

    /// <summary>Looks after the model's file; null where nobody does.</summary>
    internal ModelReload? Reload => _reload;

    /// <summary>Results that came back so far.</summary>
    public long FramesProcessed => _network.FramesProcessed;

    /// <summary>Why the model's file, which has changed since it was loaded (<see cref="CameraAppOptions.Reload"/>), is not used; null where nothing is wrong with it.</summary>
    public string? ReloadError => _reload?.Error;

    /// <summary>Opens a source and a window for a network.</summary>
    /// <param name="source">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it: <c>camera:0</c>, a file, an address, <c>pattern</c>.</param>
    /// <param name="graph">A network with one picture input; it must live as long as the app.</param>
    /// <param name="options">How it looks; null for the defaults.</param>
    /// <exception cref="CameraException">The source means nothing, or does not exist.</exception>
    /// <exception cref="GlException">There is no display, or the GPU was asked for and there is no OpenGL 4.3; the message says what to do.</exception>
    /// <exception cref="ArgumentException">The network does not take one picture.</exception>
    public static CameraApp Open(string source, Graph graph, CameraAppOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Open(FrameSources.Open(source), leaveSourceOpen: false, graph, options);
    }

    /// <summary>As <see cref="Open(string, Graph, CameraAppOptions?)"/>, with a source of the caller's.</summary>
    /// <param name="source">Any source, started or not. It stays the caller's to dispose.</param>
    /// <param name="graph">A network with one picture input; it must live as long as the app.</param>
    /// <param name="options">How it looks; null for the defaults.</param>
    /// <exception cref="GlException">There is no display, or the GPU was asked for and there is no OpenGL 4.3; the message says what to do.</exception>
    /// <exception cref="ArgumentException">The network does not take one picture.</exception>
    public static CameraApp Open(IFrameSource source, Graph graph, CameraAppOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(graph);
        return Open(source, leaveSourceOpen: true, graph, options);
    }

    /// <summary>Opens a source and a window for a model file, which says itself how it wants its pictures and what its classes are called.</summary>
    /// <param name="source">As <see cref="FrameSources.Open(string, CameraOptions?)"/> takes it: <c>camera:0</c>, a file, an address, <c>pattern</c>.</param>
    /// <param name="model">Path of an <c>.onnx</c> file, or one of <see cref="ShippedModels.Names"/>.</param>
    /// <param name="options">How it looks; what it leaves open comes from the file's metadata. Null for the defaults.</param>
    /// <exception cref="OnnxException">The file is no model, cannot be run, or does not take one picture; the message says why.</exception>
    /// <exception cref="CameraException">The source means nothing, or does not exist.</exception>
    /// <exception cref="GlException">There is no display, or the GPU was asked for and there is no OpenGL 4.3; the message says what to do.</exception>
    public static CameraApp Open(string source, string model, CameraAppOptions? options = null) =>
        OpenModel(model, options, (graph, complete) => Open(source, graph, complete));

    /// <summary>As <see cref="Open(string, string, CameraAppOptions?)"/>, with a source of the caller's.</summary>
    /// <param name="source">Any source, started or not. It stays the caller's to dispose.</param>
    /// <param name="model">Path of an <c>.onnx</c> file, or one of <see cref="ShippedModels.Names"/>.</param>
    /// <param name="options">How it looks; what it leaves open comes from the file's metadata. Null for the defaults.</param>
    /// <exception cref="OnnxException">The file is no model, cannot be run, or does not take one picture; the message says why.</exception>
    /// <exception cref="GlException">There is no display, or the GPU was asked for and there is no OpenGL 4.3; the message says what to do.</exception>
    public static CameraApp Open(IFrameSource source, string model, CameraAppOptions? options = null) =>
        OpenModel(model, options, (graph, complete) => Open(source, graph, complete));

    /// <summary>Results as they come, for code beside <see cref="Run(Action{AppFrame}, CancellationToken)"/>, on any thread: see <see cref="CameraNetwork.Results"/>.</summary>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerable<LiveResult> Results(CancellationToken cancellation = default) => _network.Results(cancellation);

    /// <summary>Runs until the window is closed, <see cref="Close"/> is called, it is cancelled, or the source has ended and its last result was shown.</summary>
    /// <param name="onFrame">Called each time the picture is drawn, with the result that belongs to it.</param>
    /// <param name="cancellation">Ends the run after the current turn, as <see cref="Close"/> does.</param>
    /// <exception cref="CameraException">The source ended because of an error; the message says which.</exception>
    public void Run(Action<AppFrame> onFrame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onFrame);
        _onFrame = onFrame;
        using var end = cancellation.UnsafeRegister(static app => ((CameraApp)app!).Close(), this);
        Run(() => _screen.TakeTurn(_network, _overlay));
    }

    /// <summary>Ends <see cref="Run(Action{AppFrame}, CancellationToken)"/> after the current turn. From any thread.</summary>
    public void Close()
    {
        lock (_naps)
        {
            _closing = true;
            Monitor.PulseAll(_naps);
        }
    }

    /// <summary>What was drawn last, for apps without a window. Blocks.</summary>
    /// <returns>Rows from the top, and their format.</returns>
    /// <exception cref="InvalidOperationException">The app has a window.</exception>
    public (byte[] Pixels, FrameFormat Format) ReadPicture() => _screen.Read();

    /// <summary>Stops the source and closes the window where they are the app's own; those of the caller stay as they are.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _screen.MakeCurrent();
        _disposed = true;
        _network.Dispose();
        _reload?.Dispose();
        _model?.Dispose();
        _second.Dispose();
        _screen.Dispose();
    }

    /// <summary>As <see cref="Run(Action{AppFrame}, CancellationToken)"/>, for results alone.</summary>
    internal void RunWithoutDrawing() => Run(() => _network.TryGetLatest(out _));

    private void Run(Func<bool> takeTurn)
    {
        _screen.MakeCurrent();
        long last = Stopwatch.GetTimestamp();
        while (!_closing && !_screen.IsClosing)
        {
            long now = Stopwatch.GetTimestamp();
            bool ended = _source.Status.State == SourceState.Ended;
            if (_reload == null)
                _network.Update(Stopwatch.GetElapsedTime(last, now).TotalSeconds);
            else
                _reload.Update(Stopwatch.GetElapsedTime(last, now).TotalSeconds);
            last = now;
            if (!takeTurn())
                Wait();
            if (ended && _network.IsIdle)
                break;
        }

        if (_source.Status is { State: SourceState.Ended, Faulted: true } status)
            throw new CameraException(status.Reason);
    }

    private static CameraApp Open(IFrameSource source, bool leaveSourceOpen, Graph graph, CameraAppOptions? options)
    {
        SecondNetwork? second = null;
        try
        {
            options ??= new CameraAppOptions();
            second = SecondNetwork.Open(options);
            return new CameraApp(source, leaveSourceOpen, graph, second, options);
        }
        catch
        {
            second?.Dispose();
            if (!leaveSourceOpen)
                source.Dispose();
            throw;
        }
    }

    private static CameraApp OpenModel(string model, CameraAppOptions? options, Func<Graph, CameraAppOptions, CameraApp> open)
    {
        options ??= new CameraAppOptions();
        if (options.Reload && !File.Exists(model))
            throw new OnnxException($"There is no file '{model}' to look after; {nameof(CameraAppOptions.Reload)} is for models in files.");
        var loaded = ShippedModels.Load(model, new OnnxLoadOptions { TakesPictures = true });
        try
        {
            var app = open(loaded.Graph, Complete(options, loaded));
            app._model = loaded;
            if (options.Reload)
                app._reload = new ModelReload(app._network, model, options.Logger, newer => app.TakeOver(newer, options));
            return app;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>What the options leave open, by what a model's file says.</summary>
    private static CameraAppOptions Complete(CameraAppOptions options, OnnxModel model)
    {
        var card = ModelCard.Of(model);
        AppLog.Head(options.Logger, card.Said);
        return options with
        {
            Preprocessing = options.Preprocessing ?? card.Preprocessing,
            Labels = options.Labels ?? (card.Labels.Count > 0 ? card.Labels : null),
            Detector = options.Detector ?? card.Head as DetectionHead,
            Classifier = options.Classifier ?? card.Head as ClassificationHead,
        };
    }

    private static Preprocessing PreprocessingOf(Graph graph)
    {
        var input = graph.InputShapes[0];
        return new Preprocessing { Size = new Size2d(input.Height, input.Width), Fit = FitMode.Crop, Order = input.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb };
    }

    private AppFrame MakeFrame(Graph graph, Preprocessing preprocessing, CameraAppOptions options)
    {
        var shapes = graph.InferShapes(preprocessing.Shape);
        if (options.Detector is { } head)
        {
            int landmarks = new DetectionReader(head, [.. graph.Outputs.Select(node => new HeadOutput(node.Name, shapes[node]))], preprocessing.Size).Landmarks;
            return new AppFrame(this, null, new BoxTracker(options.Tracking with { Landmarks = landmarks }), options.Labels, _second.Labels);
        }

        var output = shapes[graph.Outputs[0]];
        bool classifies = options.Drawn.Count == 0 && output.Batch == 1 && output.Area == 1 && output.Channels > 1;
        return new AppFrame(
            this, classifies ? new Classification(output.Channels, options.Labels, areLogits: options.OutputsAreLogits ?? Classification.NeedsSoftmax(graph), head: options.Classifier) : null, null, options.Labels, _second.Labels);
    }

    /// <summary>How a newer model of the same file is used, which may be otherwise than the one before.</summary>
    /// <returns>What begins when it has taken its place.</returns>
    private (Preprocessing Preprocessing, DetectionHead? Head, Action Begin) TakeOver(OnnxModel newer, CameraAppOptions options)
    {
        var complete = Complete(options, newer);
        var frame = MakeFrame(newer.Graph, complete.Preprocessing!, complete);
        return (complete.Preprocessing!, complete.Detector, () =>
        {
            _model?.Dispose();
            (_model, _frame) = (newer, frame);
        });
    }

    // Until there may be something new.
    private void Wait()
    {
        lock (_naps)
        {
            if (!_closing)
                Monitor.Wait(_naps, Nap);
        }
    }

    private void DrawOverlay(Canvas canvas, Area picture, LiveResult result)
    {
        _frame.Overlay.Begin(canvas, picture, result.Mapping, _network.Picture);
        _frame.Begin(result);
        _onFrame(_frame);
        if (ReloadError is { } problem)
            _frame.Overlay.Note(problem);
    }
}
