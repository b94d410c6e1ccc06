using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 19: the gradient vanishes through a chain of sigmoids, and not through one of ReLUs.</summary>
/// <remarks>Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks"; Glorot, Bordes and Bengio 2011, "Deep Sparse Rectifier Neural Networks".</remarks>
internal sealed class VanishingGradient() : Claim(
    "vanishing-gradient",
    "Sigmoids let the gradient vanish, ReLUs do not",
    "Backward, each sigmoid multiplies by its slope, which is at most 1/4: after ten layers nothing is left for the first. A ReLU's slope is 1 wherever it is on, so that weights of the right size keep the gradient's length.",
    "dL/dx₀ = dL/dy · Π W · f'(x):     σ' = σ · (1 − σ) ≤ 1/4        relu' = 0 or 1")
{
    private const int Depth = 12;
    private const int Width = 48;
    private const int Items = 32;

    internal override void Run(Experiment e)
    {
        var x = e.Picture(new Shape(Items, Width), () => Normal(e.Random));
        var target = e.Picture(new Shape(Items, Width), () => Normal(e.Random));
        double[] sigmoid = Lengths(e, x, target, new Sigmoid(), Initializer.XavierNormal());
        double[] tanh = Lengths(e, x, target, new Tanh(), Initializer.XavierNormal());
        double[] relu = Lengths(e, x, target, new Relu(), Initializer.KaimingNormal());
        e.AtMost("sigmoid: gradient at the first layer, of that at the last", sigmoid[0] / sigmoid[^1], 1e-5);
        e.AtMost("  factor of each layer (slope at most 1/4, weights that keep lengths)", Factor(sigmoid), 0.3);
        e.Near("relu: factor of each layer", Factor(relu), 1, 0.25);
        e.AtLeast("  gradient at the first layer, of that at the last", relu[0] / relu[^1], 0.02);
        e.AtLeast("relu's first layer against sigmoid's, both of their last", relu[0] / relu[^1] / (sigmoid[0] / sigmoid[^1]), 1e4);
        ByHand(e, x, target);

        Curve Curve(string name, double[] lengths, int color) => new(name, [.. lengths.Select((length, layer) => (layer + 1.0, length / lengths[^1]))], Palette.Series[color]);
        e.Page.Add(
            new LinePlot("length of the gradient, of that at the last layer", 520, 260, "layer", "relative length", [Curve("relu", relu, 0), Curve("sigmoid", sigmoid, 1), Curve("tanh", tanh, 2)]) { LogY = true },
            Slopes(e));
    }

    // Length of the gradient of each layer's sums: that of the bias of every sample, so for each layer of its output.
    private static double[] Lengths(Experiment e, Tensor x, Tensor target, Layer activation, Initializer initializer)
    {
        var graph = Stack(e, x.Shape, activation, initializer);
        var network = e.Trainable(graph, new MeanSquaredError());
        network.Backpropagate(x, target);
        return [.. network.Parameters.Where(trained => trained.Parameter.Shape.Rank == 2).Select(trained => Numbers.Length(trained.Gradient))];
    }

    // The chain rule in double, over what the path's layers gave.
    private static void ByHand(Experiment e, Tensor x, Tensor target)
    {
        var graph = Stack(e, x.Shape, new Sigmoid(), Initializer.XavierNormal(), showsAll: true);
        Tensor[] outputs = e.RunAll(graph, x);
        double[] delta = [.. outputs[0].Span.ToArray().Zip(target.Span.ToArray(), (y, t) => 2.0 * (y - t) / target.Shape.Count)];
        double steepest = 0;
        for (int layer = Depth; layer >= 1; layer--)
        {
            var (weight, activation) = (graph.Parameters[2 * layer].Values.ToArray(), outputs[layer].Span.ToArray());
            double[] before = new double[delta.Length];
            for (int i = 0; i < before.Length; i++)
            {
                double sum = 0, slope = activation[i] * (1.0 - activation[i]);
                for (int k = 0; k < Width; k++)
                    sum += weight[(k * Width) + (i % Width)] * delta[(i / Width * Width) + k];
                before[i] = sum * slope;
                steepest = Math.Max(steepest, slope);
            }

            delta = before;
        }

        var network = e.Trainable(graph, new MeanSquaredError());
        network.Backpropagate(x, target);
        float[] bias = [.. Enumerable.Range(0, Width).Select(unit => (float)Enumerable.Range(0, Items).Sum(n => delta[(n * Width) + unit]))];
        e.AtMost("sigmoid: first layer's gradient against the chain rule by hand", Numbers.RelativeError(network.Parameters[1].Gradient, bias), 1e-3);
        e.AtMost("  largest slope on the way", steepest, 0.25);
    }

    // Outputs: the last layer's sums and, if asked for, every activation from the first on.
    private static Graph Stack(Experiment e, Shape input, Layer activation, Initializer initializer, bool showsAll = false)
    {
        var builder = new GraphBuilder(e.Random.Next(), initializer);
        var node = builder.Input("x", input);
        var activations = new List<Node>();
        for (int layer = 0; layer < Depth; layer++)
            activations.Add(node = builder.Add(activation, builder.Add(new Linear(Width, Width), node)));
        node = builder.Add(new Linear(Width, Width), node);
        return e.Own(builder.Build(showsAll ? [node, .. activations] : [node]));
    }

    private static LinePlot Slopes(Experiment e)
    {
        double[] at = [.. Enumerable.Range(-30, 61).Select(i => i / 5.0)];
        return new LinePlot("slope of the activation", 340, 260, "x", "slope", [Slope("relu", new Relu(), 0), Slope("sigmoid", new Sigmoid(), 1), Slope("tanh", new Tanh(), 2)]) { YRange = (0, 1.05) };

        Curve Slope(string name, Layer activation, int color)
        {
            var x = e.Tensor(new Shape(1, at.Length), [.. at.Select(value => (float)value)]);
            var network = e.Trainable(e.Chain(x.Shape, (activation, null)), new MeanAbsoluteError(), "x");
            network.Backpropagate(x, e.Picture(x.Shape, () => -100));
            var slopes = e.Own(network.InputGradient("x"));
            return new Curve(name, [.. at.Zip(slopes.Span.ToArray(), (value, slope) => (value, (double)slope * at.Length))], Palette.Series[color]);
        }
    }

    // Geometric mean of the factors from layer to layer.
    private static double Factor(double[] lengths) => Math.Pow(lengths[0] / lengths[^1], 1.0 / (lengths.Length - 1));

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
