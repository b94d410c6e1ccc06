using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using RealtimeCnn.Cpu;

namespace RealtimeCnn.Teaching;

/// <summary>
/// A classifier that is taught while it is used: nearest means answer from the first example on, and a head that is trained on a thread of
/// its own (<see cref="Train"/>) takes their place when it is better (<see cref="Update"/>). Answers cost a product with a small matrix and
/// allocate nothing. One thread at a time.
/// </summary>
/// <remarks>Source: nearest means, Snell et al. 2017, arXiv:1703.05175; a linear head on a frozen backbone, Chen et al. 2019, "A Closer Look at Few-shot Classification", arXiv:1904.04232.</remarks>
public sealed class FewShotClassifier : IDisposable
{
    /// <summary>Probability above which a class is believed: more likely than not.</summary>
    public const float LeastProbability = 0.5f;

    private readonly float[] _probabilities;
    private readonly float[] _scores;
    private NearestMeans? _means;
    private long _meansVersion = -1;
    private LinearHead? _head;
    private Familiarity? _familiarity;
    private long _headVersion = -1;
    private Training? _training;

    /// <summary>A classifier of classes that are taught.</summary>
    /// <param name="classes">The classes and their examples; may have some already.</param>
    public FewShotClassifier(TaughtClasses classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Classes = classes;
        (_probabilities, _scores) = (new float[classes.Names.Count], new float[classes.Names.Count]);
    }

    /// <summary>The classes and their examples. What changes there is answered from then on.</summary>
    public TaughtClasses Classes { get; }

    /// <summary>How likely the last picture shows each class, by number; 0 for those without examples. What is left of 1 says that it is like none of the examples.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>The likeliest class of the last picture, whether it is believed or not; −1 before there are examples or pictures.</summary>
    public int Best { get; private set; } = -1;

    /// <summary>Whether the last picture is so far from all examples that it is of no class.</summary>
    public bool IsUnfamiliar { get; private set; }

    /// <summary>Whether the last answer is none: nothing is taught, the picture is unfamiliar or shows nothing, or no class is more likely than not.</summary>
    public bool IsRejected => Best < 0 || IsUnfamiliar || Best == Classes.Nothing || !(_probabilities[Best] > LeastProbability);

    /// <summary>Whether a trained head answers, and not the nearest mean.</summary>
    public bool IsTrained => _head != null && _headVersion == Classes.Version;

    /// <summary>Whether a head is being trained.</summary>
    public bool IsTraining => _training is { IsOver: false };

    /// <summary>How far the newest training has come, or came; null before it has begun.</summary>
    public TeachingProgress? Progress => _training?.Progress;

    /// <summary>What the newest training found that ended; it may be of examples before the last change (<see cref="TeachingReport.Version"/>).</summary>
    public TeachingReport? Report { get; private set; }

    /// <summary>The head that answers now; null before there are examples.</summary>
    public LinearHead? Head => IsTrained ? _head : Means?.Head;

    /// <summary>What tells pictures that are like none of the examples; null before it was learned of those that there are now (<see cref="Train"/>), or where they are too few.</summary>
    public Familiarity? Familiarity => _headVersion == Classes.Version ? _familiarity : null;

    /// <summary>Whether a training of the examples that there are now has ended: what it found answers.</summary>
    public bool IsSettled => _headVersion == Classes.Version;

    // Made again where examples have changed.
    private NearestMeans? Means
    {
        get
        {
            if (_meansVersion != Classes.Version)
                (_means, _meansVersion) = (Classes.Shots.Count > 0 ? NearestMeans.Of(Classes) : null, Classes.Version);
            return _means;
        }
    }

    /// <summary>Answers for a picture: <see cref="Best"/>, <see cref="Probabilities"/>, <see cref="IsRejected"/>.</summary>
    /// <param name="embedding">What the backbone made of the picture.</param>
    /// <exception cref="ArgumentException">It has another length than the examples.</exception>
    public void Answer(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != Classes.Features)
            throw new ArgumentException($"An embedding has {Classes.Features} numbers; {embedding.Length} were given.", nameof(embedding));
        Array.Clear(_probabilities);
        (Best, IsUnfamiliar) = (-1, false);
        if (Means is not { } means)
            return;
        var head = Head!;
        var scores = _scores.AsSpan(0, head.Bias.Length);
        head.Score(embedding, scores);
        Best = head.ClassNumbers[LinearHead.Best(scores)];
        LinearHead.Softmax(scores);
        float known = 1;
        if (Familiarity is { } familiarity)
        {
            float novelty = familiarity.Novelty(embedding);
            (known, IsUnfamiliar) = (Familiarity.ProbabilityOfKnown(novelty), !(novelty <= 1));
        }
        else
        {
            // A number that is none is near to nothing.
            IsUnfamiliar = !(means.Distance(embedding) <= means.Reach);
        }

