namespace RealtimeCnn.Teaching;

/// <summary>
/// The mean of each class's examples; a picture is of the class whose mean is nearest, and of none where even that is far. Answers from
/// the first example on.
/// </summary>
/// <remarks>
/// The reach, within which a picture can be of a class at all, is the larger of three times the median of the squared distances of
/// examples to the means of the others of their class, and six tenths of the mean squared distance between means: the first alone
/// would reject everything after shots that hardly differ, the second alone knows nothing of how much a class varies (measured in
/// docs/decisions/0050-teaching-by-showing.md). Source: Snell et al. 2017, "Prototypical Networks for Few-shot Learning",
/// arXiv:1703.05175; Mensink et al. 2013, doi:10.1109/TPAMI.2013.83.
/// </remarks>
public sealed class NearestMeans
{
    // What is known of a spread from the newest few of each class is enough, and bounds what an example costs.
    private const int MeasuredShots = 16;
    private const float SpreadReach = 3, BetweenReach = 0.6f, Sharpness = 4;
    private readonly float[][] _means;

    private NearestMeans(int[] classes, float[][] means, float reach)
    {
        (_means, Reach) = (means, reach);
        float scale = float.IsFinite(reach) && reach > 0 ? Sharpness / reach : 1;
        float[] weights = new float[means.Length * means[0].Length];
        float[] biases = new float[means.Length];
        for (int row = 0; row < means.Length; row++)
        {
            Vectors.AddScaled(weights.AsSpan(row * means[row].Length, means[row].Length), means[row], 2 * scale);
            biases[row] = -scale * Vectors.Dot(means[row], means[row]);
        }

        Head = new LinearHead(classes, weights, biases);
    }

    /// <summary>The same as scores: <c>−d²</c> but for a part that all classes share.</summary>
    public LinearHead Head { get; }

    /// <summary>Squared distance to the nearest mean from which on a picture is of no class; infinite where nothing is known of it yet.</summary>
    public float Reach { get; }

    /// <summary>The means of examples.</summary>
    /// <param name="taught">The examples; at least one.</param>
    /// <exception cref="ArgumentException">There are no examples.</exception>
    public static NearestMeans Of(TaughtClasses taught)
    {
        ArgumentNullException.ThrowIfNull(taught);
        return taught.Shots.Count > 0 ? Of(taught.Shots) : throw new ArgumentException("There are no examples yet.", nameof(taught));
    }

    /// <summary>Squared distance of a picture to the nearest mean.</summary>
    public float Distance(ReadOnlySpan<float> embedding)
    {
        float least = float.PositiveInfinity;
        foreach (float[] mean in _means)
            least = MathF.Min(least, Vectors.SquaredDistance(embedding, mean));
        return least;
    }

    internal static NearestMeans Of(IReadOnlyList<Shot> shots)
    {
        var classes = shots.GroupBy(shot => shot.Class).OrderBy(group => group.Key).Select(group => (Class: group.Key, Shots: group.Select(shot => shot.Values).ToList())).ToList();
        float[][] means = [.. classes.Select(one => Vectors.Mean(one.Shots))];
        return new NearestMeans([.. classes.Select(one => one.Class)], means, ReachOf([.. classes.Select(one => one.Shots)], means));
    }

    private static float ReachOf(List<float[]>[] classes, float[][] means)
    {
        List<float> spread = [];
        for (int row = 0; row < means.Length; row++)
        {
            var shots = classes[row];
            // Without the shot itself, the mean is farther from it by n / (n − 1).
            float away = (float)shots.Count / Math.Max(shots.Count - 1, 1);
            for (int i = Math.Max(shots.Count - MeasuredShots, 0); i < shots.Count && shots.Count > 1; i++)
                spread.Add(Vectors.SquaredDistance(shots[i], means[row]) * away * away);
        }

        spread.Sort();
        float within = spread.Count > 0 ? SpreadReach * spread[spread.Count / 2] : 0, between = 0;
        int pairs = 0;
        for (int a = 0; a < means.Length; a++)
        {
            for (int b = a + 1; b < means.Length; b++, pairs++)
                between += Vectors.SquaredDistance(means[a], means[b]);
        }

        float reach = Math.Max(within, pairs > 0 ? BetweenReach * between / pairs : 0);
        return reach > 0 ? reach : float.PositiveInfinity;
    }
}
