using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Images;

namespace RealtimeCnn.Demo.Modes.Why;

/// <summary>Asks a model why, beside the frames, on a thread of its own: picture after picture at once or a few positions at a time.</summary>
internal sealed class WhyStudy : IDisposable
{
    private readonly SideWorker _worker = new("RealtimeCnn why");
    private readonly SeenPicture _picture = new();
    private readonly WhyMap _made = new();
    private readonly Action<CancellationToken> _work;
    private ShownModel? _model;
    private Explainer? _explainer;
    private WhyMethod _method, _askedMethod;
    private int _label = -1, _askedLabel = -1;
    private bool _isNew, _isComplete = true, _changed;
    private TimeSpan _now;

    public WhyStudy() => _work = Work;

    /// <summary>What is known.</summary>
    public WhyMap Map { get; } = new();

    /// <summary>What can be asked of the model; empty before that is known.</summary>
    public IReadOnlyList<WhyMethod> Methods { get; private set; } = [];

    /// <summary>What there is to say about a method that is not possible; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Asks something else from now on; another model as soon as the work on the one before is done: ask again until then.</summary>
    /// <param name="model">Who is asked.</param>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="label">Number of the class; below 0 for none.</param>
    public void Ask(ShownModel model, WhyMethod method, int label)
    {
        (_method, _label) = (method, label);
        if (ReferenceEquals(model, _model) || _worker.IsBusy)
            return;
        _explainer?.Dispose();
        (_model, _explainer, _isComplete, Methods, Problem, _changed) = (model, null, true, [], null, false);
        _picture.Forget();
        Map.Clear();
        _made.Clear();
    }

    /// <summary>Takes a picture as the network sees it.</summary>
    public void Take(ShownModel model, Tensor input, PictureMapping mapping, long number)
    {
        if (ReferenceEquals(model, _model))
            _picture.Put(input, mapping, number, _now);
    }

    /// <summary>Takes what has been found, and goes on.</summary>
    /// <returns>Whether there is something new to draw.</returns>
    public bool Advance(TimeSpan now)
    {
        _now = now;
        if (_worker.IsBusy || _model == null)
            return false;
        bool isNew = _changed;
        if (isNew)
            Publish();
        bool isOther = _method != _askedMethod || _label != _askedLabel;
        if (_isComplete || isOther)
        {
            // A new picture, or the same with another question; without either there is nothing to do.
            bool comes = _picture.IsWaiting;
            _picture.Next();
            if (_explainer != null && (!_picture.HasCurrent || _label < 0 || !Methods.Contains(_method) || (!comes && !isOther)))
                return isNew;
            (_askedMethod, _askedLabel, _isNew) = (_method, _label, true);
        }

        (_changed, _isComplete) = (true, true);
        _worker.Post(_work);
        return isNew;
    }

    /// <summary>Waits for what is at work.</summary>
    public void Wait() => _worker.Wait();

    public void Dispose()
    {
        _worker.Dispose();
        _explainer?.Dispose();
        _picture.Dispose();
    }

    private void Publish()
    {
        _changed = false;
        try
        {
            _worker.Rethrow();
        }
        catch (Exception problem) when (problem is NotSupportedException or ShapeException or ArgumentException or InsufficientMemoryException)
        {
            Problem = problem.Message;
        }

        if (_explainer != null)
            (Methods, Problem) = (_explainer.Methods, Problem ?? _explainer.NoActivation);
        if (_made.IsThere)
            Map.Take(_picture, _made.Grid, _made.Values[.._made.Done], _made.Method, _made.Label, _made.Score);
    }

    // On the worker.
    private void Work(CancellationToken cancellation)
    {
        if (_explainer == null)
        {
            // What can be asked has to be known first.
            _explainer = new Explainer(_model!);
            _askedLabel = -1;
            return;
        }

        _isComplete = _explainer.Advance(_picture, _isNew, _askedMethod, _askedLabel, _made, cancellation);
        _isNew = false;
    }
}
