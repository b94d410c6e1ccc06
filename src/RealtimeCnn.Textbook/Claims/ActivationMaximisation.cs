using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 30: what units of the first, a middle and the last layer have learned, seen by the pictures that excite them most.</summary>
/// <remarks>
/// Source: Erhan et al. 2009, "Visualizing Higher-Layer Features of a Deep Network"; Simonyan, Vedaldi and Zisserman 2013, "Deep Inside
/// Convolutional Networks", arXiv:1312.6034, section 2 (with decay); Yosinski et al. 2015, arXiv:1506.06579 (with blur).
/// </remarks>
internal sealed class ActivationMaximisation() : Claim(
    "activation-maximisation",
    "First strokes, then parts, then whole digits",
    "Climb from a gray picture up the gradient of one unit, and it shows what it looks for. A unit of the first layer wants its own filter, one of the middle a part some strokes wide, one of the last a whole digit. Each wants no more than it sees.",
    "x ← x + rate · da/dx / ‖da/dx‖, pixels kept in [−1, 1]        first layer: the best x of a length is w / ‖w‖")
{
    private const int Side = 14;
    private const int Samples = 400;
    private const int Steps = 48;
    private const int Shown = 8;
    private static readonly Augmentation Chance = new() { Rotation = 12, Scale = 0.1f, Shift = 0.08f, Noise = 1, NoiseLevel = 30 };

    internal override void Run(Experiment e)
    {
        var data = DrawnData.Letters(e, "0123456789", Samples, Side, Chance);
        var graph = e.Model(new Shape(1, 1, Side, Side), x => x
            .Conv2d(Shown, 3, name: "first").Relu().Conv2d(12, 3, name: "second").Relu().MaxPool2d(2).Conv2d(16, 3, name: "middle").Relu().Flatten().Linear(10, name: "last"));
        e.Train(graph, data, new TrainerOptions { Epochs = 8, BatchSize = 20, Rule = new Adam { Rate = 0.005f }, Schedule = new CosineSchedule() });
        e.AtLeast("digits named right after training", e.Accuracy(graph, data), 0.95);

        Tensor[] first = [.. Enumerable.Range(0, Shown).Select(unit => Climb(e, graph, "first", unit))];
        Tensor[] middle = [.. Enumerable.Range(0, Shown).Select(unit => Climb(e, graph, "middle", unit))];
        Tensor[] last = [.. Enumerable.Range(0, 10).Select(unit => Climb(e, graph, "last", unit))];
        e.AtLeast("first layer: least cosine between a unit's gradient and its filter", Enumerable.Range(0, Shown).Min(unit => Cosine(e, graph, unit)), 0.999);
        e.Equal("sides of what units of the first, middle and last layer touch", $"{first.Max(Reach)}, {middle.Max(Reach)}, {last.Max(Reach)}", $"{Field(graph, "first")}, {Field(graph, "middle")}, {Side}");
        e.AtLeast("middle units: answer to their own picture, times the strongest to any digit, least", Enumerable.Range(0, Shown).Min(unit => Times(e, graph, data, "middle", unit, middle[unit])), 1.2);

        var probabilities = last.Select(picture => Probabilities(e, graph, picture)).ToArray();
        e.Equal("pictures of the last layer's units that the network calls their digit", probabilities.Where((row, digit) => Array.IndexOf(row, row.Max()) == digit).Count(), 10);
        e.AtLeast("  least probability", probabilities.Select((row, digit) => row[digit]).Min(), 0.95);
        e.AtLeast("  that look most like the mean of their own digit, of 10 (chance: 1)", Alike(e, data, last), 6);

        var shown = DrawnData.First(e, data, 10);
        e.Page.Add([.. first.Select((picture, unit) => (Panel)(Raster.Signed($"first, {unit}", Middle(e, picture, Field(graph, "first"))) with { Zoom = 14 }))]);
        e.Page.Add([.. middle.Select((picture, unit) => (Panel)(Raster.Signed($"middle, {unit}", Middle(e, picture, Field(graph, "middle")), range: 1) with { Zoom = 6 }))]);
        e.Page.Add([.. last.Select((picture, digit) => (Panel)(Raster.Signed($"last: {digit}", picture, range: 1) with { Zoom = 5 }))]);
        e.Page.Add([.. Enumerable.Range(0, 10).Select(n => (Panel)(Raster.Picture("", shown, item: n) with { Zoom = 5 }))]);
    }

    // A picture that excites one unit, the middle one of its channel, from gray. The first layer is linear: one step has its direction.
    private static Tensor Climb(Experiment e, Graph graph, string layer, int unit)
    {
        using var climb = new Interpretation.ActivationMaximisation(graph, layer, unit, new() { Steps = layer == "first" ? 1 : Steps, Length = 0.8 });
        climb.Advance(Steps);
        return e.Own(climb.Picture.Clone());
    }

    // The layers up to one, and of its answer the middle unit of a channel.
    private static Graph UpTo(Experiment e, Graph graph, string layer, int unit)
    {
        var shape = graph.InferShapes()[graph[layer]];
        AxisRange[] ranges = [new AxisRange(1, unit, unit + 1), .. Enumerable.Range(2, shape.Rank - 2).Select(axis => new AxisRange(axis, shape[axis] / 2, (shape[axis] / 2) + 1))];
        return e.Chain(graph.InputShapes[0], [.. e.LayersUpTo(graph, layer), (new Slice(ranges), null)]);
    }

    private static double Cosine(Experiment e, Graph graph, int unit)
    {
        var part = UpTo(e, graph, "first", unit);
        var network = e.Trainable(part, new MeanAbsoluteError(), "x");
        network.Backpropagate(e.Own(new Tensor(new Shape(1, 1, Side, Side))), e.Picture(new Shape(1, 1, 1, 1), () => 1e6f));
        var seen = Middle(e, e.Own(network.InputGradient("x")), 3);
        var filter = graph["first"].Parameters[0].Values.Slice(unit * 9, 9).ToArray();
        return -Numbers.Cosine(seen.Span, filter);
    }

    // A unit's answer to its picture against the strongest that any training picture gets at that place.
    private static double Times(Experiment e, Graph graph, TensorSet data, string layer, int unit, Tensor picture)
    {
        var network = e.Bind(UpTo(e, graph, layer, unit));
        var all = DrawnData.First(e, data, Samples);
        foreach (ref float pixel in all.Span)
            pixel = (2 * pixel) - 1;
        double strongest = e.Run(network, all).Span.ToArray().Max();
        return e.Run(network, picture).Span[0] / Math.Max(strongest, 1e-6);
    }

    private static double[] Probabilities(Experiment e, Graph graph, Tensor picture)
    {
        double[] logits = [.. e.Run(graph, picture).Span.ToArray().Select(value => (double)value)];
        double sum = logits.Sum(value => Math.Exp(value - logits.Max()));
        return [.. logits.Select(value => Math.Exp(value - logits.Max()) / sum)];
    }

    // Pictures whose correlation with the mean picture of their own digit is larger than with any other's.
    private static int Alike(Experiment e, TensorSet data, Tensor[] pictures)
    {
        var all = DrawnData.First(e, data, Samples);
        float[][] means = [.. Enumerable.Range(0, 10).Select(digit => Enumerable.Range(0, Side * Side).Select(i =>
            Enumerable.Range(0, Samples / 10).Average(n => all.Span[(((n * 10) + digit) * Side * Side) + i])).ToArray())];
        float[] common = [.. Enumerable.Range(0, Side * Side).Select(i => means.Average(mean => mean[i]))];
        return pictures.Where((picture, digit) =>
        {
            double[] alike = [.. means.Select(mean => Numbers.Cosine(picture.Span, [.. mean.Zip(common, (own, every) => own - every)]))];
            return Array.IndexOf(alike, alike.Max()) == digit;
        }).Count();
    }

    private static int Field(Graph graph, string layer) => graph.ReceptiveField(graph[layer]).Height;

    // Side of the square that holds all that is no longer gray.
    private static int Reach(Tensor x)
    {
        int[] touched = [.. Enumerable.Range(0, Side * Side).Where(i => x.Span[i] != 0)];
        return touched.Length == 0 ? 0 : Math.Max(touched.Max(i => i / Side) - touched.Min(i => i / Side), touched.Max(i => i % Side) - touched.Min(i => i % Side)) + 1;
    }

    // The part of the picture that the middle unit of a layer sees.
    private static Tensor Middle(Experiment e, Tensor x, int side)
    {
        int[] touched = [.. Enumerable.Range(0, Side * Side).Where(i => x.Span[i] != 0)];
        int top = touched.Length == 0 ? 0 : Math.Min(touched.Min(i => i / Side), Side - side), left = touched.Length == 0 ? 0 : Math.Min(touched.Min(i => i % Side), Side - side);
        return Shift.Crop(e, x, top, left, side, side);
    }
}
