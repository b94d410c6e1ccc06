using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Losses and their gradients are those of PyTorch; targets that cannot be are refused before the step.</summary>
public sealed class LossTests
{
    private static readonly float[] Weights = [0.5f, 2, 1, 0.25f, 1.5f], Labels = [0, 4, 2, 2, 1, 3];
    private static readonly Shape Logits = new(6, 5), Elements = new(3, 7), Boxes = new(2, 4, 3, 5), Places = new(2, 5, 3, 4);

    private static readonly Dictionary<string, Loss> Losses = new()
    {
        ["cross entropy"] = new SoftmaxCrossEntropy(),
        ["cross entropy, smoothing"] = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f },
        ["cross entropy, weights"] = new SoftmaxCrossEntropy { ClassWeights = Weights },
        ["cross entropy, weights, smoothing"] = new SoftmaxCrossEntropy { ClassWeights = Weights, LabelSmoothing = 0.2f },
        ["cross entropy, ignored"] = new SoftmaxCrossEntropy { IgnoredLabel = 2 },
        ["cross entropy, all"] = new SoftmaxCrossEntropy { ClassWeights = Weights, LabelSmoothing = 0.2f, IgnoredLabel = 2 },
        ["cross entropy, probabilities"] = new SoftmaxCrossEntropy { ClassWeights = Weights, LabelSmoothing = 0.2f, TakesProbabilities = true },
        ["binary cross entropy"] = new BinaryCrossEntropy(),
        ["mse"] = new MeanSquaredError(),
        ["l1"] = new MeanAbsoluteError(),
        ["huber"] = new Huber { Delta = 0.8f },
        ["focal"] = new Focal(),
        ["centre focal"] = new CentreFocal(),
        ["centre focal, alpha 1.5, beta 3"] = new CentreFocal { Alpha = 1.5f, Beta = 3 },
        ["centre focal, no centres"] = new CentreFocal(),
        ["boxes"] = new BoxRegression(),
        ["boxes, beta 0.5"] = new BoxRegression { Beta = 0.5f },
        ["boxes, less than one"] = new BoxRegression(),
        ["places"] = new PlaceClassification(),
    };

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_PyTorch(string name)
    {
        var loss = Losses[name];
        var shape = loss switch
        {
            SoftmaxCrossEntropy => Logits,
            BoxRegression => Boxes,
            PlaceClassification => Places,
            _ => Elements,
        };
        using var graph = Graph(shape);
        using var training = new TrainingNetwork(graph, loss, new TrainingOptions { InputGradients = ["x"] });
        using var x = new Tensor(shape, [.. RecordedTraining.Values(1, shape.Count).Select(value => (float)(3 * value))]);
        using var target = Target(name, loss, shape);
        var recorded = RecordedTraining.Of("losses", name);
        double expected = recorded.GetProperty("loss").GetDouble();
        Assert.Equal(expected, training.Backpropagate(x, target), 2e-6 * Math.Max(1, expected));
        using var gradient = training.InputGradient("x");
        Assert.All(RecordedTraining.Numbers(recorded.GetProperty("gradient")).Zip(gradient.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 5e-7));
    }

    [Fact]
    public void Targets_that_cannot_be_are_refused_by_number()
    {
        Refused("Label 5 of batch item 1", new SoftmaxCrossEntropy(), Logits, 0, 5, 2, 2, 1, 3);
        Refused("Label -1 of batch item 0", new SoftmaxCrossEntropy { IgnoredLabel = -2 }, Logits, -1, -2, 2, 2, 1, 3);
        Refused("Element 1 of the target is 1.5", new BinaryCrossEntropy(), new Shape(2), 0, 1.5f);
        Refused("Element 0 of the target is NaN", new Focal(), new Shape(2), float.NaN, 1);
        Refused("Element 1 of the target is -1", new SoftmaxCrossEntropy { TakesProbabilities = true }, new Shape(1, 2), 0, -1);

        static void Refused(string why, Loss loss, Shape shape, params float[] target)
        {
            using var graph = Graph(shape);
            using var training = new TrainingNetwork(graph, loss);
            using var x = new Tensor(shape);
            using var wrong = new Tensor(loss.TargetShape(shape), target);
            Assert.Contains(why, Assert.Throws<ArgumentException>(() => training.Backpropagate(x, wrong)).Message, StringComparison.Ordinal);
        }
    }

    private static Graph Graph(Shape shape)
    {
        var builder = new GraphBuilder();
        return builder.Build(builder.Add(new Identity(), builder.Input("x", shape), name: "y"));
    }

    /// <summary>The target that the script computed a loss with.</summary>
    private static Tensor Target(string name, Loss loss, Shape x)
    {
        var shape = loss.TargetShape(x);
        int area = shape.Rank > 2 ? shape.Area : 1;
        double[] values = RecordedTraining.Values(2, shape.Count);
        Func<double, int, double> element = (loss, name) switch
        {
            (SoftmaxCrossEntropy { TakesProbabilities: false }, _) => (_, i) => Labels[i],
            (Focal, _) => (value, _) => value > 0 ? 1 : 0,
            (CentreFocal, "centre focal, no centres") => (value, _) => 0.9 * (value + 1) / 2,
            (CentreFocal, _) => (value, _) => (value + 1) / 2 > 0.8 ? 1 : (value + 1) / 2,
            (BoxRegression, _) => (value, channel) => channel > 0 ? 3 * value : Math.Max(value, 0) * (name == "boxes, less than one" ? 0.01 : 1),
            (PlaceClassification, _) => (value, channel) => channel > 0 ? Math.Max(value, 0) : Math.Floor((value + 1) / 2 * x[1]),
            (BinaryCrossEntropy or SoftmaxCrossEntropy, _) => (value, _) => (value + 1) / 2,
            _ => (value, _) => 3 * value,
        };
        return new Tensor(shape, [.. values.Select((value, i) => (float)element(value, i / area % shape[Math.Min(1, shape.Rank - 1)]))]);
    }
}
