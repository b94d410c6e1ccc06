using RealtimeCnn.Graphs;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Training;

/// <summary>All that changes while a <see cref="Trainer"/> trains: what a checkpoint must hold. Chance needs no state, because it follows from step and epoch.</summary>
internal sealed class TrainingRun
{
    private readonly Graph _graph;
    private readonly float[][] _kept;

    public TrainingRun(Graph graph, TrainingNetwork network, Optimizer optimizer, double? averageDecay, int classes)
    {
        LabelCounts = new int[classes];
        (_graph, Network, Optimizer) = (graph, network, optimizer);
        Average = averageDecay is { } decay ? new WeightAverage(graph, decay) : null;
        _kept = [.. graph.Parameters.Select(parameter => parameter.Values.ToArray())];
    }

    public TrainingNetwork Network { get; }

    public Optimizer Optimizer { get; }

    public WeightAverage? Average { get; }

    /// <summary>The loss of the first batch, before anything was changed; null where that is not known.</summary>
    public double? StartLoss { get; set; }

    /// <summary>How often each label was seen in the last epoch; nothing where there are none.</summary>
    public int[] LabelCounts { get; }

    /// <summary>
    /// Whether the weights that are kept are better than those of the start, by loss, or by more right answers than the most frequent
    /// class alone would give: three standard deviations more, as many as chance seldom does.
    /// </summary>
    public bool HasLearned
    {
        get
        {
            if (Best is not { } best || StartLoss is not { } start || best.Loss < start)
                return true;
            double seen = LabelCounts.Sum(), share = seen > 0 ? LabelCounts.Max() / seen : 0;
            return seen > 0 && best.Accuracy > share + (3 * Math.Sqrt(share * (1 - share) / seen));
        }
    }

    /// <summary>Every epoch that has ended.</summary>
    public List<EpochRecord> History { get; } = [];

    /// <summary>The epoch whose weights are kept as the result; null before the first, when those are the start's.</summary>
    public EpochRecord? Best { get; private set; }

    /// <summary>Takes an epoch in, and keeps its weights unless an earlier one's are to be kept.</summary>
    /// <param name="record">How it went.</param>
    /// <param name="keepsBest">Whether weights are kept by their accuracy on the data held out; without, the last are.</param>
    public void Keep(EpochRecord record, bool keepsBest)
    {
        History.Add(record);
        if (keepsBest && Best is { } best && !(record.HeldOutAccuracy > best.HeldOutAccuracy))
            return;
        Best = record;
        for (int p = 0; p < _kept.Length; p++)
            (Average == null ? _graph.Parameters[p].Values : Average.State[p]).CopyTo(_kept[p]);
    }

    /// <summary>Gives the graph the weights that are kept.</summary>
    public void Deploy()
    {
        for (int p = 0; p < _kept.Length; p++)
            _graph.Parameters[p].Write(_kept[p]);
    }

    /// <summary>The parameters as they are, then everything that is remembered beside them, in one order.</summary>
    public IEnumerable<float[]> Save() => _graph.Parameters.Select(parameter => parameter.Values.ToArray()).Concat(Remembered);

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    public void Load(IReadOnlyList<float[]> arrays, IReadOnlyList<EpochRecord> history, int bestEpoch, long steps, double? startLoss)
    {
        for (int p = 0; p < _graph.Parameters.Count; p++)
            _graph.Parameters[p].Write(arrays[p]);
        int next = _graph.Parameters.Count;
        foreach (float[] remembered in Remembered)
            arrays[next++].CopyTo(remembered, 0);
        History.AddRange(history);
        Best = history[bestEpoch - 1];
        StartLoss = startLoss;
        Network.Steps = steps;
        Optimizer.Resume(steps);
        Average?.Resume(steps);
    }

    private IEnumerable<float[]> Remembered => Optimizer.State.Concat(Average?.State ?? []).Concat(_kept);
}
