using RealtimeCnn.Cpu;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Images;

namespace RealtimeCnn.Studio.Looking;

/// <summary>
/// Looks into the network that runs, when somebody asks. The same graph is bound once more where the first runs, and its steps are timed;
/// a network that keeps every value computes the newest picture on the CPU path. Both beside the frames, on a thread of their own; only
/// what is timed on a GPU takes slices of the demo's thread, and a run of the network in each of some turns.
/// </summary>
/// <param name="scene">Where the network runs.</param>
/// <param name="isOwn">Whether its pictures are those that the mode makes itself, and not the source's.</param>
internal sealed class NetworkStudy(Scene scene, Func<bool> isOwn) : IDisposable
{
    private const int Runs = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(4), PatienceForFrame = TimeSpan.FromMilliseconds(500), KeepFrameEvery = TimeSpan.FromSeconds(1);
    private readonly SideWorker _worker = new("RealtimeCnn network study");
    private readonly FrameCopy _sourceFrame = new(), _ownFrame = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource<StudyResult>? _asked;
    private Work? _work;
    private TimeSpan _askedAt;
    private bool _isWaiting;
    private int _number;

    /// <summary>Asks for a study; any thread. Who asks while one is under way gets the same.</summary>
    public Task<StudyResult> RequestAsync()
    {
        lock (_lock)
        {
            if (_asked is { Task.IsCompleted: false } underWay)
                return underWay.Task;
            _asked = new TaskCompletionSource<StudyResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    private FrameCopy Newest => isOwn() ? _ownFrame : _sourceFrame;

    /// <summary>
    /// Sees a frame that goes to the network, and copies it where a study waits for one. Who asks in a pause gets one that came before it:
    /// of a source now and then one is kept while anybody may ask, and of a board, which nobody may touch for hours, each.
    /// </summary>
    /// <param name="frame">Holds for the call.</param>
    /// <param name="isWatched">Whether anybody may ask.</param>
    public void Watch(Frame frame, bool isWatched)
    {
        var copy = Newest;
        if (_isWaiting || copy == _ownFrame || (isWatched && (copy.CopiedAt is not { } copied || FrameClock.Now - copied >= KeepFrameEvery)))
            copy.Copy(frame);
    }

    /// <summary>Goes on, on the demo's thread.</summary>
    public void Turn()
    {
        // Most turns have nothing to do.
        if (_asked is not { Task.IsCompleted: false } asked)
            return;
        try
        {
            if (_work == null)
                Begin();
            else if (_work.Advance(Slice))
                End(asked);
        }
#pragma warning disable CA1031 // A study that fails is the matter of who asked for it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Drop();
            asked.TrySetException(problem as StudioException ?? new StudioException($"The network cannot be looked into: {problem.Message}", problem));
        }
    }

    public void Dispose()
    {
        _worker.Dispose();
        Drop();
        lock (_lock)
        {
            _asked ??= new TaskCompletionSource<StudyResult>();
            _asked.TrySetException(new StudioException("The demo has ended."));
        }
    }

    private void Begin()
    {
        if (!_isWaiting)
            (_isWaiting, _askedAt) = (true, FrameClock.Now);
        var frame = Newest;
        bool isFresh = frame.CopiedAt >= _askedAt;
        if (!isFresh && FrameClock.Now - _askedAt < PatienceForFrame)
            return;
        _isWaiting = false;
        if (frame.CopiedAt == null || scene.Hold() is not { } graph)
            throw new StudioException("There is no picture yet that the network has seen.");
        try
        {
            _work = new Work(scene.BindAgain(graph), frame.ToTensor(scene.Options.Preprocessing), _worker);
        }
        catch
        {
            scene.LetGo();
            throw;
        }
    }

    private void End(TaskCompletionSource<StudyResult> asked)
    {
        var report = _work!.Report;
        Drop();
        asked.TrySetResult(report.ToResult(++_number));
    }

    private void Drop()
    {
        _isWaiting = false;
        if (_work == null)
            return;
        _work.Dispose();
        _work = null;
        scene.LetGo();
    }

    /// <summary>One study from its picture to its report.</summary>
    private sealed class Work : IDisposable
    {
        private readonly INetwork _network;
        private readonly Tensor _input;
        private readonly SideWorker _worker;
        private readonly PlanBuild? _build;
        private readonly List<IReadOnlyList<StepTime>> _runs = [];
        private bool _isPosted;

        public Work(INetwork network, Tensor input, SideWorker worker)
        {
            (_network, _input, _worker) = (network, input, worker);
            if (network.Backend != "cpu")
                _build = network.Prepare(input.Shape);
            else
                Post(Time);
        }

        /// <summary>What was found, once it is done.</summary>
        public StudyReport Report { get; private set; } = null!;

        /// <returns>Whether it is done.</returns>
        public bool Advance(TimeSpan slice)
        {
            if (_isPosted)
            {
                if (_worker.IsBusy)
                    return false;
                _worker.Rethrow();
                return true;
            }

            if (!_build!.Advance(slice))
                return false;
            // The first run is none to be judged by.
            var steps = _network.Profile([_input]).Steps;
            _runs.Add(steps);
            if (_runs.Count <= Runs)
                return false;
            _runs.RemoveAt(0);
            Post(_ => { });
            return false;
        }

        public void Dispose()
        {
            if (_isPosted)
                _worker.Wait();
            _build?.Dispose();
            _network.Dispose();
            _input.Dispose();
        }

        private void Post(Action<CancellationToken> first)
        {
            _isPosted = true;
            _worker.Post(cancellation =>
            {
                first(cancellation);
                Look(cancellation);
            });
        }

        private void Time(CancellationToken cancellation)
        {
            _network.Run([_input], cancellation);
            for (int i = 0; i < Runs; i++)
                _runs.Add(_network.Profile([_input], cancellation).Steps);
        }

        private void Look(CancellationToken cancellation)
        {
            using var keeping = new CpuNetwork(_network.Graph, new NetworkOptions { KeepAll = true, PlansKept = 1, Optimize = false });
            keeping.Run([_input], cancellation);
            Report = new StudyReport(_network, keeping, _runs, cancellation);
        }
    }
}
