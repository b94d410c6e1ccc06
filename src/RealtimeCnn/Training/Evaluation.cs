using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Training;

/// <summary>How a classifier does on one class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Count">Samples of it.</param>
/// <param name="Precision">Share of what was called so that is so; null where nothing was.</param>
/// <param name="Recall">Share of what is so that was called so; null where there are no samples.</param>
public readonly record struct ClassEvaluation(string Name, int Count, double? Precision, double? Recall);

/// <summary>A sample that was named wrong.</summary>
/// <param name="Index">Which, in its data.</param>
/// <param name="Label">What it is.</param>
/// <param name="Called">What it was called.</param>
/// <param name="Margin">By how much the score of what it was called is above that of what it is.</param>
public readonly record struct Mistake(int Index, int Label, int Called, double Margin);

/// <summary>How a classifier is evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>How pixels become inputs; null to leave them as they are.</summary>
    public InputStatistics? Statistics { get; init; }

    /// <summary>Samples in a run, at least 1; 1 for networks that take no more.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Whether the output still needs softmax to be probabilities.</summary>
    public bool AreLogits { get; init; } = true;

    /// <summary>What chance does to samples first, to see how robust the network is; null for nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Pictures of three channels whose parts <see cref="Augmentation.Background"/> puts behind things; null where it does not.</summary>
    public IDataSet? Backgrounds { get; init; }
}

/// <summary>What a classifier says of labelled data.</summary>
public sealed class Evaluation
{
    private const int MistakesKept = 24;
    private readonly int[][] _confusion;

    private Evaluation(IReadOnlyList<string> classes, int[][] confusion, double calibrationError, IReadOnlyList<Mistake> mistakes)
    {
        (Classes, _confusion, CalibrationError, Mistakes) = (classes, confusion, calibrationError, mistakes);
        Count = confusion.Sum(row => row.Sum());
        Accuracy = (double)confusion.Select((row, label) => row[label]).Sum() / Count;
        PerClass = [.. classes.Select((name, label) =>
        {
            int so = confusion[label].Sum(), called = confusion.Sum(row => row[label]), both = confusion[label][label];
            return new ClassEvaluation(name, so, called > 0 ? (double)both / called : null, so > 0 ? (double)both / so : null);
        })];
    }

    /// <summary>Names of the classes, by label.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Samples that were looked at.</summary>
    public int Count { get; }

    /// <summary>Share of them that was named right, from 0 to 1.</summary>
    public double Accuracy { get; }

    /// <summary>
    /// How far confidence is from accuracy, from 0 to 1: samples are put into 15 bins by the probability of what they were called, and
    /// the distances between mean probability and share of right ones are averaged over all samples.
    /// </summary>
    /// <remarks>Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599, section 2 (expected calibration error).</remarks>
    public double CalibrationError { get; }

    /// <summary>Samples by what they are (the row) and what they were called (the column).</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion => _confusion;

    /// <summary>Each class by itself.</summary>
    public IReadOnlyList<ClassEvaluation> PerClass { get; }

    /// <summary>The samples that were named wrong with the largest margin, the worst first; at most 24.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; }

    /// <summary>Runs a classifier over labelled data; what its first output finds most likely is what it calls a sample.</summary>
    /// <param name="network">The classifier, of one input; its first output is <c>[N, classes]</c>, or has as many elements.</param>
    /// <param name="data">Samples, the targets being labels.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <exception cref="DataSetException">Targets are no labels, or the classes are not as many as the network's.</exception>
    /// <exception cref="ShapeException">The samples do not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Evaluation Of(INetwork network, IDataSet data, EvaluationOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new EvaluationOptions();
        int[][]? confusion = null;
        var confidence = new ConfidenceBins();
        var mistakes = new PriorityQueue<Mistake, double>();
        int index = 0;
        ForEach(network, data, options, (label, scores) =>
        {
            confusion ??= [.. data.Classes.Select(_ => new int[data.Classes.Count])];
            int called = MostLikely(scores);
            confusion[label][called]++;
            confidence.Add(options.AreLogits ? (float)Softmax(scores, called) : scores[called], called == label);
            if (called != label)
                Keep(mistakes, new Mistake(index, label, called, (double)scores[called] - scores[label]));
            index++;
        }, cancellation);
        return new Evaluation(data.Classes, confusion!, confidence.Error, [.. mistakes.UnorderedItems.Select(item => item.Element).OrderByDescending(mistake => mistake.Margin).ThenBy(mistake => mistake.Index)]);
    }

    /// <summary>What happens to each sample's label and scores.</summary>
    internal delegate void ScoreReader(int label, ReadOnlySpan<float> scores);

    /// <summary>Runs a classifier over labelled data.</summary>
    /// <inheritdoc cref="Of"/>
    internal static void ForEach(INetwork network, IDataSet data, EvaluationOptions options, ScoreReader read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        int classes = data.Classes.Count;
        if (classes == 0 || data.TargetShape.Count != 1)
            throw new DataSetException("Only data with labels can be evaluated: there are no classes.");
        using var loader = new BatchLoader(data, new BatchOptions { Size = options.BatchSize, IsShuffled = false, Statistics = options.Statistics, Augmentation = options.Augmentation, Backgrounds = options.Backgrounds });
        foreach (var part in loader.Epoch(0))
        {
            var scores = network.Run([part.Samples], cancellation)[0];
            if (scores.Shape.Count != part.Count * classes)
                throw new DataSetException($"The network's output for {part.Count} samples is {scores.Shape}; the data have {classes} classes: {string.Join(", ", data.Classes)}.");
            for (int n = 0; n < part.Count; n++)
                read((int)part.Targets.Span[n], scores.Span.Slice(n * classes, classes));
        }
    }

    /// <summary>Keeps the worst mistakes.</summary>
    private static void Keep(PriorityQueue<Mistake, double> worst, Mistake mistake)
    {
        if (worst.Count < MistakesKept)
            worst.Enqueue(mistake, mistake.Margin);
        else
            worst.EnqueueDequeue(mistake, mistake.Margin);
    }

    /// <summary>The probability of one class, of logits.</summary>
    private static double Softmax(ReadOnlySpan<float> logits, int one)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - (double)logits[one]);
        return 1 / sum;
    }

    /// <summary>The class with the largest score, the first of several.</summary>
    internal static int MostLikely(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int k = 1; k < scores.Length; k++)
            best = scores[k] > scores[best] ? k : best;
        return best;
    }
}
