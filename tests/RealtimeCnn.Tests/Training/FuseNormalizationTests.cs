using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Batch normalisation with its activation as one step of training, beside the two steps by themselves.</summary>
public sealed class FuseNormalizationTests
{
    private const double Tolerance = 2e-6;

    public static TheoryData<string, int, int, int> Cases => new()
    {
        { "relu", 17, 5, 3 }, { "relu6", 33, 4, 9 }, { "relu", 1, 2, 6 }, { "relu6", 16, 21, 4 }, { "clip", 24, 1, 8 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_step_learns_what_two_do(string activation, int channels, int batch, int side)
    {
        using Graph fused = Network(activation, channels, batch, side, keepsApart: false), apart = Network(activation, channels, batch, side, keepsApart: true);
        using var one = new TrainingNetwork(fused, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = 2, InputGradients = ["input"] });
        using var two = new TrainingNetwork(apart, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = 1, InputGradients = ["input"] });
        using Tensor samples = new(fused.InputShapes[0]), labels = new(new Shape(batch));
        var random = new Random(side);
        foreach (ref float value in samples.Span)
            value = (random.NextSingle() * 6) - 1;
        foreach (ref float label in labels.Span)
            label = random.Next(3);
        float first = one.Backpropagate(samples, labels), second = two.Backpropagate(samples, labels);
        Assert.Contains(one.LastPlan.Steps, step => step.Call is { Layer: BatchNorm2d { Activation.Function: not ActivationFunction.None }, Forward: null });
        Assert.DoesNotContain(one.LastPlan.Steps, step => step.Call.Layer is ActivationLayer);
        Assert.Contains(two.LastPlan.Steps, step => step.Call.Layer is ActivationLayer);
        AssertClose([first], [second], "loss");
        foreach (var parameter in one.Parameters)
            AssertClose(Values(one.Gradient(parameter.Name)), Values(two.Gradient(parameter.Name)), parameter.Name);
        AssertClose(Values(one.InputGradient("input")), Values(two.InputGradient("input")), "input");
        foreach (var (parameter, other) in fused.Parameters.Zip(apart.Parameters).Where(pair => pair.First.IsStatistic))
            AssertClose(parameter.Values.ToArray(), other.Values.ToArray(), parameter.Name);
    }

    [Fact]
    public void What_is_frozen_is_not_fused()
    {
        using var graph = Network("relu", 17, 3, 4, keepsApart: false);
        using var network = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Frozen = ["norm"] });
        using Tensor samples = new(graph.InputShapes[0]), labels = new(new Shape(3));
        float[] before = graph["norm"].Parameters[2].Values.ToArray();
        network.Backpropagate(samples, labels);
        Assert.Contains(network.LastPlan.Steps, step => step.Call.Layer is ActivationLayer);
        Assert.Equal(before, graph["norm"].Parameters[2].Values.ToArray());
    }

    /// <summary>A normalisation, an activation, and a convolution that wants a border; where both are kept apart, the sum is an output too.</summary>
    private static Graph Network(string activation, int channels, int batch, int side, bool keepsApart)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = builder.Start(new Shape(batch, 3, side, side)).Conv2d(channels, 3, padding: 1, name: "conv");
        var normalised = x.BatchNorm2d(name: "norm");
        Layer layer = activation switch { "relu" => new Relu(), "relu6" => new Relu6(), _ => new Clip(-0.25f, 0.5f) };
        var y = normalised.Then(layer, "active").DepthwiseConv2d(3, padding: 1, name: "depthwise").GlobalAveragePool().Flatten().Linear(3, name: "logits");
        var graph = keepsApart ? builder.Build(y, normalised) : builder.Build(y);
        var random = new Random(channels);
        foreach (var parameter in graph["norm"].Parameters.Take(2))
        {
            using var edit = parameter.Edit();
            foreach (ref float value in edit.Values)
                value = random.NextSingle() + 0.25f;
        }

        return graph;
    }

    private static float[] Values(Tensor tensor)
    {
        using (tensor)
            return tensor.Span.ToArray();
    }

    private static void AssertClose(float[] got, float[] expected, string what)
    {
        double scale = Math.Max(expected.Max(Math.Abs), 1e-3), error = got.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(error <= Tolerance * scale * Math.Sqrt(expected.Length + 100), $"{what}: {error} where {scale} is the largest.");
    }
}
