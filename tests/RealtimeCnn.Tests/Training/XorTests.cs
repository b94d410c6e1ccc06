using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>The smallest thing that needs a hidden layer, trained as a user would write it.</summary>
public sealed class XorTests
{
    [Fact]
    public void A_hidden_layer_learns_exclusive_or_by_plain_gradient_descent()
    {
        using var graph = Network();
        using var inputs = new Tensor(new Shape(4, 2), [0, 0, 0, 1, 1, 0, 1, 1]);
        using var labels = new Tensor(new Shape(4), [0, 1, 1, 0]);
        using (var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy()))
        {
            float loss = float.MaxValue;
            for (int step = 0; step < 500; step++)
            {
                loss = training.Backpropagate(inputs, labels);
                foreach (var parameter in training.Parameters)
                {
                    using var edit = parameter.Edit();
                    for (int i = 0; i < edit.Values.Length; i++)
                        edit.Values[i] -= 0.5f * parameter.Gradient[i];
                }
            }

            Assert.InRange(loss, 0, 0.01f);
        }

        using var network = new CpuNetwork(graph);
        var logits = network.Run(inputs)[0].Span;
        for (int n = 0; n < 4; n++)
            Assert.Equal(labels.Span[n] == 1, logits[(2 * n) + 1] > logits[2 * n]);
    }

    [Fact]
    public void Every_bit_is_the_same_on_one_thread_and_on_three()
    {
        var one = Train(threads: 1);
        Assert.Equal(one, Train(threads: 1));
        Assert.Equal(one, Train(threads: 3));
        Assert.True(one[49] < one[0], $"The loss went from {one[0]} to {one[49]}.");
    }

    /// <summary>Losses of fifty steps, then all parameters.</summary>
    private static float[] Train(int threads)
    {
        using var graph = Network();
        using var inputs = new Tensor(new Shape(4, 2), [0, 0, 0, 1, 1, 0, 1, 1]);
        using var labels = new Tensor(new Shape(4), [0, 1, 1, 0]);
        using var training = new TrainingNetwork(graph, new SoftmaxCrossEntropy(), new TrainingOptions { Threads = threads, Sharing = SharingRule.Finest, Seed = 3 });
        var result = new List<float>();
        for (int step = 0; step < 50; step++)
        {
            result.Add(training.Backpropagate(inputs, labels));
            foreach (var parameter in training.Parameters)
            {
                using var edit = parameter.Edit();
                for (int i = 0; i < edit.Values.Length; i++)
                    edit.Values[i] -= 0.5f * parameter.Gradient[i];
            }
        }

        foreach (var parameter in graph.Parameters)
            result.AddRange(parameter.Values);
        return [.. result];
    }

    private static Graph Network()
    {
        var builder = new GraphBuilder(seed: 1);
        return builder.Build(builder.Start(new Shape(4, 2)).Linear(32, name: "hidden").Relu().Dropout(0.1f).Linear(2, name: "logits"));
    }
}
