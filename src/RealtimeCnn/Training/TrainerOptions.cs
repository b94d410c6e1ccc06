using RealtimeCnn.Heads;
using RealtimeCnn.Layers;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Training;

/// <summary>The recipe of a <see cref="Trainer"/>. The same recipe, data and network give the same weights, to the bit.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often all data are seen, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples in a step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Decides everything that is left to chance: order, augmentation, dropout.</summary>
    public int Seed { get; init; }

    /// <summary>How a gradient changes parameters.</summary>
    public UpdateRule Rule { get; init; } = new Adam();

    /// <summary>Parameters that are treated in another way; the first group that takes one has it.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>How the rate changes, from step to step.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Epochs in which the rate rises first, from 0 on.</summary>
    public double WarmUpEpochs { get; init; }

    /// <summary>What is made small, where that is a loss of the first output alone.</summary>
    public Loss Loss { get; init; } = new SoftmaxCrossEntropy();

    /// <summary>What is made small in its place, where that is several losses; empty for <see cref="Loss"/>, and for those of <see cref="Head"/> where there is one.</summary>
    public IReadOnlyList<LossTerm> Terms { get; init; } = [];

    /// <summary>How boxes become targets, and outputs boxes again, for data of <see cref="BoxTarget"/>; null where samples have labels.</summary>
    public CentreHead? Head { get; init; }

    /// <summary>What chance does to samples; null for nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Pictures of three channels whose parts <see cref="Augmentation.Background"/> puts behind things; null where it does not.</summary>
    public IDataSet? Backgrounds { get; init; }

    /// <summary>The same for the data held out, when confidence is calibrated on them; null for <see cref="Backgrounds"/>.</summary>
    public IDataSet? HeldOutBackgrounds { get; init; }

    /// <summary>How pixels become inputs; null for <see cref="InputStatistics.Range"/> of pictures, and no change of other samples.</summary>
    public InputStatistics? Statistics { get; init; }

    /// <summary>Decay of the moving average of the weights, which is the result then; null for the last weights. See <see cref="WeightAverage"/>.</summary>
    public double? AverageDecay { get; init; }

    /// <summary>Most length of a step's gradients; infinite for any.</summary>
    public double MaxGradientNorm { get; init; } = double.PositiveInfinity;

    /// <summary>Ends training after so many epochs without a better accuracy on the data held out, and gives the best weights; null to never.</summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Whether the result's confidence is calibrated: its logits are divided by the temperature at which the data held out are most
    /// likely, in the weights of its last layer. What it calls a sample does not change.
    /// </summary>
    public bool IsCalibrated { get; init; }

    /// <summary>Names of nodes that stay as they are.</summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>A file that gets all that is needed to go on, after every epoch; null for none. It is replaced whole or not at all.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Most epochs of this run, from 0 on; the rest are made by one that resumes. Null for all.</summary>
    public int? EpochsNow { get; init; }

    /// <summary>Whether to go on where <see cref="Checkpoint"/> stopped, if that file is there.</summary>
    public bool Resumes { get; init; }

    /// <summary>Gets a line of JSON after every epoch; null for none.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>Learns of every epoch as it ends, on the thread that trains; null for nobody.</summary>
    public Action<EpochRecord>? Progress { get; init; }

    /// <summary>Learns of every step as it ends, on the thread that trains, which waits for it; null for nobody.</summary>
    public Action<StepRecord>? StepProgress { get; init; }

    /// <summary>Most threads that work on a step; batches are made on one more. Weights do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What must be the same to go on where a checkpoint stopped, in words.</summary>
    internal Dictionary<string, string> Describe() => new()
    {
        [nameof(Epochs)] = $"{Epochs}",
        [nameof(BatchSize)] = $"{BatchSize}",
        [nameof(Seed)] = $"{Seed}",
        [nameof(Rule)] = $"{Rule}",
        [nameof(Schedule)] = FormattableString.Invariant($"{Schedule}, {WarmUpEpochs} epochs of warm-up"),
        [nameof(Loss)] = $"{Loss}{(Loss is SoftmaxCrossEntropy { ClassWeights: var weights } ? string.Join(' ', weights) : string.Empty)}",
        [nameof(Terms)] = string.Join("; ", Terms),
        // What a head does with the outputs is no part of the training.
        [nameof(Head)] = Head is { } head ? FormattableString.Invariant($"cells of {head.Stride}, unit {head.Unit}") : string.Empty,
        [nameof(Augmentation)] = $"{Augmentation}",
        [nameof(Backgrounds)] = Backgrounds == null ? "none" : $"{Backgrounds.Count} pictures {Backgrounds.SampleShape}",
        [nameof(AverageDecay)] = FormattableString.Invariant($"{AverageDecay}"),
        [nameof(MaxGradientNorm)] = FormattableString.Invariant($"{MaxGradientNorm}"),
        [nameof(Patience)] = $"{Patience}",
        [nameof(Frozen)] = string.Join(' ', Frozen),
    };
}

/// <summary>How one epoch went.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Loss">Mean loss of its samples, each when it was learned from.</param>
/// <param name="Accuracy">Share of them that was named right then; null where targets are no labels.</param>
/// <param name="HeldOutAccuracy">Accuracy on the data held out, or mean average precision of boxes, when the epoch had ended; null without such.</param>
/// <param name="Rate">Learning rate of its last step.</param>
/// <param name="Seconds">Time it took, evaluation included.</param>
/// <param name="CpuSeconds">Time it took on all processors together.</param>
/// <param name="SamplesPerSecond">Samples learned from in a second.</param>
public sealed record EpochRecord(int Epoch, double Loss, double? Accuracy, double? HeldOutAccuracy, double Rate, double Seconds, double CpuSeconds, double SamplesPerSecond);

/// <summary>How an epoch goes that is under way.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Steps of it that are made.</param>
/// <param name="Steps">How many it has.</param>
/// <param name="Loss">Mean loss of its samples so far.</param>
/// <param name="Accuracy">Share of them that was named right; null where targets are no labels.</param>
/// <param name="SamplesPerSecond">Samples learned from in a second, so far.</param>
public readonly record struct StepRecord(int Epoch, int Epochs, int Step, int Steps, double Loss, double? Accuracy, double SamplesPerSecond);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were made.</summary>
    Complete,

    /// <summary>The accuracy on the data held out rose no more; the graph has the best weights.</summary>
    NoProgress,

    /// <summary>The epochs of this run were made, and there are more: <see cref="TrainerOptions.EpochsNow"/>.</summary>
    Paused,

    /// <summary>Loss or weights were no longer finite; the graph has the weights of the last epoch that was.</summary>
    NotFinite,
}

/// <summary>What a training came to.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Epochs">Every epoch, those before a checkpoint included.</param>
/// <param name="Best">The epoch whose weights the graph has now; null where there was none.</param>
public sealed record TrainingResult(TrainingEnd End, IReadOnlyList<EpochRecord> Epochs, EpochRecord? Best)
{
    /// <summary>What the logits were divided by, where <see cref="TrainerOptions.IsCalibrated"/>; else null.</summary>
    public double? Temperature { get; init; }

    /// <summary>The loss of the first batch, before anything was changed; null where there was no step, and for checkpoints that do not say it.</summary>
    public double? StartLoss { get; init; }

    /// <summary>
    /// Whether the weights are better than those of the start: by a loss below <see cref="StartLoss"/>, or, where samples have labels, by
    /// naming more of them than who always names the most frequent class, beyond chance. False where a rate was far too large.
    /// </summary>
    public bool HasLearned { get; init; } = true;
}
