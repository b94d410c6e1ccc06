using RealtimeCnn.Teaching;

namespace RealtimeCnn.Tests.Teaching;

/// <summary>A classifier that is taught: a head that is trained beside it, taken when it is better, and never one of other examples.</summary>
public class FewShotClassifierTests
{
    [Fact]
    public void A_trained_head_sees_what_nearest_means_miss_and_is_judged_by_what_was_left_out()
    {
        using var classifier = new FewShotClassifier(TaughtExamples.Some(20));
        int byMeans = Right(classifier);
        Assert.False(classifier.IsTrained);
        classifier.Train();
        classifier.Finish();
        Assert.True(classifier.IsTrained);
        var report = classifier.Report!;
        Assert.True(report.HeadAccuracy > report.NearestMeansAccuracy, $"{report.HeadAccuracy} and {report.NearestMeansAccuracy}");
        int byHead = Right(classifier);
        Assert.True(byHead >= byMeans + 10, $"Of 300 new pictures, the head calls {byHead} right and nearest means {byMeans}.");
        // Left out, each example is asked once; and what is left out says about what new pictures say.
        Assert.Equal(60, report.Confusion.Cast<int>().Sum());
        Assert.InRange(report.HeadAccuracy, (byHead / 300.0) - 0.12, (byHead / 300.0) + 0.12);
        Assert.Equal(0, report.Steps[0].Step);
        Assert.True(report.Steps[report.StepsTaken].LeftOutLoss <= report.Steps[0].LeftOutLoss);
    }

    [Fact]
    public void The_same_examples_make_the_same_head_to_the_bit()
    {
        LinearHead[] heads = new LinearHead[2];
        for (int i = 0; i < 2; i++)
        {
            using var classifier = new FewShotClassifier(TaughtExamples.Some(8));
            classifier.Train();
            classifier.Finish();
            heads[i] = classifier.Head!;
            Assert.True(classifier.IsTrained);
        }

        Assert.Equal(heads[0].Weights.ToArray(), heads[1].Weights.ToArray());
        Assert.Equal(heads[0].Biases.ToArray(), heads[1].Biases.ToArray());
    }

    [Fact]
    public void A_head_of_other_examples_does_not_answer_and_nearest_means_do_meanwhile()
    {
        var random = new Random(2);
        var taught = TaughtExamples.Some(8);
        using var classifier = new FewShotClassifier(taught);
        classifier.Train();
        classifier.Finish();
        Assert.True(classifier.IsTrained);
        taught.BeginTake();
        Assert.True(taught.TryAdd(0, [.. Enumerable.Repeat(-3f, TaughtExamples.Features)], TaughtExamples.Pixels(0, 0), out _));
        Assert.False(classifier.IsTrained);
        classifier.Answer([.. Enumerable.Repeat(-3f, TaughtExamples.Features)]);
        Assert.Equal((0, true), (classifier.Best, classifier.IsRejected));
        // Changed once more while it was trained: that head is of no use.
        classifier.Train();
        Assert.True(taught.TryAdd(1, TaughtExamples.Picture(1, random), TaughtExamples.Pixels(1, 0), out _));
        classifier.Finish();
        Assert.False(classifier.IsTrained);
        classifier.Train();
        classifier.Finish();
        Assert.True(classifier.IsTrained);
    }

    [Fact]
    public void A_training_that_is_given_up_leaves_nothing_and_the_next_one_counts()
    {
        using var classifier = new FewShotClassifier(TaughtExamples.Some(30));
        for (int i = 0; i < 20; i++)
            classifier.Train();
        classifier.Finish();
        Assert.True(classifier.IsTrained);
        Assert.False(classifier.IsTraining);
        Assert.False(classifier.Update());
    }

    [Fact]
    public void One_class_or_single_examples_are_answered_without_a_head()
    {
        foreach (var taught in (TaughtClasses[])[TaughtExamples.Some(10, classes: 1), TaughtExamples.Some(1)])
        {
            using var classifier = new FewShotClassifier(taught);
            classifier.Train();
            classifier.Finish();
            Assert.False(classifier.IsTrained);
            Assert.NotNull(classifier.Report);
            classifier.Answer(taught.Shots[0].Embedding);
            Assert.Equal(1, classifier.Best);
        }
    }

    [Fact]
    public void What_is_left_out_are_stretches_in_time_and_never_the_only_example_of_a_class()
    {
        var taught = TaughtExamples.Some(10, classes: 2);
        taught.BeginTake();
        Assert.True(taught.TryAdd(0, new float[TaughtExamples.Features], TaughtExamples.Pixels(0, 0), out _));
        int[] folds = HeadTraining.FoldsOf(taught.Shots);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, -1], folds);
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        using var classifier = new FewShotClassifier(TaughtExamples.Some(10));
        float[] asked = TaughtExamples.Picture(1, new Random(3));
        classifier.Answer(asked);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            classifier.Answer(asked);
            classifier.Update();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_head_that_does_not_belong_to_the_examples_is_refused()
    {
        using var classifier = new FewShotClassifier(TaughtExamples.Some(2));
        Assert.Contains("others have examples", Assert.Throws<ArgumentException>(() => classifier.Restore(new LinearHead([0, 1], new float[48], new float[2]))).Message, StringComparison.Ordinal);
        Assert.Contains("takes 2 features", Assert.Throws<ArgumentException>(() => classifier.Restore(new LinearHead([1, 2, 3], new float[6], new float[3]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => classifier.Answer(new float[3]));
    }

    private static int Right(FewShotClassifier classifier)
    {
        var random = new Random(77);
        int right = 0;
        for (int i = 0; i < 300; i++)
        {
            int label = 1 + (i % 3);
            classifier.Answer(TaughtExamples.Picture(label, random));
            right += classifier.Best == label ? 1 : 0;
        }

        return right;
    }
}
