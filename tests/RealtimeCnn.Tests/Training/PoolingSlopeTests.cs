using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>The gradient of pooling times the slope of the activation before it as one step of training, beside the two steps by themselves.</summary>
public sealed class PoolingSlopeTests
{
    private const string Before = "active";

    public static TheoryData<Layer, Layer, int, int, bool> Cases => new()
    {
        { new Tanh(), new AveragePool2d(2) { Stride = 2 }, 6, 28, true }, // pixels in the lanes
        { new Relu(), new MaxPool2d(2) { Stride = 2 }, 3, 21, true }, // a row and a column that no window sees
        { new LeakyRelu(0.1f), new MaxPool2d(2) { Stride = 2 }, 1, 16, true },
        { new Relu(), new MaxPool2d(2) { Stride = 2 }, 17, 9, true }, // channels in the lanes
        { new Sigmoid(), new AveragePool2d(3) { Stride = 3 }, 20, 9, true },
        { new Clip(-0.25f, 0.5f), new MaxPool2d(new Size2d(1, 4)) { Stride = new Size2d(1, 4) }, 16, 8, true },
        { new Relu(), new MaxPool2d(3) { Stride = 2 }, 17, 9, false }, // windows that share elements
        { new Elu(), new AveragePool2d(2) { Stride = 2 }, 6, 28, false }, // a slope that does not follow from the value
        { new Tanh(), new LpPool2d(2) { Stride = 2 }, 5, 8, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_step_gives_the_bits_of_two(Layer activation, Layer pooling, int channels, int side, bool fuses)
    {
        using Graph together = Network(activation, pooling, channels, side, keepsApart: false), apart = Network(activation, pooling, channels, side, keepsApart: true);
        using var one = new TrainingNetwork(together, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = 2, InputGradients = ["input"] });
        using var two = new TrainingNetwork(apart, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = 1, InputGradients = ["input"] });
        using Tensor samples = Noise.Of(together.InputShapes[0], side), labels = new(new Shape(5), [0, 1, 2, 1, 0]);
        Assert.Equal(two.Backpropagate(samples, labels), one.Backpropagate(samples, labels));
        Assert.Equal(fuses, one.LastPlan.Steps.Any(step => step.Call is { Nodes: [{ Name: Before }, _], Forward: not null }));
        Assert.All(two.LastPlan.Steps, step => Assert.Single(step.Call.Nodes));
        foreach (var parameter in one.Parameters)
            Assert.Equal(Values(two.Gradient(parameter.Name)), Values(one.Gradient(parameter.Name)));
        float[] gradient = Values(one.InputGradient("input"));
        Assert.Equal(Values(two.InputGradient("input")), gradient);
        Assert.Contains(gradient, value => value != 0);
    }

    /// <summary>A convolution, an activation and a pooling layer; where both are kept apart, the activation's value is an output too.</summary>
    private static Graph Network(Layer activation, Layer pooling, int channels, int side, bool keepsApart)
    {
        var builder = new GraphBuilder(seed: 4);
        var active = builder.Start(new Shape(5, 2, side + 2, side + 2)).Conv2d(channels, 3, name: "conv").Then(activation, Before);
        var y = active.Then(pooling).Flatten().Linear(3, name: "logits");
        return keepsApart ? builder.Build(y, active) : builder.Build(y);
    }

    private static float[] Values(Tensor tensor)
    {
        using (tensor)
            return tensor.Span.ToArray();
    }
}
