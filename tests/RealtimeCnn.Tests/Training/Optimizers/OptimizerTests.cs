using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Tests.Camera;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training.Optimizers;

/// <summary>What an optimiser does around its rule: rates, groups, clipping, averages. Counts allocations, so nothing else may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public sealed class OptimizerTests : IDisposable
{
    private readonly Graph _graph;
    private readonly TrainingNetwork _network;
    private readonly Tensor _input = new(new Shape(3, 4), [.. Enumerable.Range(0, 12).Select(i => MathF.Sin(i))]);
    private readonly Tensor _target = new(new Shape(3, 5), [.. Enumerable.Range(0, 15).Select(i => MathF.Cos(i))]);

    public OptimizerTests()
    {
        var builder = new GraphBuilder(4);
        _graph = builder.Build(builder.Start(new Shape(3, 4)).Linear(5, name: "linear"));
        _network = new TrainingNetwork(_graph, new WeightedSum(), new TrainingOptions { Threads = 2, Sharing = SharingRule.Finest });
        _graph["linear"].Parameters[1].Write([1, 2, 3, 4, 5]);
    }

    public void Dispose()
    {
        _network.Dispose();
        _graph.Dispose();
        _input.Dispose();
        _target.Dispose();
    }

    [Fact]
    public void Groups_have_a_rate_and_a_decay_of_their_own()
    {
        var optimizer = new Optimizer(_network.Parameters, new Sgd { Rate = 0.5f, WeightDecay = 0.25f },
            new ParameterGroup(parameter => parameter.Name == "linear.weight") { RateFactor = 0.5f }, ParameterGroup.VectorsWithoutDecay) { RateFactor = 0.5 };
        float[] weight = Values(0), bias = Values(1);
        _network.Backpropagate(_input, _target);
        optimizer.Step();
        Assert.Equal(weight.Zip(Gradient(0), (w, g) => w - (0.125f * (g + (0.25f * w)))), Values(0));
        Assert.Equal(bias.Zip(Gradient(1), (w, g) => w - (0.25f * g)), Values(1));
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void A_long_gradient_is_shortened_and_a_short_one_is_not()
    {
        _network.Backpropagate(_input, _target);
        double norm = Math.Sqrt(Gradient(0).Concat(Gradient(1)).Sum(g => (double)g * g));
        var optimizer = new Optimizer(_network.Parameters, new Sgd { Rate = 1 }) { MaxGradientNorm = norm * 1.1 };
        Assert.Equal(norm, optimizer.GradientNorm(), 1e-9);
        float[] before = Values(1);
        optimizer.Step();
        Assert.Equal(before.Zip(Gradient(1), (w, g) => w - g), Values(1));
        optimizer.MaxGradientNorm = norm / 4;
        before = Values(1);
        optimizer.Step();
        Assert.All(before.Zip(Gradient(1), (w, g) => w - (g / 4)).Zip(Values(1)), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Fact]
    public void Clipping_is_that_of_PyTorch()
    {
        double[] expected = RecordedTraining.Numbers(RecordedTraining.Of("optimizers", "sgd, clipped"));
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 1)).Linear(expected.Length, bias: false, name: "linear"));
        using var network = new TrainingNetwork(graph, new WeightedSum());
        using var one = new Tensor(new Shape(1, 1), [1]);
        graph.Parameters[0].Write([.. RecordedTraining.Values(0, expected.Length).Select(value => (float)value)]);
        var optimizer = new Optimizer(network.Parameters, new Sgd { Rate = 0.1f }) { MaxGradientNorm = 0.7 };
        for (int step = 1; step <= 8; step++)
        {
            using var gradient = new Tensor(new Shape(1, expected.Length), [.. RecordedTraining.Values(step, expected.Length).Select(value => (float)value)]);
            network.Backpropagate(one, gradient);
            optimizer.Step();
        }

        Assert.All(expected.Zip(graph.Parameters[0].Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    [Fact]
    public void The_average_follows_fast_at_first_and_can_be_taken_and_given_back()
    {
        var average = new WeightAverage(_graph, 0.15);
        float[] start = Values(1);
        var bias = _graph["linear"].Parameters[1];
        bias.Write([2, 2, 2, 2, 2]);
        average.Update();
        average.Swap();
        Assert.All(start.Zip(Values(1)), pair => Assert.Equal((0.1f * pair.First) + (0.9f * 2), pair.Second, 1e-6f));
        average.Swap();
        Assert.Equal([2, 2, 2, 2, 2], Values(1));
        average.Update();
        average.Swap();
        // min(0.15, 2/11) is the decay that was asked for.
        Assert.All(start.Zip(Values(1)), pair => Assert.Equal((0.15f * ((0.1f * pair.First) + 1.8f)) + (0.85f * 2), pair.Second, 1e-6f));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var optimizer = new Optimizer(_network.Parameters, new AdamW(), ParameterGroup.VectorsWithoutDecay) { MaxGradientNorm = 1 };
        var average = new WeightAverage(_graph, 0.99);
        Step();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 50 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 10; step++)
                Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);

        void Step()
        {
            _network.Backpropagate(_input, _target);
            optimizer.Step();
            average.Update();
        }
    }

    private float[] Values(int parameter) => _network.Parameters[parameter].Parameter.Values.ToArray();

    private float[] Gradient(int parameter) => _network.Parameters[parameter].Gradient.ToArray();
}
