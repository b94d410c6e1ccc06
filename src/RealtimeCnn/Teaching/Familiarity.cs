namespace RealtimeCnn.Teaching;

/// <summary>
/// How unlike all examples a picture is. Its distances are in the metric of the classes' own variation (<see cref="SharedCovariance"/>):
/// q to the nearest mean and Q to the middle of all. What is none of the classes is far from each, <c>q</c> is large, and lies between
/// them, <c>q/Q</c> is large; so its novelty is <c>q·(q/Q)²</c>, in parts of what left-out examples of the classes have.
/// </summary>
/// <remarks>
/// Source: Lee et al. 2018, "A Simple Unified Framework for Detecting Out-of-Distribution Samples", arXiv:1807.03888, section 2.1; the ratio
/// of distances, Mendes Júnior et al. 2017, "Nearest neighbors distance ratio open-set classifier", doi:10.1007/s10994-016-5610-8. Figures:
/// docs/decisions/0050-teaching-by-showing.md.
/// </remarks>
public sealed class Familiarity
{
    /// <summary>The novelty's power in the odds that a picture is of no class: a border that is crossed within a tenth.</summary>
    internal const float Sharpness = 16;

    /// <summary>Below it there is no distance.</summary>
    internal const float LeastDistance = 1e-12f;

    // Of each class, evenly spread: bounds what a picture costs, and the file. Fewer than the least say too little of how classes vary.
    private const int MeasuredShots = 24, LeastShots = 8;
    private const double Usual = 0.95, SpreadReach = 1.3, BetweenReach = 0.4;
    private readonly float[] _away;

    private Familiarity(float[] middle, float[] directions, LinearHead means, float reach)
    {
        (Middle, Directions, Means, Reach) = (middle, directions, means, reach);
        _away = new float[middle.Length];
    }

    /// <summary>The mean of the classes' means.</summary>
    internal float[] Middle { get; }

    /// <summary>What the classes' variation takes off a squared distance, row by row, <c>[n, features]</c>.</summary>
    internal float[] Directions { get; }

    /// <summary><c>Q − q</c> of each class, of what is away from the middle.</summary>
    internal LinearHead Means { get; }

    /// <summary><c>q·(q/Q)²</c> from which on a picture is of no class.</summary>
    internal float Reach { get; private init; }

    /// <summary>Learned from examples; null where there are fewer than two classes, or fewer than eight examples of each on average.</summary>
    /// <param name="taught">The examples; those of <see cref="TaughtClasses.Nothing"/> count nothing.</param>
    public static Familiarity? Of(TaughtClasses taught)
    {
        ArgumentNullException.ThrowIfNull(taught);
        return Of(taught.Shots, taught.Nothing, CancellationToken.None);
    }

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static Familiarity? Of(IReadOnlyList<Shot> shots, int nothing, CancellationToken cancellation)
    {
        Shot[] measured = [.. shots.Where(shot => shot.Class != nothing).GroupBy(shot => shot.Class).SelectMany(Spread)];
        if (Fit(measured, out double between) is not { } whole || measured.Length < LeastShots * whole.Means.Bias.Length)
            return null;
        int[] folds = HeadTraining.FoldsOf(measured);
        List<double> leftOut = [];
        for (int fold = 0; fold < HeadTraining.Folds; fold++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Fit([.. measured.Where((_, i) => folds[i] != fold)], out _) is not { } part)
                continue;
            foreach (var shot in measured.Where((_, i) => folds[i] == fold))
                leftOut.Add(part.Novelty(shot.Values));
        }

        // Shots that hardly differ say little of how a class varies: how far apart the classes are says more.
        double reach = BetweenReach * between;
        if (leftOut.Count > 0)
        {
            leftOut.Sort();
            double each = (double)measured.Length / whole.Means.Bias.Length, away = each / (each - 1);
            reach = Math.Max(reach, SpreadReach * away * away * leftOut[(int)(Usual * (leftOut.Count - 1))]);
        }

        return reach > 0 && double.IsFinite(reach) ? new Familiarity(whole.Middle, whole.Directions, whole.Means, (float)reach) : null;
    }

    /// <summary>How unlike all examples a picture is: above 1 it is of no class. NaN where a number of it is. Allocates nothing; one thread at a time.</summary>
    /// <param name="embedding">What the backbone made of the picture.</param>
    /// <exception cref="ArgumentException">It has another length than the examples.</exception>
    public float Novelty(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != Middle.Length)
            throw new ArgumentException($"Examples have {Middle.Length} features; {embedding.Length} were given.", nameof(embedding));
        embedding.CopyTo(_away);
        Vectors.AddScaled(_away, Middle, -1);
        float all = Vectors.Dot(_away, _away), nearest = float.NegativeInfinity;
        for (int at = 0; at < Directions.Length; at += Middle.Length)
        {
            float along = Vectors.Dot(Directions.AsSpan(at, Middle.Length), _away);
            all -= along * along;
        }

        for (int row = 0; row < Means.Bias.Length; row++)
            nearest = MathF.Max(nearest, Means.Bias[row] + Vectors.Dot(Means.Weight.AsSpan(row * Middle.Length, Middle.Length), _away));
        float distance = MathF.Max(all - nearest, LeastDistance), ratio = distance / MathF.Max(all, LeastDistance);
        return distance * ratio * ratio / Reach;
    }

    /// <summary>The probability that a picture is of one of the classes at all: <c>1/(1 + novelty¹⁶)</c>.</summary>
    internal static float ProbabilityOfKnown(float novelty) => 1 / (1 + MathF.Pow(novelty, Sharpness));

    private static IEnumerable<Shot> Spread(IEnumerable<Shot> group)
    {
        Shot[] all = [.. group];
        int count = Math.Min(all.Length, MeasuredShots);
        return Enumerable.Range(0, count).Select(i => all[i * all.Length / count]);
    }

    // With a reach of 1. Distances are in units of the covariance's ridge, which falls out of a novelty.
    private static Familiarity? Fit(Shot[] shots, out double between)
    {
        between = 0;
        if (SharedCovariance.Of(shots) is not { } covariance)
            return null;
        float[] middle = Vectors.Mean(covariance.Means);
        int classes = covariance.Classes.Length, features = middle.Length;
        float[] weights = new float[classes * features], biases = new float[classes];
        for (int row = 0; row < classes; row++)
        {
            float[] away = Vectors.Difference(covariance.Means[row], middle);
            var weight = weights.AsSpan(row * features, features);
            Vectors.AddScaled(weight, covariance.Solve(away), (float)(2 * covariance.Ridge));
            biases[row] = -Vectors.Dot(weight, away) / 2;
            // The mean squared distance between two means is 2K/(K − 1) of theirs to the middle.
            between += -biases[row] * 2.0 / (classes - 1);
        }

        return new Familiarity(middle, covariance.Directions(), new LinearHead(covariance.Classes, weights, biases), reach: 1);
    }
}
