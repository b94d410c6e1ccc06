using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Several losses are their weighted sum, each with its part of the target.</summary>
public sealed class LossTermTests
{
    private static readonly Shape Batch = new(3, 5);

    [Fact]
    public void Several_losses_are_the_weighted_sum_of_each()
    {
        using var graph = TwoEnds();
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(new Shape(3, 6), 2);
        LossTerm first = new(new MeanSquaredError()) { Target = ..4, Weight = 0.3f }, second = new(new MeanAbsoluteError(), 1) { Target = 4.., Weight = -2 };
        using var both = new TrainingNetwork(graph, [first, second]);
        float sum = both.Backpropagate(input, target);
        var (one, oneGradients) = Alone(graph, first with { Weight = 1 }, input, target);
        var (other, otherGradients) = Alone(graph, second with { Weight = 1 }, input, target);
        Assert.Equal([one, other], both.Losses);
        Assert.Equal((0.3f * one) - (2 * other), sum, 1e-6);
        Assert.All(both.Parameters.Select((parameter, i) => (parameter, i)), pair =>
        {
            for (int k = 0; k < pair.parameter.Gradient.Length; k++)
                Assert.Equal((0.3f * oneGradients[pair.i][k]) - (2 * otherGradients[pair.i][k]), pair.parameter.Gradient[k], 1e-5);
        });
    }

    [Fact]
    public void Auxiliary_ends_learn_from_the_same_label()
    {
        using var graph = GoogLeNet.CreateWithAuxiliaries(new ModelOptions { InputSize = 64, Classes = 3 });
        LossTerm[] terms = [new(new SoftmaxCrossEntropy()), new(new SoftmaxCrossEntropy(), 1) { Weight = 0.3f }, new(new SoftmaxCrossEntropy(), 2) { Weight = 0.3f }];
        using var training = new TrainingNetwork(graph, terms);
        using var input = Noise.Of(new Shape(1, 3, 64, 64), 1);
        using var label = new Tensor(new Shape(1), [2]);
        float sum = training.Backpropagate(input, label);
        Assert.Equal(training.Losses[0] + (0.3f * training.Losses[1]) + (0.3f * training.Losses[2]), sum, 1e-5);
        Assert.All(training.Losses, loss => Assert.InRange(loss, 0.01f, 20));
        Assert.All(training.Parameters.Where(parameter => parameter.Name.Contains("aux", StringComparison.Ordinal) && parameter.Name.EndsWith("weight", StringComparison.Ordinal)), parameter => Assert.Contains(parameter.Gradient.ToArray(), value => value != 0));
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        using var graph = TwoEnds();
        Assert.Contains("no loss", Assert.Throws<ArgumentException>(() => new TrainingNetwork(graph, [])).Message, StringComparison.Ordinal);
        Assert.Contains("output 2", Assert.Throws<ArgumentException>(() => new TrainingNetwork(graph, [new LossTerm(new MeanSquaredError(), 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("weight NaN", Assert.Throws<ArgumentException>(() => new TrainingNetwork(graph, [new LossTerm(new MeanSquaredError()) { Weight = float.NaN }])).Message, StringComparison.Ordinal);
        using var input = Noise.Of(Batch, 1);
        using var target = Noise.Of(new Shape(3, 6), 2);
        using var wrong = new TrainingNetwork(graph, [new LossTerm(new MeanSquaredError()) { Target = ..3 }]);
        Assert.Contains("are no [3, 4]", Assert.Throws<ShapeException>(() => wrong.Backpropagate(input, target)).Message, StringComparison.Ordinal);
        using var beyond = new TrainingNetwork(graph, [new LossTerm(new MeanSquaredError()) { Target = 4..8 }]);
        Assert.Throws<ShapeException>(() => beyond.Backpropagate(input, target));
        // Elements are verified where they are used, and only there.
        using var heat = new TrainingNetwork(graph, [new LossTerm(new CentreFocal(), 1) { Target = 4.. }]);
        using var hot = new Tensor(new Shape(3, 6), [.. Enumerable.Repeat(9f, 4), 0, 0, .. Enumerable.Repeat(9f, 4), 1, 0, .. Enumerable.Repeat(9f, 4), 0, 1.5f]);
        Assert.Contains("is 1.5; heat is", Assert.Throws<ArgumentException>(() => heat.Backpropagate(input, hot)).Message, StringComparison.Ordinal);
        hot.Span[^1] = 1;
        Assert.True(float.IsFinite(heat.Backpropagate(input, hot)));
    }

    private static Graph TwoEnds()
    {
        var builder = new GraphBuilder(3);
        var x = builder.Start(Batch, "x").Linear(7, name: "front").Relu();
        return builder.Build(x.Linear(4, name: "a"), x.Linear(2, name: "b"));
    }

    private static (float Loss, float[][] Gradients) Alone(Graph graph, LossTerm term, Tensor input, Tensor target)
    {
        using var training = new TrainingNetwork(graph, [term]);
        float loss = training.Backpropagate(input, target);
        return (loss, [.. training.Parameters.Select(parameter => parameter.Gradient.ToArray())]);
    }
}
