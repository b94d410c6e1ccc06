using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;

namespace RealtimeCnn.Live;

/// <summary>
/// The way of pictures through a network: upload, preprocessing, network, results, and what is drawn of it. Pictures go in one by one and
/// results come out in their order, the same on every backend. No call waits for the network but <see cref="Finish"/> (and
/// <see cref="Use"/> and <see cref="Dispose"/>, for a picture that a CPU is at), and in steady state none allocates. One thread at a time; on a GPU, the device's.
/// </summary>
public abstract class LivePipeline : IDisposable
{
    /// <summary>Results besides those of pictures under way: one that is ready, and one that the caller is looking at.</summary>
    internal const int ResultsBeside = 2;

    private readonly Queue<LiveResult> _free = new();
    private readonly Queue<LiveResult> _underWay = new();
    private readonly Lock _streamsLock = new();
    private readonly List<ResultStream> _streams = [];
    private readonly Dictionary<string, LiveValue> _values = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private LiveResult[] _results = [];
    private LiveDetections? _found;
    private LiveRunner? _runner;
    private INetwork? _network;
    private LiveOptions? _options;
    private LivePicture? _newestBegun;
    private double _shownUploadMs;
    private LiveResult? _ready;
    private LiveResult? _taken;
    private long _frame;
    private bool _disposed;

