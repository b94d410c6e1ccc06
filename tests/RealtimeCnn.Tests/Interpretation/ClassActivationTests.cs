using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Interpretation;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Interpretation;

public class ClassActivationTests
{
    [Theory]
    [InlineData("linear")]
    [InlineData("pointwise")]
    [InlineData("none")]
    public void CAM_is_the_maps_times_the_weights_of_the_class_and_adds_up_to_its_score(string end)
    {
        using var graph = Pooled(end);
        using var x = Noise.Of(new Shape(1, 2, 6, 5), 3);
        using var activation = new ClassActivation(graph);
        Assert.Equal(("maps", new Size2d(6, 5), 3, true), (activation.Maps, activation.Size, activation.Classes, activation.HasCam));
        using var network = new CpuNetwork(graph.WithOutputs(graph["maps"], graph["scores"]));
        var outputs = network.Run(x);
        Tensor maps = outputs[1], scores = outputs[2];
        for (int label = 0; label < 3; label++)
        {
            using var heat = activation.Run(x, label, ClassActivationMethod.Cam);
            Assert.Equal(new Shape(1, 1, 6, 5), heat.Shape);
            for (int p = 0; p < 30; p++)
            {
                double expected = 0;
                for (int map = 0; map < maps.Shape.Channels; map++)
                    expected += (end == "none" ? (map == label ? 1 : 0) : graph["scores"].Parameters[0].Values[(label * maps.Shape.Channels) + map]) * (double)maps.Span[(map * 30) + p] / 30;
                Assert.Equal(expected, heat.Span[p], 1e-5);
            }

            double bias = end == "none" ? 0 : graph["scores"].Parameters[1].Values[label];
            Assert.Equal(scores.Span[label] - bias, heat.Span.ToArray().Sum(), 1e-4);
        }
    }

    [Fact]
    public void Grad_CAM_is_CAM_without_what_is_below_0_where_a_network_ends_in_means()
    {
        using var graph = Pooled("linear");
        using var x = Noise.Of(new Shape(1, 2, 6, 5), 4);
        using var activation = new ClassActivation(graph);
        bool isOfBothSigns = false;
        for (int label = 0; label < 3; label++)
        {
            using var cam = activation.Run(x, label, ClassActivationMethod.Cam);
            using var grad = activation.Run(x, label, ClassActivationMethod.GradCam);
            for (int p = 0; p < 30; p++)
            {
                isOfBothSigns |= cam.Span[p] < 0;
                Assert.Equal(Math.Max(cam.Span[p], 0), grad.Span[p], 1e-5);
            }
        }

        Assert.True(isOfBothSigns);
    }

    /// <summary>Pooling, normalisation, dropout and two linear layers behind the maps: means of slopes by central differences, layer for layer as at inference.</summary>
    [Fact]
    public void Grad_CAM_agrees_with_central_differences()
    {
        using var graph = Deep();
        using var x = Noise.Of(new Shape(1, 1, 8, 8), 7);
        using var activation = new ClassActivation(graph);
        Assert.Equal(("maps", new Size2d(6, 6), false), (activation.Maps, activation.Size, activation.HasCam));
        using var front = new CpuNetwork(new Graph(graph.Inputs, [graph["maps"]], []));
        using var end = new CpuNetwork(new Graph(graph.Inputs, [graph["logits"]], []).Behind(graph["maps"]));
        using var maps = front.Run(x)[0].Clone();
        for (int label = 0; label < 4; label++)
        {
            using var heat = activation.Run(x, label, ClassActivationMethod.GradCam);
            double[] weights = new double[maps.Shape.Channels];
            for (int i = 0; i < maps.Shape.Count; i++)
                weights[i / 36] += (ScoreWith(i, 1e-2f) - ScoreWith(i, -1e-2f)) / 2e-2 / 36;
            Assert.Contains(heat.Span.ToArray(), value => value > 0.01);
            for (int p = 0; p < 36; p++)
            {
                double expected = Enumerable.Range(0, weights.Length).Sum(map => weights[map] * maps.Span[(map * 36) + p]);
                Assert.Equal(Math.Max(expected, 0), heat.Span[p], 2e-3);
            }

            double ScoreWith(int element, float change)
            {
                using var other = maps.Clone();
                other.Span[element] += change;
                return end.Run(other)[0].Span[label];
            }
        }
    }

    [Fact]
    public void What_is_no_classifier_with_places_is_refused_and_says_why()
    {
        var builder = new GraphBuilder();
        using var flat = builder.Build(builder.Start(new Shape(1, 1, 4, 4)).Flatten().Linear(3, name: "only"));
        Assert.Contains("no feature maps of more than one place", Assert.Throws<ArgumentException>(() => new ClassActivation(flat)).Message, StringComparison.Ordinal);
        builder = new GraphBuilder();
        using var maps = builder.Build(builder.Start(new Shape(1, 1, 4, 4)).Conv2d(3, 3, name: "conv"));
        Assert.Contains("one number for each class", Assert.Throws<ArgumentException>(() => new ClassActivation(maps)).Message, StringComparison.Ordinal);
        using var deep = Deep();
        using var activation = new ClassActivation(deep);
        using var x = Noise.Of(new Shape(1, 1, 8, 8));
        Assert.Contains("GradCam works for it", Assert.Throws<NotSupportedException>(() => activation.Run(x, 0, ClassActivationMethod.Cam)).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => activation.Run(x, 4, ClassActivationMethod.GradCam)).Message, StringComparison.Ordinal);
    }

    // Means of maps of both signs, and behind them one layer or none, and softmax.
    private static Graph Pooled(string end)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = builder.Input("x", new Shape(1, 2, 6, 5));
        var maps = builder.Add(new Conv2d(2, end == "none" ? 3 : 4, 3) { Padding = 1 }, x, name: "maps");
        var means = builder.Add(new GlobalAveragePool(), maps);
        var scores = end switch
        {
            "linear" => builder.Add(new Linear(4, 3), builder.Add(new Flatten(), means), name: "scores"),
            "pointwise" => builder.Add(new PointwiseConv2d(4, 3), means, name: "scores"),
            _ => builder.Add(new Flatten(), means, name: "scores"),
        };
        return builder.Build(builder.Add(new Softmax(), scores));
    }

    private static Graph Deep()
    {
        var builder = new GraphBuilder(seed: 9);
        var x = builder.Input("x", new Shape(1, 1, 8, 8));
        var maps = builder.Add(new Silu(), builder.Add(new Conv2d(1, 3, 3), x), name: "maps");
        var features = builder.Add(new Flatten(), builder.Add(new Dropout(), builder.Add(new AveragePool2d(2), maps)));
        var hidden = builder.Add(new Silu(), builder.Add(new BatchNorm2d(6), builder.Add(new Linear(27, 6), features)));
        return builder.Build(builder.Add(new Softmax(), builder.Add(new Linear(6, 4), hidden, name: "logits")));
    }
}
