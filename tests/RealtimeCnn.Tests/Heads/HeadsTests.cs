using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using LogSoftmax = RealtimeCnn.Layers.LogSoftmax;

namespace RealtimeCnn.Tests.Heads;

public class HeadsTests
{
    [Fact]
    public void The_most_likely_classes_come_best_first_with_probabilities_that_softmax_gives()
    {
        var head = new Classification(4, ["cat", "dog", "owl", "bee"], top: 3);
        head.Read([1, 3, 2, -1]);
        Assert.Equal(["dog", "owl", "cat"], head.Top.Select(score => score.Name));
        double sum = Math.Exp(1) + Math.Exp(3) + Math.Exp(2) + Math.Exp(-1);
        Assert.Equal(Math.Exp(3) / sum, head.Top1.Probability, 1e-6);
        head.Read([5, 0, 0, 0]);
        Assert.Equal([0, 1, 2], head.Top.Select(score => score.Class));
    }

    [Fact]
    public void Probabilities_are_taken_as_they_are_and_large_logits_do_not_overflow()
    {
        var probabilities = new Classification(3, areLogits: false);
        probabilities.Read([0.1f, 0.7f, 0.2f]);
        Assert.Equal(("1", 0.7f), (probabilities.Top1.Name, probabilities.Top1.Probability));
        var logits = new Classification(2);
        logits.Read([1000, 999]);
        Assert.Equal(1 / (1 + Math.Exp(-1)), logits.Top1.Probability, 1e-6);
    }

    [Fact]
    public void Softmax_is_seen_behind_what_only_changes_the_shape()
    {
        Assert.True(NeedsSoftmax(x => x.Relu()));
        Assert.False(NeedsSoftmax(x => x.Softmax()));
        Assert.False(NeedsSoftmax(x => x.Softmax().Flatten()));
        Assert.True(NeedsSoftmax(x => x.Then(new LogSoftmax(1))));
        Assert.True(NeedsSoftmax(x => x.Softmax().Relu()));

        static bool NeedsSoftmax(Func<SymbolicTensor, SymbolicTensor> end)
        {
            var builder = new GraphBuilder(1);
            using var graph = builder.Build(end(builder.Start(new Shape(1, 3, 1, 1), "x")));
            return Classification.NeedsSoftmax(graph);
        }
    }

    [Fact]
    public void The_wrong_number_of_scores_or_labels_is_an_error_with_both_numbers()
    {
        Assert.Contains("3 classes; its output has 2", Assert.Throws<ArgumentException>(() => new Classification(3).Read([1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 classes; 1 labels", Assert.Throws<ArgumentException>(() => new Classification(3, ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlap_is_intersection_over_union()
    {
        Detection box = new(0, 0, 2, 2, 0, 1), shifted = new(1, 0, 3, 2, 0, 1);
        Assert.Equal(2f / 6, box.Overlap(shifted), 1e-6f);
        Assert.Equal(1, box.Overlap(box));
        Assert.Equal(0, box.Overlap(new Detection(5, 5, 6, 6, 0, 1)));
        Assert.Equal(0, new Detection(1, 1, 1, 1, 0, 1).Overlap(new Detection(1, 1, 1, 1, 0, 1)));
    }

    [Fact]
    public void A_temperature_softens_logits_and_probabilities_alike()
    {
        float[] logits = [2, 0, -1];
        var head = new ClassificationHead { Temperature = 2 };
        var fromLogits = new Classification(3, head: head);
        fromLogits.Read(logits);
        double[] softened = [.. logits.Select(logit => Math.Exp(logit / 2))];
        Assert.Equal(softened.Select(share => share / softened.Sum()), fromLogits.Top.Select(score => (double)score.Probability), (a, b) => Math.Abs(a - b) < 1e-6);
        double sum = logits.Sum(logit => Math.Exp(logit));
        var fromProbabilities = new Classification(3, areLogits: false, head: head);
        fromProbabilities.Read([.. logits.Select(logit => (float)(Math.Exp(logit) / sum))]);
        Assert.Equal(fromLogits.Top.Select(score => score.Probability), fromProbabilities.Top.Select(score => score.Probability), (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Throws<ArgumentException>(() => new Classification(3, head: new ClassificationHead { Temperature = 0 }));
    }

    [Fact]
    public void An_answer_below_the_threshold_or_of_the_class_of_nothing_is_rejected()
    {
        var unsure = new Classification(2, areLogits: false, head: new ClassificationHead { Threshold = 0.7f });
        unsure.Read([0.69f, 0.31f]);
        Assert.True(unsure.IsRejected);
        unsure.Read([0.71f, 0.29f]);
        Assert.False(unsure.IsRejected);
        unsure.Read([float.NaN, float.NaN]);
        Assert.True(unsure.IsRejected);
        var nothing = new Classification(2, ["sign", "no sign"], areLogits: false, head: new ClassificationHead { Reject = "no sign" });
        nothing.Read([0.4f, 0.6f]);
        Assert.True(nothing.IsRejected);
        nothing.Read([0.6f, 0.4f]);
        Assert.False(nothing.IsRejected);
        Assert.Contains("none of sign, no sign", Assert.Throws<ArgumentException>(() => new Classification(2, ["sign", "no sign"], head: new ClassificationHead { Reject = "x" })).Message, StringComparison.Ordinal);
    }
}
