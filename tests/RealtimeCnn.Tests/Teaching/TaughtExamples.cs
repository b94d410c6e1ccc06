using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>Made-up examples: classes that differ a little in a few features, while others vary much more and mean nothing.</summary>
internal static class TaughtExamples
{
    public const int Features = 24;

    public static readonly Size2d Small = new(2, 3);

    public static readonly string[] Names = ["nothing", "cup", "key", "pen"];

    public static TaughtClasses Empty() => new(Features, Small, Names, nothing: 0);

    public static TaughtClasses Some(int each, int classes = 3, int seed = 1)
    {
        var taught = Empty();
        var random = new Random(seed);
        for (int label = 1; label <= classes; label++)
        {
            taught.BeginTake();
            for (int i = 0; i < each; i++)
                Assert.True(taught.TryAdd(label, Picture(label, random), Pixels(label, i), out string? refusal), refusal);
        }

        return taught;
    }

    /// <summary>The class is in three features; eight others vary five times as much.</summary>
    public static float[] Picture(int label, Random random)
    {
        float[] picture = new float[Features];
        for (int i = 0; i < Features; i++)
            picture[i] = (float)((random.NextDouble() - 0.5) * (i is >= 8 and < 16 ? 5 : 1));
        picture[label] += 1.5f;
        return picture;
    }

    public static byte[] Pixels(int label, int number) => [.. Enumerable.Range(0, Small.Height * Small.Width * 3).Select(i => (byte)((17 * label) + number + i))];

    public static int[] Bits(FewShotClassifier classifier, float[] picture)
    {
        classifier.Answer(picture);
        return [classifier.Best, classifier.IsRejected ? 1 : 0, .. classifier.Probabilities.ToArray().Select(BitConverter.SingleToInt32Bits)];
    }
}
