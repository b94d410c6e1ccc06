using RealtimeCnn.Graphs;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli.Training;

/// <summary>How a network that has learned something is trained for something else.</summary>
/// <param name="Front">The last node that stays as it is at first; null to train all of the network.</param>
/// <param name="HasNewEnd">Whether a new classifier is put behind it.</param>
/// <param name="Unfreeze">Epochs in which all is trained then; null for none.</param>
/// <param name="UnfrozenRate">Share of the rate that is used for that.</param>
internal sealed record Transfer(string? Front, bool HasNewEnd, int? Unfreeze, float UnfrozenRate)
{
    /// <summary>What running the front over all pictures took, in seconds of all processors together.</summary>
    public double FrontCpuSeconds { get; private set; }

    /// <summary>The network with its new end; null where it keeps its own.</summary>
    /// <exception cref="InputException">There is no such node.</exception>
    public Graph? NewEnd(Graph graph, int classes, int seed)
    {
        if (!HasNewEnd)
            return null;
        try
        {
            return FrozenFront.NewEnd(graph, Front!, classes, seed);
        }
        catch (KeyNotFoundException problem)
        {
            throw new InputException(problem.Message);
        }
    }

    /// <summary>Trains the end on what the front gives, then all; or all from the beginning.</summary>
    /// <exception cref="ArgumentException">The front cannot be cut off, or pictures would be augmented whose outputs are kept.</exception>
    public TrainingResult Train(Graph graph, IDataSet learned, IDataSet? heldOut, TrainerOptions options, CancellationToken cancellation)
    {
        if (Front == null)
            return new Trainer(graph, learned, options, heldOut).Run(cancellation);
        if (options.Augmentation != null && Unfreeze == null)
            throw new ArgumentException("What a front gives is computed once, of pictures as they are: leave out --augment, or train all with --unfreeze, where pictures are augmented.");
        var front = new FrozenFront(graph, Front);
        var before = Environment.CpuUsage.TotalTime;
        var kept = front.Apply(learned, options.Statistics, options.Threads, cancellation: cancellation);
        var keptHeldOut = heldOut == null ? null : front.Apply(heldOut, options.Statistics, options.Threads, cancellation: cancellation);
        FrontCpuSeconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        var first = new Trainer(front.End, kept, options with { Augmentation = null, Backgrounds = null, HeldOutBackgrounds = null, Statistics = null }, keptHeldOut).Run(cancellation);
        if (Unfreeze is not { } epochs || first.End == TrainingEnd.NotFinite)
            return first;
        var slower = options with
        {
            Epochs = epochs, Rule = options.Rule with { Rate = options.Rule.Rate * UnfrozenRate }, Checkpoint = options.Checkpoint == null ? null : $"{options.Checkpoint}.unfrozen",
        };
        var second = new Trainer(graph, learned, slower, heldOut).Run(cancellation);
        EpochRecord Behind(EpochRecord record) => record with { Epoch = first.Epochs.Count + record.Epoch };
        return second with { Epochs = [.. first.Epochs, .. second.Epochs.Select(Behind)], Best = second.Best is { } best ? Behind(best) : first.Best };
    }
}
