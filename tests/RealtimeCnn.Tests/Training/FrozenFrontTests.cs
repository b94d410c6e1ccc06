using RealtimeCnn.Graphs;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training;

/// <summary>A network that is cut, its front's outputs computed once, and its end trained on them.</summary>
public sealed class FrozenFrontTests : IDisposable
{
    private const int Count = 37, Side = 16;
    private readonly Tensor _samples = new(new Shape(Count, 3, Side, Side)), _labels = new(new Shape(Count));

    public FrozenFrontTests()
    {
        var random = new Random(7);
        foreach (ref float value in _samples.Span)
            value = random.Next(256);
        for (int i = 0; i < Count; i++)
            _labels.Span[i] = i % 3;
    }

    public void Dispose()
    {
        _samples.Dispose();
        _labels.Dispose();
    }

    private TensorSet Data => new(_samples, _labels, ["a", "b", "c"]);

    [Theory]
    [InlineData("block1.bn")]
    [InlineData("block2.add")]
    [InlineData("pool")]
    public void An_end_that_is_trained_on_kept_outputs_is_that_of_a_frozen_front_to_the_bit(string node)
    {
        using Graph one = Network(), other = Network();
        float[][] before = Values(one);
        var front = new FrozenFront(one, node);
        var recipe = new TrainerOptions { Epochs = 2, BatchSize = 8, Rule = new Sgd { Rate = 0.05f, Momentum = 0.9f }, Threads = 2 };
        var kept = front.Apply(Data, threads: 2);
        var result = new Trainer(front.End, kept, recipe, kept).Run();
        var whole = new Trainer(other, Data, recipe with { Frozen = [.. front.Names], Threads = 1 }, Data).Run();
        Assert.Equal(Values(other), Values(one));
        Assert.NotEqual(before, Values(one));
        Assert.Equal(whole.Epochs.Select(epoch => epoch.Loss), result.Epochs.Select(epoch => epoch.Loss));
        Assert.Equal("#5", kept.NameOf(5));
    }

    [Fact]
    public void A_new_end_is_learned_and_the_rest_follows_when_it_is_released()
    {
        using var network = Network();
        using var graph = FrozenFront.NewEnd(network, "block2.add", classes: 3, seed: 4);
        Assert.Equal(new Shape(1, 3), graph.InferShapes()[graph.Outputs[0]]);
        float[][] before = Values(network);
        var front = new FrozenFront(graph, "features");
        var recipe = new TrainerOptions { Epochs = 30, BatchSize = 8, Rule = new Adam { Rate = 0.01f } };
        var first = new Trainer(front.End, front.Apply(Data), recipe).Run();
        Assert.Equal(before, Values(network));
        Assert.True(first.Epochs[^1].Loss < first.Epochs[0].Loss);
        var all = new Trainer(graph, Data, recipe with { Epochs = 1, Rule = new Adam { Rate = 0.001f } }).Run();
        Assert.True(all.Epochs[0].Loss < first.Epochs[0].Loss);
        Assert.NotEqual(before, Values(network));
    }

    [Fact]
    public void What_is_no_cut_or_keeps_too_much_is_refused()
    {
        using var network = Network();
        Assert.Contains("'block2.add' reads 'block1.bn'", Assert.Throws<ArgumentException>(() => new FrozenFront(network, "block2.expand2")).Message, StringComparison.Ordinal);
        Assert.Contains("nodes before and behind", Assert.Throws<ArgumentException>(() => new FrozenFront(network, "logits")).Message, StringComparison.Ordinal);
        Assert.Contains("no node 'x'", Assert.Throws<KeyNotFoundException>(() => new FrozenFront(network, "x")).Message, StringComparison.Ordinal);
        var front = new FrozenFront(network, "block2.add");
        Assert.Contains($"takes {Count * 8 * 64 * 4} bytes", Assert.Throws<DataSetException>(() => front.Apply(Data, mostBytes: 1000)).Message, StringComparison.Ordinal);
    }

    private static float[][] Values(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Values.ToArray())];

    /// <summary>Convolutions with batch normalisation, activations and a residual connection.</summary>
    private static Graph Network()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Start(new Shape(1, 3, Side, Side)).Within("block1").Conv2d(8, 3, stride: 2, padding: 1, bias: false).BatchNorm2d(name: "bn").Within("block2");
        var y = x.PointwiseConv2d(24, name: "expand").Relu6().DepthwiseConv2d(3, padding: 1, name: "expand2").BatchNorm2d().Relu6().PointwiseConv2d(8).BatchNorm2d(name: "bn3");
        x = y.Add(x, name: "add").Within("").GlobalAveragePool(name: "pool").Flatten().Linear(12).Relu().Dropout(0.2f).Linear(3, name: "logits");
        return builder.Build(x);
    }
}