    private protected LivePipeline(int inFlight, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inFlight, 1);
        ArgumentNullException.ThrowIfNull(logger);
        (InFlight, _logger) = (inFlight, logger);
    }

    /// <summary>Raised on the pipeline's thread for each result that has come back, inside the call that finds it there. The result holds until the handler returns.</summary>
    public event EventHandler<LiveResult>? ResultArrived;

    /// <summary>Pictures that can be under way at once: more for throughput, fewer for latency. A network on the CPU takes one at a time.</summary>
    public int InFlight { get; }

    /// <summary>The network that runs; it stays its maker's.</summary>
    /// <exception cref="InvalidOperationException">The pipeline has none yet.</exception>
    public INetwork Network => _network ?? throw NoNetwork();

    /// <summary>How the network is used.</summary>
    /// <exception cref="InvalidOperationException">The pipeline has none yet.</exception>
    public LiveOptions Options => _options ?? throw NoNetwork();

    /// <summary>The memory that a source should write its pictures into, so that they are not copied on the way; null for its own.</summary>
    public abstract IFrameAllocator? Allocator { get; }

    /// <summary>Pictures whose results came back.</summary>
    public long FramesProcessed { get; private set; }

    /// <summary>Pictures that a detector looked at which sleeps while what it found is followed (<see cref="LiveOptions.Regions"/>), of the network that runs; 0 for others.</summary>
    public long DetectorRuns => (_runner as RegionRunner)?.DetectorRuns ?? 0;

    /// <summary>Whether another picture can be submitted now.</summary>
    public bool HasRoom => _free.Count > 0 && _runner is { HasRoom: true };

    /// <summary>Whether every picture that was submitted has its result, and the result was taken.</summary>
    public bool IsIdle => _underWay.Count == 0 && _ready == null;

    /// <summary>
    /// The newest picture that can be drawn together with what the network made of it, its values (<see cref="Value"/>): on a GPU the one
    /// that was submitted last, else that of the newest result. Null before the first.
    /// </summary>
    public LivePicture? Picture => _runner is { DrawsNewestBegun: true } ? _newestBegun : (_ready ?? _taken)?.Picture;

    /// <summary>The picture that was given to <see cref="TryShow"/> last; null before the first.</summary>
    public LivePicture? Shown { get; private set; }

    /// <summary>
    /// Takes a network, from the next picture on; the one before is used no more when the call returns, what it had under way is dropped, and
    /// its results hold no longer. Pictures stay. Where it fails the network before goes on.
    /// </summary>
    /// <param name="network">A network with one picture input. It stays its maker's, and must outlive its use here.</param>
    /// <param name="options">How it is used.</param>
    /// <exception cref="ArgumentException">It takes more than one picture, or what is to be drawn is no output of it.</exception>
    /// <exception cref="ShapeException">Its layers do not fit the preprocessed picture.</exception>
    /// <exception cref="NotSupportedException">Values cannot be drawn where this network computes them.</exception>
    public void Use(INetwork network, LiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        options.VerifyDrawing();
        var runner = Make(network, options);
        Forget();
        (_runner, _network, _options) = (runner, network, options);
        _results = [.. Enumerable.Range(0, InFlight + ResultsBeside).Select(_ => new LiveResult(runner.Outputs, network))];
        foreach (var result in _results)
            _free.Enqueue(result);
        for (int i = 0; i < runner.Outputs.Drawn.Count; i++)
        {
            int index = i;
            var output = runner.Outputs.Drawn[i];
            _values.Add(output.Name, runner.Value(output, () => Newest(output.Name).Seen[index]));
        }

        _found = options.DrawsFound ? runner.Found(() => (_ready ?? _taken ?? throw new InvalidOperationException("There is no result yet of which boxes could be drawn.")).Detections) : null;
        LiveLog.NetworkTaken(_logger, network);
    }

    /// <summary>
    /// Starts to make ready what <see cref="Use"/> needs for a network, so that a running loop can take it without a pause: advance the
    /// build a little in each turn, then use the network. The one before goes on meanwhile.
    /// </summary>
    /// <param name="network">A network that is not in use.</param>
    /// <param name="options">How it will be used.</param>
    /// <returns>The build, for the caller to advance and dispose.</returns>
    public PlanBuild Prepare(INetwork network, LiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return options.Regions is { } regions ? new PlanBuild(Both(network, options, regions).GetEnumerator()) : PrepareRunner(network, options);
    }

    /// <summary>Starts to compute what the network says about a picture. The frame stays the caller's to dispose, at once if it likes.</summary>
    /// <param name="frame">The picture.</param>
    /// <returns>False when there is no room now; the frame should be dropped, or tried again later.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no network yet.</exception>
    public bool TrySubmit(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var runner = Ready();
        Poll();
        if (!HasRoom)
            return false;
        var begin = FrameClock.Now;
        if (Load(frame, runner.NeedsPixels) is not { } picture)
            return false;
        Begin(picture, (FrameClock.Now - begin).TotalMilliseconds);
        return true;
    }

    /// <summary>
    /// Brings a picture to where it is drawn, as <see cref="Shown"/>, at once and without the network, which may be busy with another one;
    /// <see cref="TrySubmitShown"/> has it computed. The frame stays the caller's to dispose, at once if it likes.
    /// </summary>
    /// <param name="frame">The picture.</param>
    /// <returns>False when every buffer or texture is in use; the frame should be dropped, or tried again later.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no network yet.</exception>
    public bool TryShow(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var runner = Ready();
        Poll();
        var begin = FrameClock.Now;
        if (Load(frame, runner.NeedsPixels) is not { } picture)
            return false;
        Shown?.Release();
        (Shown, _shownUploadMs) = (picture, (FrameClock.Now - begin).TotalMilliseconds);
        return true;
    }

    /// <summary>Starts to compute what the network says about the picture that is <see cref="Shown"/>.</summary>
    /// <returns>False when there is no room now, or no picture, or none where this network reads it.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no network yet.</exception>
    public bool TrySubmitShown() => TryBegin(Shown, _shownUploadMs);

    /// <summary>Computes the picture that was submitted last once more: after <see cref="Use"/>, for a picture that stands still.</summary>
    /// <returns>False when there is no room now, or no picture, or none where this network reads it.</returns>
    /// <exception cref="InvalidOperationException">The pipeline has no network yet.</exception>
    public bool TryRepeat() => TryBegin(_newestBegun, uploadMs: 0);

    /// <summary>
    /// Says that a frame of the host's loop begins: a network that is spread over several (<see cref="LiveOptions.BudgetMs"/>) goes on with its
    /// next slice, and results say how many frames they took (<see cref="LiveResult.Frames"/>). Then as <see cref="Poll"/>. A network without
    /// a budget needs no such call.
    /// </summary>
    public void BeginFrame()
    {
        var runner = Ready();
        _frame++;
        runner.BeginFrame();
        Poll();
    }

    /// <summary>Picks up what has come back. Never waits; all calls that submit and take do it by themselves.</summary>
    public void Poll()
    {
        var runner = Ready();
        BeforePoll();
        while (_underWay.TryPeek(out var oldest))
        {
            try
            {
                if (!runner.TryComplete(oldest))
                    return;
            }
            catch
            {
                Recycle(_underWay.Dequeue());
                throw;
            }

            Recycle(_ready);
            _ready = _underWay.Dequeue();
            _ready.Arrive(_frame);
            FramesProcessed++;
            Publish(_ready);
            ResultArrived?.Invoke(this, _ready);
        }
    }

    /// <summary>The newest result, if one has come that was not given out yet. Never waits.</summary>
    /// <param name="result">Holds until the next call that returns true, the next <see cref="Use"/>, or disposal.</param>
    public bool TryTake([NotNullWhen(true)] out LiveResult? result)
    {
        Poll();
        result = _ready;
        if (result == null)
            return false;
        Recycle(_taken);
        (_taken, _ready) = (result, null);
        return true;
    }

    /// <summary>
    /// Results as they come, for code that does not run the loop: each is a copy of the newest one there is when it is asked for, and holds
    /// until the next is asked for; those that a slow consumer misses are gone. Somebody has to drive the pipeline meanwhile. Ends with it.
    /// </summary>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<LiveResult> Results([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stream = new ResultStream();
        lock (_streamsLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _streams.Add(stream);
        }

        try
        {
            await using var wake = cancellation.UnsafeRegister(static stream => ((ResultStream)stream!).Wake(), stream).ConfigureAwait(false);
            while (await stream.WaitAsync().ConfigureAwait(false))
            {
                cancellation.ThrowIfCancellationRequested();
                if (stream.Take() is { } result)
                    yield return result;
            }
        }
        finally
        {
            lock (_streamsLock)
                _streams.Remove(stream);
        }
    }

    /// <summary>An output that is drawn from where it lies.</summary>
    /// <param name="name">One of <see cref="LiveOptions.Drawn"/>.</param>
    /// <exception cref="KeyNotFoundException">It is none of them.</exception>
    public LiveValue Value(string name) => _values.TryGetValue(name, out var value) ? value
        : throw new KeyNotFoundException($"'{name}' is not among the outputs to be drawn ({nameof(LiveOptions)}.{nameof(LiveOptions.Drawn)}): {string.Join(", ", _values.Keys)}.");

    /// <summary>What the detector finds, drawn from where it is found.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked for it (<see cref="LiveOptions.DrawsFound"/>).</exception>
    public LiveDetections Found => _found ?? throw new InvalidOperationException($"Boxes are drawn from where they are found only where that is asked for: set {nameof(LiveOptions)}.{nameof(LiveOptions.DrawsFound)}, or draw {nameof(LiveResult)}.{nameof(LiveResult.Detections)}.");

    /// <summary>Waits until everything submitted has its result. For offline runs, which must drop no picture: it blocks.</summary>
    public void Finish()
    {
        var runner = Ready();
        while (_underWay.Count > 0)
        {
            runner.Finish();
            Poll();
        }
    }

    /// <summary>Drops what is under way and frees what the pipeline made; network, device and source stay. Dispose the source first, if it writes into <see cref="Allocator"/>.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        VerifyThread();
        _disposed = true;
        BeforePoll();
        Forget();
        _newestBegun?.Release();
        Shown?.Release();
        (_newestBegun, Shown) = (null, null);
        lock (_streamsLock)
        {
            foreach (var stream in _streams)
                stream.End();
        }

        DisposeOwn();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts to compute a picture that is where the pipeline reads it; its hold passes to the pipeline.</summary>
    private protected void Begin(LivePicture picture, double uploadMs)
    {
        var result = _free.Dequeue();
        result.Begin(picture, uploadMs, _frame);
        _newestBegun?.Release();
        _newestBegun = picture;
        try
        {
            _runner!.Begin(result);
        }
        catch
        {
            Recycle(result);
            throw;
        }

        _underWay.Enqueue(result);
    }

    // A picture that is somebody else's too.
    private bool TryBegin(LivePicture? picture, double uploadMs)
    {
        var runner = Ready();
        Poll();
        if (!HasRoom || picture == null || (runner.NeedsPixels && picture.Pixels == null))
            return false;
        picture.Hold();
        Begin(picture, uploadMs);
        return true;
    }

    /// <summary>Brings a frame to where the pipeline reads it; null when there is no room.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="needsPixels">Whether it is also read in memory.</param>
    private protected abstract LivePicture? Load(Frame frame, bool needsPixels);

    /// <summary>What runs a network here.</summary>
    private protected abstract LiveRunner MakeRunner(INetwork network, LiveOptions options);

    /// <summary>The build of all that <see cref="MakeRunner"/> would else build.</summary>
    private protected virtual PlanBuild PrepareRunner(INetwork network, LiveOptions options) =>
        network is CpuNetwork cpu && options.MostRegions == 0 ? cpu.PrepareFrames(options.Preprocessing.Shape) : network.Prepare(options.Preprocessing.Shape);

    /// <summary>Throws where this thread is not the one that must use the pipeline.</summary>
    private protected virtual void VerifyThread()
    {
    }

    private protected virtual void BeforePoll()
    {
    }

    /// <summary>Frees what the pipeline made besides results.</summary>
    private protected abstract void DisposeOwn();

    private protected LiveRunner Ready()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        VerifyThread();
        return _runner ?? throw NoNetwork();
    }

    /// <summary>Whether pictures are also read in memory.</summary>
    private protected bool NeedsPixels => _runner is { NeedsPixels: true };

    private LiveRunner Make(INetwork network, LiveOptions options)
    {
        if (options.AnswersOf(network.Source) is not var (answers, reader))
            return MakeRunner(network, options);
        var regions = options.Regions!;
        var detector = MakeRunner(network, options);
        try
        {
            return new RegionRunner(detector, MakeRunner(regions.Network, regions.Live(options.BudgetMs)), options, answers, reader);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>The builds of a detector and of a second network, one behind the other.</summary>
    private IEnumerable<double> Both(INetwork network, LiveOptions options, LiveRegions regions)
    {
        const double Half = 0.5;
        using (var first = PrepareRunner(network, options))
        {
            while (!first.Advance(TimeSpan.Zero))
                yield return first.Progress * Half;
        }

        using var second = PrepareRunner(regions.Network, regions.Live(options.BudgetMs));
        while (!second.Advance(TimeSpan.Zero))
            yield return Half + (second.Progress * Half);
    }

    private static InvalidOperationException NoNetwork() => new($"The pipeline has no network yet: call {nameof(Use)} first.");

    private LiveResult Newest(string name) => _ready ?? _taken ?? throw new InvalidOperationException($"There is no result yet of which '{name}' could be drawn.");

    private void Recycle(LiveResult? result)
    {
        if (result == null)
            return;
        result.End();
        _free.Enqueue(result);
    }

    private void Forget()
    {
        // The worker of a network may be reading a picture.
        _runner?.Dispose();
        foreach (var value in _values.Values)
            value.Free();
        _found?.Free();
        _found = null;
        foreach (var result in _results)
        {
            result.End();
            result.Free();
        }

        (_runner, _network, _options, _results, _ready, _taken) = (null, null, null, [], null, null);
        _free.Clear();
        _underWay.Clear();
        _values.Clear();
    }

    private void Publish(LiveResult result)
    {
        lock (_streamsLock)
        {
            foreach (var stream in _streams)
                stream.Publish(result, _runner!.Outputs);
        }
    }
}
