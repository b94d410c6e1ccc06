using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>Nearest means, and the metric of the classes' own variation, against what their definitions say in double precision.</summary>
public class TaughtHeadTests
{
    private readonly Random _random = new(9);

    [Fact]
    public void The_nearest_mean_is_the_nearest_mean()
    {
        var taught = TaughtExamples.Some(5);
        var means = NearestMeans.Of(taught);
        double[][] expected = MeansOf(taught.Shots);
        for (int i = 0; i < 50; i++)
        {
            float[] asked = TaughtExamples.Picture(1 + (i % 3), _random);
            double[] distances = [.. expected.Select(mean => asked.Select((value, f) => Math.Pow(value - mean[f], 2)).Sum())];
            Assert.Equal(distances.Min(), means.Distance(asked), 1e-3);
            float[] scores = new float[3];
            means.Head.Score(asked, scores);
            // Scores are distances, turned round, but for one factor and what all share.
            double factor = (scores[0] - scores[1]) / (distances[1] - distances[0]);
            Assert.True(factor > 0);
            Assert.Equal(factor * (distances[2] - distances[0]), scores[0] - scores[2], 1e-2 * Math.Abs(factor * (distances[2] - distances[0])) + 1e-3);
        }
    }

    [Fact]
    public void What_is_far_from_all_examples_is_of_no_class_and_what_is_like_them_is()
    {
        using var classifier = new FewShotClassifier(TaughtExamples.Some(10));
        int rejected = 0, taken = 0;
        for (int i = 0; i < 60; i++)
        {
            float[] asked = TaughtExamples.Picture(1 + (i % 3), _random);
            classifier.Answer(asked);
            taken += classifier.IsUnfamiliar ? 0 : 1;
            classifier.Answer([.. asked.Select(value => (6 * value) + 2)]);
            rejected += classifier.IsRejected && classifier.IsUnfamiliar ? 1 : 0;
        }

        Assert.InRange(taken, 58, 60);
        Assert.Equal(60, rejected);
        classifier.Answer(Enumerable.Repeat(float.NaN, TaughtExamples.Features).ToArray());
        Assert.True(classifier.IsRejected);
    }

    [Fact]
    public void Of_one_example_a_picture_that_is_like_it_is_known()
    {
        var taught = TaughtExamples.Some(1, classes: 1);
        using var classifier = new FewShotClassifier(taught);
        classifier.Answer(taught.Shots[0].Embedding);
        Assert.Equal((1, false, 1f), (classifier.Best, classifier.IsRejected, classifier.Probabilities[1]));
    }

    [Fact]
    public void The_head_is_that_of_the_inverse_of_the_shrunken_covariance()
    {
        var shots = TaughtExamples.Some(6).Shots;
        var head = ShrunkenDiscriminant.Fit(shots)!;
        double[][] means = MeansOf(shots);
        double[,] inverse = Inverse(Covariance(shots, means));
        double[] middle = [.. Enumerable.Range(0, TaughtExamples.Features).Select(f => means.Average(mean => mean[f]))];
        for (int i = 0; i < 20; i++)
        {
            float[] asked = TaughtExamples.Picture(1 + (i % 3), _random);
            float[] scores = new float[3];
            head.Score(asked, scores);
            double[] expected = [.. means.Select(mean => Form(inverse, Less(mean, middle), Less(Doubles(asked), middle)) - (Form(inverse, Less(mean, middle), Less(mean, middle)) / 2))];
            for (int k = 0; k < 3; k++)
                Assert.Equal(expected[k], scores[k], 1e-3 * Math.Max(expected.Max(Math.Abs), 1));
        }
    }

    [Fact]
    public void Examples_that_say_nothing_of_how_classes_vary_make_no_such_head()
    {
        Assert.Null(ShrunkenDiscriminant.Fit(TaughtExamples.Some(1).Shots));
        Assert.Null(ShrunkenDiscriminant.Fit(TaughtExamples.Some(6, classes: 1).Shots));
    }

    private static double[][] MeansOf(IEnumerable<Shot> shots) =>
        [.. shots.GroupBy(shot => shot.Class).OrderBy(group => group.Key).Select(group => Enumerable.Range(0, TaughtExamples.Features).Select(f => group.Average(shot => (double)shot.Embedding[f])).ToArray())];

    internal static double[,] Covariance(IReadOnlyList<Shot> shots, double[][] means)
    {
        int d = TaughtExamples.Features, degrees = shots.Count - means.Length;
        double[,] sum = new double[d, d];
        foreach (var shot in shots)
        {
            double[] rest = Less(Doubles(shot.Embedding.ToArray()), means[shot.Class - 1]);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    sum[i, j] += rest[i] * rest[j] / degrees;
            }
        }

        double trace = Enumerable.Range(0, d).Sum(i => sum[i, i]) / d;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
                sum[i, j] = (sum[i, j] / 2) + (i == j ? trace / 2 : 0);
        }

        return sum;
    }

    // Gauss and Jordan, with pivots.
    internal static double[,] Inverse(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] left = (double[,])matrix.Clone(), right = new double[n, n];
        for (int i = 0; i < n; i++)
            right[i, i] = 1;
        for (int c = 0; c < n; c++)
        {
            int pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(left[r, c]));
            for (int j = 0; j < n; j++)
            {
                (left[c, j], left[pivot, j]) = (left[pivot, j], left[c, j]);
                (right[c, j], right[pivot, j]) = (right[pivot, j], right[c, j]);
            }

            double value = left[c, c];
            for (int j = 0; j < n; j++)
                (left[c, j], right[c, j]) = (left[c, j] / value, right[c, j] / value);
            for (int r = 0; r < n; r++)
            {
                double factor = r == c ? 0 : left[r, c];
                for (int j = 0; j < n; j++)
                    (left[r, j], right[r, j]) = (left[r, j] - (factor * left[c, j]), right[r, j] - (factor * right[c, j]));
            }
        }

        return right;
    }

    internal static double Form(double[,] matrix, double[] x, double[] y) => Enumerable.Range(0, x.Length).Sum(i => x[i] * Enumerable.Range(0, y.Length).Sum(j => matrix[i, j] * y[j]));

    private static double[] Less(double[] x, double[] y) => [.. x.Select((value, i) => value - y[i])];

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];
}
