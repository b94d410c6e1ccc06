using RealtimeCnn.Demo.Clips;
using RealtimeCnn.Demo.Recordings;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Live;

namespace RealtimeCnn.Demo.Scenes;

/// <summary>
/// The demo's network in a live pipeline, and the picture that is drawn of it. Frames go in one at a time; what is drawn belongs to
/// the newest one that the network has seen.
/// </summary>
/// <param name="pipeline">Where it runs; the scene's.</param>
/// <param name="stats">Gets the times of the stages.</param>
internal abstract class Scene(LivePipeline pipeline, RunStats stats) : IDisposable
{
    private Graph? _graph;
    private INetwork? _network;
    private Size2d _bound;
    private ComingNetwork? _coming;
    private IDisposable? _sideWork;
    private long _shown;
    private readonly List<(ISceneNetwork Owner, Graph Graph)> _kept = [];
    private int _held;

    /// <summary>Whether pictures go straight to a window, where there is one; else into memory, from where they can be read.</summary>
    public bool ToWindow { get; set; }

    /// <summary>Raised for each result that comes back, before anything is made of it; the result holds for the call.</summary>
    public event EventHandler<LiveResult> ResultArrived
    {
        add => pipeline.ResultArrived += value;
        remove => pipeline.ResultArrived -= value;
    }

    /// <summary>Told of each frame that goes to the network, which holds for the call; null where nobody asks.</summary>
    public Action<Frame>? FrameSubmitted { get; set; }

    /// <summary>Told what goes to networks; null while nothing is recorded.</summary>
    public RunRecorder? Recorder { get; set; }

    /// <summary>How the network is used that computes now.</summary>
    public LiveOptions Options => pipeline.Options;

    /// <summary>Device that computes and draws.</summary>
    public abstract string Renderer { get; }

    /// <summary>Two places that have to compute the same: what is believed, and where the scene computes.</summary>
    public abstract NetworkPair Pair { get; }

    /// <summary>What is under way where the scene computes, beside its network; disposed with the scene, or when another takes its place.</summary>
    public IDisposable? SideWork
    {
        get => _sideWork;
        set
        {
            _sideWork?.Dispose();
            _sideWork = value;
        }
    }

    /// <summary>Whether the network runs on a thread of its own while frames are drawn.</summary>
    public virtual bool ComputesBeside => false;

    /// <summary>Where sources write their frames; null for memory of their own.</summary>
    public IFrameAllocator? Allocator => pipeline.Allocator;

    /// <summary>What the views draw on, between <see cref="BeginPicture"/> and <see cref="EndPicture"/>.</summary>
    public abstract Canvas Canvas { get; }

    /// <summary>Height and width of the newest frame, upright; zero before the first one.</summary>
    public Size2d FrameSize => pipeline.Picture?.Upright ?? default;

    /// <summary>What is computed of the pictures; null before the first.</summary>
    public ISceneNetwork? Network { get; private set; }

    /// <summary>Number in its source of the frame that would be drawn now; −1 before the first.</summary>
    public long FrameNumber => pipeline.Picture?.Sequence ?? -1;

    /// <summary>Whether everything that was submitted has come back.</summary>
    public bool IsIdle => pipeline.IsIdle;

    /// <summary>Pictures that could be drawn with what the network made of them, so far.</summary>
    private protected abstract long Drawable { get; }

    private protected LivePipeline Pipeline => pipeline;

    private protected RunStats Stats => stats;

    /// <summary>Time in each turn of the loop for making the next network ready, while the one before goes on; null to have it at once.</summary>
    public TimeSpan? SwapBudget { get; set; }

    /// <summary>Takes a frame and starts to compute; the frame stays the caller's. False when the network is still busy with those before.</summary>
    public bool TrySubmit(Frame frame, ISceneNetwork wanted)
    {
        ReadResults();
        if (_network != null && !pipeline.HasRoom)
            return false;
        var stored = new Size2d(frame.Format.Height, frame.Format.Width);
        Prepare(new PictureMapping(stored, frame.Geometry, 1, FitMode.Stretch).Upright, wanted);
        if (!pipeline.TrySubmit(frame))
            return false;
        Recorder?.Submitted(frame, Network!, ReferenceEquals(wanted, Network));
        FrameSubmitted?.Invoke(frame);
        return Submitted();
    }

    /// <summary>
    /// Computes the newest frame again where another network is wanted since. False when the network is busy or not ready yet, or there is
    /// nothing to do.
    /// </summary>
    /// <param name="wanted">The network.</param>
    /// <param name="changed">Whether the same network would give another result: its parameters were written.</param>
    public bool TryRecompute(ISceneNetwork wanted, bool changed = false)
    {
        ReadResults();
        if (_network == null || (ReferenceEquals(wanted, Network) && !changed) || !pipeline.HasRoom || !Prepare(_bound, wanted))
            return false;
        if (!pipeline.TryRepeat())
            return false;
        Recorder?.Repeated(FrameNumber, wanted);
        return Submitted();
    }

