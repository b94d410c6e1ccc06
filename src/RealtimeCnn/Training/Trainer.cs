using System.Diagnostics;
using System.Text.Json;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Training;

/// <summary>
/// Trains a graph in one call: epochs over batches, an optimiser and its schedule, an average of the weights, evaluation, checkpoints
/// and a log. A loop of your own has the same parts: <see cref="BatchLoader"/>, <see cref="TrainingNetwork"/>, <see cref="Optimizer"/>.
/// </summary>
public sealed class Trainer
{
    private const int EvaluationBatch = 64;
    private readonly Graph _graph;
    private readonly IDataSet _data;
    private readonly IDataSet? _heldOut;
    private readonly TrainerOptions _options;
    private readonly IReadOnlyList<LossTerm> _terms;
    private readonly bool _hasLabels;

    /// <summary>Prepares a training; nothing is computed yet.</summary>
    /// <param name="graph">What to train; its parameters are changed.</param>
    /// <param name="data">What to learn from.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="heldOut">What to evaluate on after every epoch; labels or boxes. Null for nothing.</param>
    /// <exception cref="ArgumentException">A number of the recipe is not possible, or something is asked for that needs data held out.</exception>
    /// <exception cref="DataSetException">The data held out are of other samples or classes.</exception>
    public Trainer(Graph graph, IDataSet data, TrainerOptions? options = null, IDataSet? heldOut = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(data);
        _options = options ??= new TrainerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.WarmUpEpochs);
        ArgumentOutOfRangeException.ThrowIfNegative(options.EpochsNow ?? 0);
        if (options.Patience != null && heldOut == null)
            throw new ArgumentException("Patience needs data that are held out: without, nobody knows whether an epoch was better.", nameof(options));
        if (options.IsCalibrated && (heldOut == null || options.Loss is not SoftmaxCrossEntropy))
            throw new ArgumentException("Confidence is calibrated for softmax, on data that are held out.", nameof(options));
        if (options.IsCalibrated)
            TemperatureScaling.Verify(graph);
        if (options.Resumes && options.Checkpoint == null)
            throw new ArgumentException("To resume, name the checkpoint's file.", nameof(options));
        if (heldOut != null && (heldOut.SampleShape != data.SampleShape || !heldOut.Classes.SequenceEqual(data.Classes) || data.Classes.Count == 0))
            throw new DataSetException($"The data held out must have the samples and classes of those learned from: {heldOut.SampleShape} and {heldOut.Classes.Count} classes, {data.SampleShape} and {data.Classes.Count}.");
        bool mixes = options.Augmentation is { Mixup: > 0 };
        IReadOnlyList<LossTerm> terms = options.Terms.Count > 0 ? options.Terms
            : options.Head is { } head && data.SampleShape.Rank == 3 ? CentreTerms.Of(head, new Size2d(data.SampleShape[1], data.SampleShape[2]))
            : [new LossTerm(options.Loss)];
        _terms = [.. terms.Select(term => !mixes ? term
            : term.Loss is SoftmaxCrossEntropy crossEntropy ? term with { Loss = crossEntropy with { TakesProbabilities = true } }
            : throw new ArgumentException($"Mixed samples have probabilities of classes, which {term.Loss.GetType().Name} does not take.", nameof(options)))];
        _hasLabels = data.Classes.Count > 0 && options.Head == null;
        (_graph, _data, _heldOut) = (graph, data, heldOut);
        Statistics = options.Statistics ?? InputStatistics.UsualFor(data);
    }

    /// <summary>How pixels become inputs: what the model's file must say too.</summary>
    public InputStatistics? Statistics { get; }

    /// <summary>Trains to the end. The graph has the result's weights then; after a cancellation, those of the moment.</summary>
    /// <param name="cancellation">Ends it between two layers of a step. What <see cref="TrainerOptions.Checkpoint"/> holds stays.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="CheckpointException">The checkpoint to resume from is damaged, or of another training.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written; the one before it is whole.</exception>
    /// <exception cref="NotSupportedException">A layer cannot be trained; the message names it.</exception>
    public TrainingResult Run(CancellationToken cancellation = default)
    {
        using var network = new TrainingNetwork(_graph, _terms, new TrainingOptions { Threads = _options.Threads, Seed = _options.Seed, Frozen = _options.Frozen });
        using var loader = new BatchLoader(_data, new BatchOptions { Size = _options.BatchSize, Seed = _options.Seed, Augmentation = _options.Augmentation, Backgrounds = _options.Backgrounds, Head = _options.Head, Statistics = Statistics });
        var run = new TrainingRun(_graph, network, new Optimizer(network.Parameters, _options.Rule, _options.Groups) { MaxGradientNorm = _options.MaxGradientNorm }, _options.AverageDecay, _hasLabels ? _data.Classes.Count : 0);
        if (_options.Resumes && File.Exists(_options.Checkpoint))
            Checkpoint.Read(_options.Checkpoint, run, Describe());
        var schedule = _options.Schedule.After((long)Math.Round(_options.WarmUpEpochs * loader.Count));
        var end = TrainingEnd.Complete;
        int last = _options.EpochsNow is { } now ? run.History.Count + now : _options.Epochs;
        while (run.History.Count < _options.Epochs && end == TrainingEnd.Complete)
        {
            if (IsOutOfPatience(run))
            {
                end = TrainingEnd.NoProgress;
                break;
            }

            if (run.History.Count >= last)
            {
                end = TrainingEnd.Paused;
                break;
            }

            if (Epoch(run, loader, schedule, cancellation) is not { } record)
            {
                end = TrainingEnd.NotFinite;
                break;
            }

            run.Keep(record, _options.Patience != null);
            if (_options.Checkpoint is { } path)
                Checkpoint.Write(path, run, Describe());
            _options.Log?.WriteLine(JsonSerializer.Serialize(record, JsonSerializerOptions.Web));
            _options.Log?.Flush();
            _options.Progress?.Invoke(record);
        }

        run.Deploy();
        return new TrainingResult(end, run.History, run.Best)
        {
            Temperature = _options.IsCalibrated && run.Best != null ? Calibrate(cancellation) : null, StartLoss = run.StartLoss, HasLearned = run.HasLearned,
        };
    }

    /// <summary>One epoch; null where loss or weights stopped being finite.</summary>
    private EpochRecord? Epoch(TrainingRun run, BatchLoader loader, Schedule schedule, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp(), steps = (long)_options.Epochs * loader.Count;
        var cpu = Environment.CpuUsage.TotalTime;
        double sum = 0;
        int right = 0, seen = 0, step = 0, epoch = run.History.Count;
        Array.Clear(run.LabelCounts);
        foreach (var batch in loader.Epoch(epoch))
        {
            run.Optimizer.RateFactor = schedule.Factor(run.Optimizer.Steps, steps);
            float loss = run.Network.Backpropagate(batch.Samples, batch.Targets, cancellation);
            if (!float.IsFinite(loss))
                return null;
            if (run.Optimizer.Steps == 0)
                run.StartLoss = loss;
            run.Optimizer.Step();
            run.Average?.Update();
            sum += (double)loss * batch.Count;
            right += _hasLabels ? CountRight(run.Network.Outputs[0], batch.Targets, run.LabelCounts) : 0;
            seen += batch.Count;
            _options.StepProgress?.Invoke(new StepRecord(
                epoch + 1, _options.Epochs, ++step, loader.Count, sum / seen, _hasLabels ? (double)right / seen : null, seen / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }

        double learned = Stopwatch.GetElapsedTime(started).TotalSeconds;
        run.Average?.Swap();
        bool isFinite = _graph.Parameters.All(parameter => AreFinite(parameter.Values));
        double? heldOut = isFinite && _heldOut != null ? Evaluate(cancellation) : null;
        run.Average?.Swap();
        return isFinite
            ? new EpochRecord(
                epoch + 1, sum / _data.Count, _hasLabels ? (double)right / _data.Count : null, heldOut, _options.Rule.Rate * run.Optimizer.RateFactor,
                Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, _data.Count / learned)
            : null;
    }

    private double Evaluate(CancellationToken cancellation)
    {
        using var network = new CpuNetwork(_graph, new NetworkOptions { Threads = _options.Threads });
        return _options.Head is { } head
            ? DetectionEvaluation.Of(network, _heldOut!, head, Statistics, cancellation).MeanAveragePrecision
            : Evaluation.Of(network, _heldOut!, new EvaluationOptions { Statistics = Statistics, BatchSize = EvaluationBatch }, cancellation).Accuracy;
    }

    /// <summary>Fits the temperature to the data held out, changed by chance as those that were learned from.</summary>
    private double Calibrate(CancellationToken cancellation)
    {
        using var network = new CpuNetwork(_graph, new NetworkOptions { Threads = _options.Threads });
        var options = new EvaluationOptions
        {
            Statistics = Statistics, BatchSize = EvaluationBatch, Augmentation = _options.Augmentation is { } augmentation ? augmentation with { Mixup = 0 } : null,
            Backgrounds = _options.HeldOutBackgrounds ?? _options.Backgrounds,
        };
        double temperature = TemperatureScaling.Fit(network, _heldOut!, options, cancellation);
        TemperatureScaling.Fold(_graph, temperature);
        return temperature;
    }

    private bool IsOutOfPatience(TrainingRun run) => _options.Patience is { } patience && run.Best is { } best && run.History.Count - best.Epoch >= patience;

    private static int CountRight(Tensor scores, Tensor targets, int[] labels)
    {
        int count = targets.Shape[0], classes = scores.Shape.Count / count, right = 0;
        for (int n = 0; n < count; n++)
        {
            int label = targets.Shape.Rank == 1 ? (int)targets.Span[n] : Evaluation.MostLikely(targets.Span.Slice(n * classes, classes));
            labels[label]++;
            right += Evaluation.MostLikely(scores.Span.Slice(n * classes, classes)) == label ? 1 : 0;
        }

        return right;
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }

    private Dictionary<string, string> Describe() => new(_options.Describe())
    {
        ["Data"] = $"{_data.Count} samples {_data.SampleShape} of {string.Join(' ', _data.Classes)}",
        ["Statistics"] = Statistics == null ? "none" : FormattableString.Invariant($"{string.Join(' ', Statistics.Mean)}, {string.Join(' ', Statistics.Scale)}"),
        ["Parameters"] = string.Join(' ', _graph.Parameters),
    };
}
