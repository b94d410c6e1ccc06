using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Teaching;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>What is like none of the examples: against the definition in double precision, and on photographs of signs that were not taught.</summary>
public class FamiliarityTests
{
    private readonly Random _random = new(11);

    [Fact]
    public void Novelty_is_the_distance_times_the_square_of_its_ratio_in_the_metric_of_the_classes()
    {
        var taught = TaughtExamples.Some(10);
        var familiarity = Familiarity.Of(taught)!;
        double[][] means = [.. taught.Shots.GroupBy(shot => shot.Class).Select(group => Mean([.. group.Select(shot => Doubles(shot))]))];
        double[] middle = Mean(means);
        double[,] inverse = TaughtHeadTests.Inverse(TaughtHeadTests.Covariance(taught.Shots, means));
        double[] ratios = new double[30];
        for (int i = 0; i < ratios.Length; i++)
        {
            float[] asked = [.. TaughtExamples.Picture(1 + (i % 3), _random).Select(value => value * (1 + (i % 5)))];
            double q = means.Min(mean => Form(inverse, asked, mean)), all = Form(inverse, asked, middle);
            ratios[i] = familiarity.Novelty(asked) / (q * q / all * q / all);
        }

        // But for one factor, the reach.
        Assert.All(ratios, ratio => Assert.Equal(1, ratio / ratios[0], 1e-3));
        Assert.True(float.IsNaN(familiarity.Novelty([.. Enumerable.Repeat(float.NaN, TaughtExamples.Features)])));
        Assert.Throws<ArgumentException>(() => familiarity.Novelty(new float[3]));
    }

    [Fact]
    public void Nine_in_ten_new_pictures_are_within_reach_and_what_is_between_the_classes_or_far_is_not()
    {
        var familiarity = Familiarity.Of(TaughtExamples.Some(20))!;
        int known = Enumerable.Range(0, 300).Count(i => familiarity.Novelty(TaughtExamples.Picture(1 + (i % 3), _random)) <= 1);
        Assert.InRange(known, 285, 300);
        float[] far = [.. TaughtExamples.Picture(1, _random).Select(value => (4 * value) + 2)];
        Assert.True(familiarity.Novelty(far) > 10);
        float[] none = TaughtExamples.Picture(1, _random);
        none[1] -= 1.5f;
        none[0] += 4;
        Assert.True(familiarity.Novelty(none) > 1, $"{familiarity.Novelty(none)}");
    }

    [Fact]
    public void Few_examples_or_one_class_say_too_little_and_nothing_counts_nothing()
    {
        Assert.Null(Familiarity.Of(TaughtExamples.Some(7)));
        Assert.Null(Familiarity.Of(TaughtExamples.Some(20, classes: 1)));
        TaughtClasses plain = TaughtExamples.Some(10), other = TaughtExamples.Some(10);
        other.BeginTake();
        for (int i = 0; i < 10; i++)
            Assert.True(other.TryAdd(0, [.. TaughtExamples.Picture(1, _random).Select(value => 9 * value)], TaughtExamples.Pixels(0, i), out _));
        float[] asked = TaughtExamples.Picture(2, _random);
        Assert.Equal(Familiarity.Of(plain)!.Novelty(asked), Familiarity.Of(other)!.Novelty(asked));
    }

    [Fact]
    public void Examples_that_hardly_differ_do_not_make_everything_else_unfamiliar()
    {
        var taught = TaughtExamples.Empty();
        for (int label = 1; label <= 3; label++)
        {
            float[] one = TaughtExamples.Picture(label, new Random(label));
            for (int i = 0; i < 10; i++)
                Assert.True(taught.TryAdd(label, [.. one.Select(value => value + (0.001f * (float)_random.NextDouble()))], TaughtExamples.Pixels(label, i), out _));
        }

        var familiarity = Familiarity.Of(taught)!;
        float[] moved = TaughtExamples.Picture(1, new Random(1));
        for (int i = 0; i < moved.Length; i++)
            moved[i] += 0.02f * (float)_random.NextDouble();
        Assert.InRange(familiarity.Novelty(moved), 0, 0.5f);
    }

    /// <summary>Five signs by twenty photographs each of one half of the students; asked are the other half, of all ten signs.</summary>
    [SharedDataTheory]
    [InlineData(0, 1, 2, 3, 4)]
    [InlineData(1, 3, 5, 7, 9)]
    public void Signs_that_were_not_taught_are_rejected_and_those_that_were_are_not(params int[] signs)
    {
        using var model = ShippedModels.Load(ShippedModels.HandSigns, new OnnxLoadOptions { TakesPictures = true });
        var preprocessing = ModelCard.Of(model).Preprocessing;
        var graph = EmbeddingGraph.Of(model.Graph);
        using var network = new CpuNetwork(graph);
        using var input = new Tensor(preprocessing.Shape);
        var reader = new ImageToTensor(preprocessing);
        var taught = TaughtClasses.For(graph, [.. Enumerable.Range(0, 10).Select(sign => $"{sign}")]);
        byte[] thumbnail = new byte[taught.ThumbnailSize.Height * taught.ThumbnailSize.Width * 3];
        foreach (int sign in signs)
        {
            taught.BeginTake();
            foreach (string file in Photographs(sign).Take(80).Where((_, i) => i % 4 == 0))
                Assert.True(taught.TryAdd(sign, Embed(file), thumbnail, out string? refusal), refusal);
        }

        using var classifier = new FewShotClassifier(taught);
        classifier.Train();
        classifier.Finish();
        int right = 0, kept = 0, others = 0, rejected = 0;
        for (int sign = 0; sign < 10; sign++)
        {
            foreach (string file in Photographs(sign).Skip(80).Where((_, i) => i % 2 == 0))
            {
                classifier.Answer(Embed(file));
                bool isRight = classifier.Best == sign, isTaught = signs.Contains(sign);
                (right, kept) = (right + (isRight ? 1 : 0), kept + (isRight && !classifier.IsRejected ? 1 : 0));
                (others, rejected) = (others + (isTaught ? 0 : 1), rejected + (!isTaught && classifier.IsRejected ? 1 : 0));
            }
        }

        string found = $"{kept} of {right} right answers are kept, {rejected} of {others} other signs are rejected";
        Assert.True(kept >= 0.97 * right && right >= 195, found);
        Assert.True(rejected >= 0.93 * others, found);

        float[] Embed(string file)
        {
            using var picture = Photograph.Load(file);
            reader.Run(picture, input);
            return network.Run([input])[0].Span.ToArray();
        }
    }

    private static string[] Photographs(int sign) => [.. Directory.GetFiles(SharedData.Path("signs", $"{sign}")).Order(StringComparer.Ordinal)];

    private static double[] Doubles(Shot shot) => [.. shot.Embedding.ToArray().Select(value => (double)value)];

    private static double[] Mean(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(f => rows.Average(row => row[f]))];

    private static double Form(double[,] inverse, float[] asked, double[] from) => TaughtHeadTests.Form(inverse, [.. asked.Select((value, f) => value - from[f])], [.. asked.Select((value, f) => value - from[f])]);
}
