using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 24: what weight decay does, and what it does in front of a batch normalisation.</summary>
/// <remarks>
/// Source: Krogh and Hertz 1991, "A Simple Weight Decay Can Improve Generalization"; van Laarhoven 2017, "L2 Regularization versus Batch
/// and Weight Normalization", arXiv:1706.05350; Soudry et al. 2018, arXiv:1710.10345 (weights of a separable problem grow without end).
/// </remarks>
internal sealed class WeightDecay() : Claim(
    "weight-decay",
    "Without decay weights grow; before a norm, decay is a rate",
    "Once all is named right, larger weights still lower the loss, and they grow without end; decay holds them. In front of a batch normalisation their size means nothing: there they grow because each step is at right angles to them, the effective rate falls, and decay does exactly what a rising rate does.",
    "norm behind w:  w · g = 0,  ‖w‖² grows by rate² · ‖g‖²        decay λ = rates growing as (1 − rate · λ)^−(2t + 1)")
{
    private const int Items = 48;
    private const int Features = 12;
    private const int Steps = 600;
    private const int NormedSteps = 240;
    private const float Rate = 0.2f;
    private const float Decay = 0.05f;
    private const float StartScale = 0.2f;

    internal override void Run(Experiment e)
    {
        // Two classes, apart by a margin along some direction.
        float[] direction = [.. Enumerable.Range(0, Features).Select(_ => (e.Random.NextSingle() * 2) - 1)];
        var labels = e.Picture(new Shape(Items), (n, _) => n % 2);
        var x = e.Noise(new Shape(Items, Features));
        for (int i = 0; i < x.Shape.Count; i++)
            x.Span[i] += direction[i % Features] * (labels.Span[i / Features] == 0 ? -1 : 1);
        (double X, double Y)[] free = Lengths(e, x, labels, 0), held = Lengths(e, x, labels, Decay);
        e.AtLeast($"plain weights without decay: length after {Steps} steps, of that half way", free[^1].Y / free[Steps / 2].Y, 1.05);
        e.Near("  with decay", held[^1].Y / held[Steps / 2].Y, 1, 0.01);
        e.AtLeast("length without, times that with", free[^1].Y / held[^1].Y, 2);

        var (grown, decayed, scheduled) = Normed(e, x, labels);
        e.Page.Add(
            new LinePlot("plain: length of the weights", 430, 240, "step", "length", [new Curve("no decay", free, Palette.Orange), new Curve("decay", held, Palette.Blue)]),
            new LinePlot("before a norm: length of the weights", 430, 240, "step", "length", [
                new Curve("no decay", grown, Palette.Orange), new Curve("decay", decayed, Palette.Blue), new Curve("rising rate", scheduled, Palette.Green)]) { LogY = true });
    }

    private static (double X, double Y)[] Lengths(Experiment e, Tensor x, Tensor labels, float decay)
    {
        var graph = e.Model(x.Shape, input => input.Linear(2, bias: false));
        var network = e.Trainable(graph);
        var optimizer = new Optimizer(network.Parameters, new Sgd { Rate = Rate, WeightDecay = decay });
        var lengths = new List<(double, double)>();
        for (int step = 0; step <= Steps; step++)
        {
            lengths.Add((step, Numbers.Length(graph.Parameters[0].Values)));
            network.Backpropagate(x, labels);
            optimizer.Step();
        }

        return [.. lengths];
    }

    // Three trainings from one start: without decay, with it, and with the rates that decay amounts to.
    private static ((double X, double Y)[] Grown, (double X, double Y)[] Decayed, (double X, double Y)[] Scheduled) Normed(Experiment e, Tensor x, Tensor labels)
    {
        int seed = e.Random.Next();
        const double Shrink = 1 - (Rate * Decay);
        Graph plain = Start(e, x, seed), decayed = Start(e, x, seed), scheduled = Start(e, x, seed);
        double angle = 0, predicted = Numbers.Square(Numbers.Length(Weight(plain)));
        var grown = Walk(e, plain, x, labels, 0, _ => 1, gradient =>
        {
            angle = Math.Max(angle, Math.Abs(Numbers.Cosine(Weight(plain), gradient)));
            predicted += Rate * Rate * Numbers.Square(Numbers.Length(gradient));
        });
        var withDecay = Walk(e, decayed, x, labels, Decay, _ => 1);
        var withRate = Walk(e, scheduled, x, labels, 0, step => Math.Pow(Shrink, -((2 * step) + 1)));
        e.AtMost("before a norm: largest cosine between weights and their gradient", angle, 1e-4);
        e.Near("  length² after training against the start's plus rate² · |g|² of every step", Numbers.Square(grown[^1].Y) / predicted, 1, 1e-3);
        e.AtLeast("  length without decay, of that at the start", grown[^1].Y / grown[0].Y, 1.05);
        e.AtMost("gradient of weights twice as large, of half the gradient: relative difference", Halved(e, plain, x, labels), 1e-4);
        e.AtMost("answers after training: decay against the rising rate, relative difference", Numbers.RelativeError(Answers(scheduled), Answers(decayed)), 1e-3);
        e.AtLeast("  decay against neither", Numbers.RelativeError(Answers(plain), Answers(decayed)), 0.02);
        e.AtMost("directions of the weights: decay against the rising rate, 1 − cosine", 1 - Numbers.Cosine(Weight(decayed), Weight(scheduled)), 1e-6);
        return (grown, withDecay, withRate);

        // With the statistics of these samples: the running ones remember how long the weights have been.
        Tensor Answers(Graph graph) => e.Run(e.Bind(graph, RunMode.Training()), x);
    }

    private static Graph Start(Experiment e, Tensor x, int seed)
    {
        var builder = new GraphBuilder(seed);
        var graph = e.Own(builder.Build(builder.Start(x.Shape).Linear(8, bias: false).BatchNorm2d(epsilon: 1e-9f).Then(new Tanh()).Linear(2)));
        graph.Parameters[0].Write([.. Weight(graph).Select(value => value * StartScale)]);
        return graph;
    }

    // The weights before the norm at their own rate and decay, everything else at a fixed rate without.
    private static (double X, double Y)[] Walk(Experiment e, Graph graph, Tensor x, Tensor labels, float decay, Func<int, double> factor, Action<float[]>? see = null)
    {
        var network = e.Trainable(graph);
        Optimizer normed = new([network.Parameters[0]], new Sgd { Rate = Rate, WeightDecay = decay }), rest = new([.. network.Parameters.Skip(1)], new Sgd { Rate = Rate });
        var lengths = new List<(double, double)> { (0, Numbers.Length(Weight(graph))) };
        for (int step = 0; step < NormedSteps; step++)
        {
            network.Backpropagate(x, labels);
            using var gradient = network.Gradient(network.Parameters[0].Name);
            see?.Invoke(gradient.Span.ToArray());
            normed.RateFactor = factor(step);
            normed.Step();
            rest.Step();
            lengths.Add((step + 1, Numbers.Length(Weight(graph))));
        }

        return [.. lengths];
    }

    private static double Halved(Experiment e, Graph graph, Tensor x, Tensor labels)
    {
        var network = e.Trainable(graph);
        network.Backpropagate(x, labels);
        float[] half = [.. network.Parameters[0].Gradient.ToArray().Select(value => value / 2)];
        graph.Parameters[0].Write([.. Weight(graph).Select(value => value * 2)]);
        network.Backpropagate(x, labels);
        double difference = Numbers.RelativeError(network.Parameters[0].Gradient, half);
        graph.Parameters[0].Write([.. Weight(graph).Select(value => value / 2)]);
        return difference;
    }

    private static float[] Weight(Graph graph) => graph.Parameters[0].Values.ToArray();
}
