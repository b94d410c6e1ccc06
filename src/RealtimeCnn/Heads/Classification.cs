using System.Globalization;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Heads;

/// <summary>One class and how sure the network is of it.</summary>
/// <param name="Class">Number of the class, from 0.</param>
/// <param name="Name">Its label; its number where the model has no labels.</param>
/// <param name="Probability">In [0, 1].</param>
public readonly record struct ClassScore(int Class, string Name, float Probability)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Probability:P0}");
}

/// <summary>Reads a classifier's output: the most likely classes, with names. Reused from picture to picture; allocates nothing.</summary>
public sealed class Classification
{
    private readonly string[] _names;
    private readonly ClassScore[] _top;
    private readonly bool _areLogits;
    private readonly bool[] _rejects;

    /// <summary>A reader for a classifier of <paramref name="classes"/> classes.</summary>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <param name="labels">A name for each class; null for their numbers.</param>
    /// <param name="top">How many of the most likely classes are kept, at least 1.</param>
    /// <param name="areLogits">Whether the output still needs softmax.</param>
    /// <param name="head">How probabilities are calibrated and answers rejected; null for neither.</param>
    /// <exception cref="ArgumentException">There are fewer labels than classes, or none of them is the one that rejects.</exception>
    public Classification(int classes, IReadOnlyList<string>? labels = null, int top = 5, bool areLogits = true, ClassificationHead? head = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (labels != null && labels.Count < classes)
            throw new ArgumentException($"The classifier has {classes} classes; {labels.Count} labels were given.");
        _names = [.. Enumerable.Range(0, classes).Select(number => labels?[number] ?? number.ToString(CultureInfo.InvariantCulture))];
        _top = new ClassScore[Math.Min(top, classes)];
        _areLogits = areLogits;
        Head = head ?? new ClassificationHead();
        string[] rejecting = Head.Reject.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (rejecting.FirstOrDefault(label => !_names.Contains(label)) is { } unknown)
            throw new ArgumentException($"The label '{unknown}', which rejects a picture, is none of {string.Join(", ", _names)}.");
        _rejects = [.. _names.Select(name => rejecting.Contains(name))];
        if (!(Head.Temperature > 0))
            throw new ArgumentException($"A temperature is above 0; it is {Head.Temperature}.");
    }

    /// <summary>How probabilities are calibrated and answers rejected.</summary>
    public ClassificationHead Head { get; }

    /// <summary>Whether the picture shows none of the classes: the most likely one is below the head's threshold, is no number, or is one that says so.</summary>
    public bool IsRejected => !(_top[0].Probability >= Head.Threshold) || _rejects[_top[0].Class];

    /// <summary>Whether a classifier's first output still needs softmax: it does unless it is one, in another shape or not. That of log-softmax does.</summary>
    /// <param name="classifier">The network.</param>
    public static bool NeedsSoftmax(Graph classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        var node = classifier.Outputs[0];
        while (node.Layer is Flatten or Reshape or Squeeze or Identity)
            node = node.Inputs[0];
        return node.Layer is not Softmax;
    }

    /// <summary>The most likely class.</summary>
    public ClassScore Top1 => _top[0];

    /// <summary>The most likely classes, best first; of equal ones the lower number first.</summary>
    public IReadOnlyList<ClassScore> Top => _top;

    /// <summary>Reads the scores of one picture.</summary>
    /// <param name="scores">One number for each class.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than classes.</exception>
    public void Read(ReadOnlySpan<float> scores)
    {
        if (scores.Length != _names.Length)
            throw new ArgumentException($"The classifier has {_names.Length} classes; its output has {scores.Length} numbers.");
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float score in scores)
            largest = MathF.Max(largest, score);
        foreach (float score in scores)
            sum += Share(score);
        int found = 0;
        for (int number = 0; number < scores.Length; number++)
        {
            float probability = NeedsShares ? Share(scores[number]) / sum : scores[number];
            int place = found;
            while (place > 0 && probability > _top[place - 1].Probability)
                place--;
            if (place == _top.Length)
                continue;
            found = Math.Min(found + 1, _top.Length);
            Array.Copy(_top, place, _top, place + 1, found - place - 1);
            _top[place] = new ClassScore(number, _names[number], probability);
        }

        float Share(float score) => ShareOf(score, largest);
    }

    /// <summary>The probability of one class for the scores of one picture; what was read before stays.</summary>
    /// <param name="scores">One number for each class.</param>
    /// <param name="label">Number of the class.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public float ProbabilityOf(ReadOnlySpan<float> scores, int label)
    {
        if (scores.Length != _names.Length)
            throw new ArgumentException($"The classifier has {_names.Length} classes; its output has {scores.Length} numbers.");
        if ((uint)label >= (uint)scores.Length)
            throw new ArgumentOutOfRangeException(nameof(label), label, $"Classes are numbered from 0 to {scores.Length - 1}.");
        if (!NeedsShares)
            return scores[label];
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float score in scores)
            largest = MathF.Max(largest, score);
        foreach (float score in scores)
            sum += ShareOf(score, largest);
        return ShareOf(scores[label], largest) / sum;
    }

    // Probabilities are exponentials of logits already: their temperature is a power.
    private float ShareOf(float score, float largest) => _areLogits ? MathF.Exp((score - largest) / Head.Temperature) : MathF.Pow(score / largest, 1 / Head.Temperature);

    private bool NeedsShares => _areLogits || Head.Temperature != 1;
}
