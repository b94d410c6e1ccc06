using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 18: softmax with cross-entropy has the gradient p − y.</summary>
/// <remarks>Source: Bridle 1990, "Probabilistic Interpretation of Feedforward Classification Network Outputs"; Goodfellow, Bengio and Courville 2016, "Deep Learning", section 6.2.2.</remarks>
internal sealed class SoftmaxGradient() : Claim(
    "softmax-gradient",
    "Softmax with cross-entropy: what comes back is p − y",
    "The exponentials cancel: each class is pushed by its probability minus what it should have been. Who is surely wrong is pushed hardest; with squared errors instead, who is surely wrong learns nothing.",
    "L = −Σ y · ln p:   dL/dx = p − y        squared error of two:   dL/dx = −2 · p · (1 − p)²  → 0 as p → 0")
{
    private const int Items = 24;
    private const int Classes = 5;

    internal override void Run(Experiment e)
    {
        var logits = e.Picture(new Shape(Items, Classes), () => 8 * (e.Random.NextSingle() - 0.5f));
        var labels = e.Picture(new Shape(Items), () => e.Random.Next(Classes));
        var copy = Copy(e, Items, Classes);
        Tensor[] seen = e.RunAll(copy, logits);
        Tensor Against(double smoothing) => e.Picture(seen[1].Shape, (n, k) =>
            (seen[1].At(n, k) - ((1 - smoothing) * (labels.Span[n] == k ? 1 : 0)) - (smoothing / Classes)) / Items);
        var gradient = Pushed(e, copy, new SoftmaxCrossEntropy(), logits, labels);
        e.AtMost("gradient of the logits against (p − y) / N", Numbers.RelativeError(gradient, Against(0)), 1e-5);
        e.AtMost("  with label smoothing 0.2", Numbers.RelativeError(Pushed(e, copy, new SoftmaxCrossEntropy { LabelSmoothing = 0.2f }, logits, labels), Against(0.2)), 1e-5);
        e.AtMost("largest sum of a sample's gradients", Enumerable.Range(0, Items).Max(n => Math.Abs(Enumerable.Range(0, Classes).Sum(k => (double)gradient.At(n, k)))), 1e-6);
        e.Equal("labels that are pulled, others that are pushed, of all", Enumerable.Range(0, Items * Classes).Count(i => (labels.Span[i / Classes] == i % Classes) == (gradient.Span[i] < 0)), Items * Classes);
        var (entropy, squared) = Wrong(e);
        Draw(e, seen[1], labels, gradient, entropy, squared);
    }

    // Two classes, the first right, its logit from −10 to 10 above the other's.
    private static ((double X, double Y)[] Entropy, (double X, double Y)[] Squared) Wrong(Experiment e)
    {
        const int Count = 41;
        double[] leads = [.. Enumerable.Range(0, Count).Select(i => (i - (Count / 2)) / 2.0)];
        var logits = e.Picture(new Shape(Count, 2), (n, k) => k == 0 ? leads[n] : 0);
        Tensor labels = e.Own(new Tensor(new Shape(Count))), wanted = e.Picture(new Shape(Count, 2), (_, k) => 1 - k);
        var copy = Copy(e, Count, 2);
        Tensor entropy = Pushed(e, copy, new SoftmaxCrossEntropy(), logits, labels);
        Tensor squared = Pushed(e, e.Own(Probabilities(e, Count)), new MeanSquaredError(), logits, wanted);
        var probabilities = e.RunAll(copy, logits)[1];
        (double, double)[] Curve(Tensor gradient) => [.. leads.Select((lead, n) => (lead, Math.Abs((double)gradient.At(n, 0)) * Count))];
        e.AtLeast("surely wrong (p below 0.0001): push of cross-entropy", Curve(entropy)[0].Item2, 0.99);
        e.AtMost("  push of the squared error", Curve(squared)[0].Item2, 0.001);
        e.AtMost("push of the squared error against its formula, largest difference", leads.Select((_, n) =>
        {
            double p = probabilities.At(n, 0);
            return Math.Abs(Curve(squared)[n].Item2 - (2 * p * Numbers.Square(1 - p)));
        }).Max(), 1e-5);
        return (Curve(entropy), Curve(squared));
    }

    // Logits that are the input, and their softmax beside them.
    private static Graph Copy(Experiment e, int items, int classes)
    {
        var builder = new GraphBuilder();
        var logits = builder.Add(new Linear(classes, classes) { HasBias = false }, builder.Input("x", new Shape(items, classes)), [Identity(classes)]);
        return e.Own(builder.Build(logits, builder.Add(new Softmax(1), logits)));
    }

    private static Graph Probabilities(Experiment e, int items) => e.Chain(new Shape(items, 2), (new Linear(2, 2) { HasBias = false }, [e.Own(Identity(2))]), (new Softmax(1), null));

    private static Tensor Identity(int extent)
    {
        var identity = new Tensor(new Shape(extent, extent));
        for (int i = 0; i < extent; i++)
            identity.Span[(i * extent) + i] = 1;
        return identity;
    }

    private static Tensor Pushed(Experiment e, Graph graph, Loss loss, Tensor logits, Tensor target)
    {
        var network = e.Trainable(graph, loss, "x");
        network.Backpropagate(logits, target);
        return e.Own(network.InputGradient("x"));
    }

    private static void Draw(Experiment e, Tensor probabilities, Tensor labels, Tensor gradient, (double X, double Y)[] entropy, (double X, double Y)[] squared)
    {
        Tensor Rows(Func<int, int, double> value) => e.Picture(1, Classes, Items, (_, k, n) => (float)value(n, k));
        e.Page.Add(
            Raster.Heat("p: samples from left to right", Rows((n, k) => probabilities.At(n, k)), from: 0, to: 1) with { Zoom = 11 },
            Raster.Heat("y", Rows((n, k) => labels.Span[n] == k ? 1 : 0), from: 0, to: 1) with { Zoom = 11 },
            Raster.Signed("gradient: p − y", Rows((n, k) => gradient.At(n, k) * Items), range: 1) with { Zoom = 11 });
        e.Page.Add(new LinePlot("push on the right class's logit, against how far it is ahead", 720, 240, "logit of the right class minus that of the wrong one", "push", [
            new Curve("softmax with cross-entropy", entropy, Palette.Blue), new Curve("softmax with squared error", squared, Palette.Orange)]));
    }
}