    /// <summary>Whether there is a picture to draw that there was not at the last call.</summary>
    public bool HasNewPicture()
    {
        ReadResults();
        if (Drawable == _shown)
            return false;
        _shown = Drawable;
        return true;
    }

    /// <summary>Whether a network is at a picture.</summary>
    public bool IsComputing()
    {
        ReadResults();
        return !pipeline.IsIdle;
    }

    /// <summary>Waits until everything submitted is done. For offline runs, which must drop no frame.</summary>
    public void Finish()
    {
        pipeline.Finish();
        ReadResults();
    }

    /// <summary>Starts a picture.</summary>
    /// <param name="size">In pixels.</param>
    /// <param name="background">Fills it.</param>
    /// <param name="scale">Pixels for each unit of <see cref="Canvas"/>.</param>
    public abstract void BeginPicture(Size2d size, Color background, float scale);

    /// <summary>Ends a picture.</summary>
    public abstract void EndPicture();

    /// <summary>Draws the newest frame, upright, or as in a mirror.</summary>
    public void DrawFrame(Area where, bool mirrored = false) => pipeline.Picture!.Draw(Canvas, where, mirrored);

    /// <summary>When the newest frame was taken, on the clock of <see cref="FrameClock"/>.</summary>
    public TimeSpan TakenAt => pipeline.Picture!.Timestamp;

    /// <summary>Draws a picture of a mode's own.</summary>
    public abstract void DrawSheet(Sheet sheet, Area where);

    /// <summary>What the network made of it: one of the values that are drawn.</summary>
    public LiveValue Value(string name) => pipeline.Value(name);

    /// <summary>Gives the picture that was drawn last to a ring, where that wants it. Never waits.</summary>
    public abstract void Keep(ClipRing ring, TimeSpan now);

    /// <summary>Gives the picture that was drawn last, or one a few turns older, to somebody elsewhere where that one wants it. Never waits.</summary>
    public abstract void Send(IPictureTaker taker);

    /// <summary>The picture that was drawn last. Waits for it.</summary>
    public abstract (byte[] Pixels, FrameFormat Format) ReadPicture();

    /// <summary>Keeps the graph that is computed now, whatever is computed next, for somebody who looks at it; <see cref="LetGo"/> ends that.</summary>
    /// <returns>The graph; null before the first picture.</returns>
    public Graph? Hold()
    {
        if (_graph != null)
            _held++;
        return _graph;
    }

    /// <summary>Of one <see cref="Hold"/>: the graph is looked at no more.</summary>
    public void LetGo()
    {
        if (--_held > 0)
            return;
        foreach (var (owner, graph) in _kept)
            owner.Release(graph);
        _kept.Clear();
    }

    /// <summary>A graph bound once more as that which is computed now, for somebody who looks at it; the caller's.</summary>
    public INetwork BindAgain(Graph graph) => Bind(graph, pipeline.Options);

    public virtual void Dispose()
    {
        SideWork = null;
        Forget();
        pipeline.Dispose();
        Free(_network, Network, _graph);
    }

    /// <summary>Binds the graph to where the scene computes.</summary>
    private protected abstract INetwork Bind(Graph graph, LiveOptions options);

    private protected virtual bool Submitted() => true;

    /// <summary>Picks up results, and their times.</summary>
    private protected virtual void ReadResults()
    {
        if (_network == null || !pipeline.TryTake(out var result))
            return;
        stats.Record(Stage.Upload, result.Stages.Upload);
        stats.Record(Stage.Preprocess, result.Stages.Preprocess);
        stats.Record(Stage.Network, result.Stages.Network);
        stats.Record(Stage.Readback, result.Stages.Readback);
        Network!.Read(result, this);
    }

    /// <summary>Brings the wanted network into the pipeline, all of it at once or a slice of the work.</summary>
    /// <returns>Whether it is there.</returns>
    private bool Prepare(Size2d upright, ISceneNetwork wanted)
    {
        if (upright == _bound && ReferenceEquals(wanted, Network))
        {
            Forget();
            return true;
        }

        // Pictures of another size are nothing for the network before.
        var budget = _network != null && upright == _bound ? SwapBudget : null;
        try
        {
            if (_coming == null || !ReferenceEquals(_coming.Owner, wanted) || _coming.Upright != upright)
            {
                Forget();
                _coming = ComingNetwork.Begin(wanted, upright, Bind, pipeline);
            }

            if (!_coming.Advance(budget))
                return false;
            pipeline.Use(_coming.Network, _coming.Options);
            Recorder?.Swapped();
        }
        catch
        {
            Forget();
            throw;
        }

        Free(_network, Network, _graph);
        (_graph, _network, Network, _bound) = (_coming.Graph, _coming.Network, wanted, upright);
        _coming.Taken();
        _coming = null;
        return true;
    }

    private void Forget()
    {
        _coming?.Dispose();
        _coming = null;
    }

    private void Free(INetwork? network, ISceneNetwork? owner, Graph? graph)
    {
        network?.Dispose();
        if (graph == null)
            return;
        if (_held > 0)
            _kept.Add((owner!, graph));
        else
            owner!.Release(graph);
    }
}
