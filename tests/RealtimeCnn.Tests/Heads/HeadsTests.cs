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
    public void The_best_box_of_each_class_and_place_is_kept()
    {
        List<Detection> boxes =
        [
            new(0, 0, 10, 10, 0, 0.6f), new(1, 0, 11, 10, 0, 0.9f), new(1, 0, 11, 10, 1, 0.5f), new(20, 0, 30, 10, 0, 0.7f),
        ];
        NonMaxSuppression.Run(boxes, overlap: 0.5f);
        Assert.Equal([0.9f, 0.7f, 0.5f], boxes.Select(box => box.Score));
        NonMaxSuppression.Run(boxes, overlap: 0.5f, most: 2);
        Assert.Equal([0.9f, 0.7f], boxes.Select(box => box.Score));
    }
}
