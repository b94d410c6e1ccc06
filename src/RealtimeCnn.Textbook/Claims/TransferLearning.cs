using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 29: a network that has learned something else needs a tenth of the examples.</summary>
/// <remarks>Source: Yosinski et al. 2014, "How transferable are features in deep neural networks?", arXiv:1411.1792; Donahue et al. 2013, "DeCAF", arXiv:1310.1531.</remarks>
internal sealed class TransferLearning() : Claim(
    "transfer-learning",
    "Who knows strokes needs a tenth of the examples",
    "Filters for strokes serve whatever is made of strokes. A network that has learned to tell hatchings apart, its front frozen and only the last layer trained anew, learns cross-hatchings that it never saw: from a tenth of the pictures it is nearly as good as one from scratch.",
    "front: learned from many hatchings, frozen        end: W · f(x) + b, learned from few cross-hatchings")
{
    private const int Side = 16;
    private const int Angles = 8;
    private const int Few = 12;
    private const int Steps = 160;
    private const int Batch = 12;
    private static readonly string[] Known = [.. Enumerable.Range(0, Angles).Select(angle => $"{180 * angle / Angles}°")];
    private static readonly string[] Front = ["strokes", "norm1", "parts", "norm2"];
    private static readonly (int First, int Second)[] Pairs = [(0, 2), (0, 3), (1, 4), (2, 6), (1, 6), (3, 5)];
    private static readonly int[] Counts = [Few, 3 * Few, 10 * Few];
    private static readonly Augmentation Grain = new() { Noise = 1, NoiseLevel = 100 };

    internal override void Run(Experiment e)
    {
        TensorSet hatched = DrawnData.Pictures(e, Known, 480, Side, (canvas, label) => Hatch(e, canvas, label));
        TensorSet many = Crossed(e, Counts[^1]), test = Crossed(e, 300);
        var front = Fresh(e, Known.Length);
        e.Train(front, hatched, new TrainerOptions { Epochs = 20, BatchSize = 32, Rule = new Adam { Rate = 0.01f }, Schedule = new CosineSchedule(), Augmentation = Grain });
        double[] transferred = [.. Counts.Select(count => Learn(e, many, count, test, front))], scratch = [.. Counts.Select(count => Learn(e, many, count, test, null))];
        double random = Learn(e, many, Few, test, Fresh(e, Known.Length));
        e.AtLeast($"{Few} examples transferred against {10 * Few} from scratch: named right, difference", transferred[0] - scratch[^1], -0.1);
        e.AtLeast($"{Few} examples: transferred, more than from scratch by", transferred[0] - scratch[0], 0.05);
        e.AtLeast("  more than behind a front of random filters by", transferred[0] - random, 0.2);

        Tensor shownKnown = DrawnData.First(e, DrawnData.Varied(e, hatched, Grain), Known.Length), shownNew = DrawnData.First(e, many, Pairs.Length);
        e.Page.Add([.. Enumerable.Range(0, Known.Length).Select(n => (Panel)(Raster.Picture(Known[n], shownKnown, item: n) with { Zoom = 4 }))]);
        e.Page.Add([.. Enumerable.Range(0, Pairs.Length).Select(n => (Panel)(Raster.Picture(many.Classes[n], shownNew, item: n) with { Zoom = 4 }))]);
        e.Page.Add(new LinePlot("new cross-hatchings named right", 640, 260, "examples learned from", "accuracy", [
            new Curve("front learned from hatchings", [.. Counts.Zip(transferred, (count, right) => ((double)count, right))], Palette.Blue),
            new Curve("from scratch", [.. Counts.Zip(scratch, (count, right) => ((double)count, right))], Palette.Orange)]) { LogX = true, YRange = (0, 1.02) });
    }

    private static TensorSet Crossed(Experiment e, int count) => DrawnData.Varied(e, DrawnData.Pictures(e, [.. Pairs.Select(pair => $"{Known[pair.First]} and {Known[pair.Second]}")], count, Side, (canvas, label) =>
    {
        Hatch(e, canvas, Pairs[label].First);
        Hatch(e, canvas, Pairs[label].Second);
    }), Grain);

    // Parallel strokes, gray, anywhere.
    private static void Hatch(Experiment e, CpuCanvas canvas, int angle)
    {
        const float Apart = 5, Half = 14;
        float turned = (float)(Math.PI * angle / Angles), offset = Apart * e.Random.NextSingle(), across = MathF.Sin(turned), along = MathF.Cos(turned);
        for (int k = -3; k <= 3; k++)
        {
            float x = (Side / 2f) - (((k * Apart) + offset) * across), y = (Side / 2f) + (((k * Apart) + offset) * along);
            canvas.Line(x - (Half * along), y - (Half * across), x + (Half * along), y + (Half * across), Color.White.WithOpacity(0.4f), 1.5f);
        }
    }

    private static Graph Fresh(Experiment e, int classes) => e.Model(new Shape(1, 1, Side, Side), x => x
        .Conv2d(12, 5, name: "strokes").BatchNorm2d(name: "norm1").Relu().Conv2d(24, 3, name: "parts").BatchNorm2d(name: "norm2").Relu().Then(new GlobalAveragePool()).Flatten().Linear(classes, name: "end"));

    // Accuracy after learning from so many examples; from few, the mean of two draws. With a front, its weights are taken over and frozen.
    private static double Learn(Experiment e, TensorSet many, int count, TensorSet test, Graph? front) => Enumerable.Range(0, count == Few ? 2 : 1).Average(part =>
    {
        var graph = Fresh(e, Pairs.Length);
        foreach (string name in front == null ? [] : Front)
        {
            for (int i = 0; i < graph[name].Parameters.Count; i++)
                graph[name].Parameters[i].Write(front![name].Parameters[i].Values);
        }

        e.Train(graph, many.Select([.. Enumerable.Range(part * count, count)]), new TrainerOptions
        {
            Epochs = Steps * Batch / count, BatchSize = Batch, Rule = new Adam { Rate = front == null ? 0.01f : 0.03f }, Schedule = new CosineSchedule(), Frozen = front == null ? [] : Front,
        });
        return e.Accuracy(graph, test);
    });
}
