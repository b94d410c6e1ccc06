using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 27: which invariances training finds with a maximum over places, and which with one over filters.</summary>
/// <remarks>Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.3 and figure 9.9; Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.</remarks>
internal sealed class TrainedInvariance() : Claim(
    "trained-invariance",
    "Shift is learned by pooling, turn and size by maxout",
    "A max pooling network that saw letters in the middle only fails where they moved; shown moved ones, it learns to forgive that. One filter cannot know a shape at every angle or size, however many it is shown. A maximum over learned filters can: each takes its share.",
    "pooling: max over places of (w ⋆ x)        maxout: max over k of (w_k ⋆ x),  w_k learned")
{
    private const int Side = 15;
    private const int Samples = 400;
    private const int Pieces = 8;
    private static readonly double[] Radii = [2.8, 4, 5.2, 6.4];
    private const float Centre = Side / 2f;
    private static readonly Augmentation Moved = new() { Shift = 0.2f, Noise = 1, NoiseLevel = 20 };
    private static readonly Augmentation Still = new() { Noise = 1, NoiseLevel = 20 };

    internal override void Run(Experiment e)
    {
        Shifts(e);
        Learned turned = Learn(e, Hook), sized = Learn(e, Ring);
        Note(e, "turned hooks", turned, 0.7);
        Note(e, "rings of four sizes", sized, 0.85);
        e.Page.Add([.. turned.Shown, .. sized.Shown]);
        e.Page.Add(turned.Filters);
        e.Page.Add(sized.Filters);
        e.Page.Add(Bars("hooks against mirrored ones, at any angle", turned), Bars("rings of four sizes against bows of two", sized));
    }

    private static void Shifts(Experiment e)
    {
        var test = DrawnData.Letters(e, "AFLRX", Samples, Side, Moved);
        double[] right = [.. ((Augmentation[])[Still, Moved]).Select(chance =>
        {
            var graph = e.Model(new Shape(1, 1, Side, Side), x => x.Conv2d(8, 3).Relu().MaxPool2d(2).Conv2d(16, 3).Relu().MaxPool2d(2).Flatten().Linear(5));
            e.Train(graph, DrawnData.Letters(e, "AFLRX", Samples, Side, chance), new TrainerOptions { Epochs = 6, BatchSize = 20, Rule = new Adam { Rate = 0.01f } });
            return e.Accuracy(graph, test);
        })];
        e.AtMost("max pooling: moved letters named right, learned from still ones", right[0], 0.8);
        e.AtLeast("  learned from moved ones", right[1], 0.9);
    }

    // A filter's answer to two bows is a sum, which can set apart all rings and half of the others: 0.75.
    private static void Note(Experiment e, string what, Learned learned, double most)
    {
        e.AtLeast($"{what} told from others: a maximum over {Pieces} filters", learned.Maxout, 0.95);
        e.AtMost("  one filter", learned.Single, most);
        e.AtMost("  the mean over as many filters, which is one", learned.Mean, most);
        e.AtLeast("  filters that are the strongest of their class for some", learned.Winners, 3);
    }

    // A hook, or its mirror image, at any angle: on average over the angles the same picture, so that no single filter tells them apart.
    private static void Hook(Experiment e, CanvasPen pen, int label)
    {
        double angle = 2 * Math.PI * e.Random.NextDouble();
        (double X, double Y) Turned(double x, double y) => ((x * Math.Cos(angle)) - (y * Math.Sin(angle)), (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
        double side = label == 0 ? 1 : -1;
        pen(Turned(0, -5), Turned(0, 5));
        pen(Turned(0, -5), Turned(side * 5, -5));
    }

    // Two bows of one ring, or of two: each bow by itself is as likely in both classes.
    private static void Ring(Experiment e, CanvasPen pen, int label)
    {
        int upper = e.Random.Next(Radii.Length), lower = (upper + (label == 0 ? 0 : 1 + e.Random.Next(Radii.Length - 1))) % Radii.Length;
        for (int part = 2; part < 22; part++)
        {
            double radius = Radii[part < 12 ? lower : upper];
            (double X, double Y) At(int end) => (radius * Math.Cos(end * Math.PI / 12), radius * Math.Sin(end * Math.PI / 12));
            if (part is < 10 or > 13)
                pen(At(part), At(part + 1));
        }
    }

    // One answer for each class from filters as large as the picture.
    private static Learned Learn(Experiment e, Action<Experiment, CanvasPen, int> draw)
    {
        TensorSet data = Data(e, draw), test = Data(e, draw);
        var maxout = Train(e, data, x => x.Conv2d(2 * Pieces, Side, name: "filters").Then(new Maxout(Pieces)).Flatten());
        var single = Train(e, data, x => x.Conv2d(2, Side).Flatten());
        var mean = Train(e, data, x => x.Conv2d(2 * Pieces, Side).Flatten().Then(new Reshape([-1, 2, Pieces])).Then(new Reduce(ReduceFunction.Mean, [2]) { KeepAxes = false }));
        var shown = DrawnData.First(e, test, 8);
        var filters = e.Tensor(new Shape(2 * Pieces, 1, Side, Side), maxout["filters"].Parameters[0].Values);
        int[] winners = Winners(e, maxout, test);
        return new Learned(
            e.Accuracy(maxout, test), e.Accuracy(single, test), e.Accuracy(mean, test), winners.Distinct().Count(),
            [.. Enumerable.Range(0, 4).Select(n => (Panel)(Raster.Picture(n % 2 == 0 ? "one" : "other", shown, item: n) with { Zoom = 5 }))],
            [.. winners.CountBy(winner => winner).OrderByDescending(pair => pair.Value).Take(8).Select(pair =>
                (Panel)(Raster.Signed($"{(pair.Key < Pieces ? "one" : "other")}: {pair.Value}", filters, item: pair.Key) with { Zoom = 5 }))]);
    }

    private static TensorSet Data(Experiment e, Action<Experiment, CanvasPen, int> draw) => DrawnData.Varied(
        e, DrawnData.Pictures(e, ["one", "other"], Samples, Side, (canvas, label) => draw(e, (from, to) => canvas.Line(
            Centre + (float)from.X, Centre + (float)from.Y, Centre + (float)to.X, Centre + (float)to.Y, Color.White, 2), label)), Still);

    private static Graph Train(Experiment e, TensorSet data, Func<SymbolicTensor, SymbolicTensor> layers)
    {
        var graph = e.Model(new Shape(1, 1, Side, Side), layers);
        e.Train(graph, data, new TrainerOptions { Epochs = 16, BatchSize = 20, Rule = new AdamW { Rate = 0.01f, WeightDecay = 0.1f }, Schedule = new CosineSchedule() });
        return graph;
    }

    // For each picture, the filter of its class that answers most.
    private static int[] Winners(Experiment e, Graph graph, TensorSet test)
    {
        var filters = graph["filters"];
        var all = DrawnData.First(e, test, Samples);
        foreach (ref float pixel in all.Span)
            pixel = (2 * pixel) - 1;
        var answers = e.Run(e.Chain(all.Shape, (filters.Layer, [.. filters.Parameters.Select(parameter => e.Tensor(parameter.Shape, parameter.Values))])), all);
        return [.. Enumerable.Range(0, Samples).Select(n => Enumerable.Range(n % 2 * Pieces, Pieces).MaxBy(k => answers[n, k, 0, 0]))];
    }

    private static BarChart Bars(string caption, Learned learned) => new(caption, 430, [
        new Bar("maximum", learned.Maxout, $"{100 * learned.Maxout:0} %", Palette.Blue), new Bar("one filter", learned.Single, $"{100 * learned.Single:0} %", Palette.Orange), new Bar("mean", learned.Mean, $"{100 * learned.Mean:0} %", Palette.Muted)]);

    // Draws a stroke between two points around the middle.
    private delegate void CanvasPen((double X, double Y) from, (double X, double Y) to);

    private sealed record Learned(double Maxout, double Single, double Mean, int Winners, Panel[] Shown, Panel[] Filters);
}