        for (int row = 0; row < scores.Length; row++)
            _probabilities[head.ClassNumbers[row]] = scores[row] * known;
    }

    /// <summary>Begins to train a head on the examples that there are now, on a thread of its own; one before it is given up.</summary>
    public void Train()
    {
        Stop();
        if (Classes.Shots.Count > 0)
            _training = new Training(Classes.Version, Classes.Shots, Classes.Names.Count, Classes.Nothing);
    }

    /// <summary>Takes a head that has become ready, where its examples are still those that there are. Never waits.</summary>
    /// <returns>Whether a training has ended since the last call.</returns>
    public bool Update()
    {
        if (_training is not { IsOver: true } training || training.Take() is not { } report)
            return false;
        Report = report;
        if (report.Version == Classes.Version)
            (_head, _familiarity, _headVersion) = (report.Head, report.Familiarity, report.Version);
        return true;
    }

    /// <summary>Waits until the training has ended, and takes its head.</summary>
    public void Finish()
    {
        _training?.Join();
        Update();
    }

    /// <summary>Gives up a training that goes on.</summary>
    public void Dispose() => Stop();

    /// <summary>Takes a head that was trained before on the very examples that there are now, such as that of a file, and learns again what is like them.</summary>
    /// <param name="head">The head; null where nearest means were better.</param>
    /// <exception cref="ArgumentException">It takes other embeddings, or tells other classes apart than those that have examples.</exception>
    public void Restore(LinearHead? head)
    {
        if (head != null)
            Verify(head);
        (_head, _familiarity, _headVersion) = (head, Familiarity.Of(Classes), Classes.Version);
    }

    private void Verify(LinearHead head)
    {
        if (head.Features != Classes.Features)
            throw new ArgumentException($"The head takes {head.Features} features; examples have {Classes.Features}.", nameof(head));
        if (!head.ClassNumbers.SequenceEqual(Enumerable.Range(0, Classes.Names.Count).Where(label => Classes.CountOf(label) > 0)))
            throw new ArgumentException($"The head tells classes {string.Join(", ", head.ClassNumbers)} apart; others have examples.", nameof(head));
    }

    private void Stop()
    {
        _training?.Cancel();
        _training = null;
    }

    /// <summary>One training on its thread. Cancelled ones end by themselves; nobody waits for them.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "The thread may still ask it; without a timer or a wait handle it has nothing to free.")]
    private sealed class Training
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly Thread _thread;
        private volatile TeachingProgress? _progress;
        private volatile TeachingReport? _report;
        private volatile ExceptionDispatchInfo? _problem;
        private volatile bool _isOver;

        [SuppressMessage("Design", "CA1031", Justification = "What goes wrong on the thread comes out where its result is taken.")]
        public Training(long version, IReadOnlyList<Shot> shots, int places, int nothing)
        {
            var work = new HeadTraining(version, shots, places, nothing, progress => _progress = progress, _cancellation.Token);
            _thread = new Thread(() =>
            {
                // The runtime's priorities mean nothing to Linux.
                LinuxThread.StandBack();
                try
                {
                    _report = work.Run();
                }
                catch (OperationCanceledException)
                {
                    // Nobody asks any more.
                }
                catch (Exception problem)
                {
                    _problem = ExceptionDispatchInfo.Capture(problem);
                }

                _isOver = true;
            })
            {
                IsBackground = true, Name = "RealtimeCnn teaching", Priority = ThreadPriority.BelowNormal,
            };
            _thread.Start();
        }

        public TeachingProgress? Progress => _progress;

        public bool IsOver => _isOver;

        public TeachingReport? Take()
        {
            _problem?.Throw();
            var report = _report;
            _report = null;
            return report;
        }

        public void Cancel() => _cancellation.Cancel();

        public void Join() => _thread.Join();
    }
}
