using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 29: a network that has learned something else needs a tenth of the examples.</summary>
/// <remarks>Source: Yosinski et al. 2014, "How transferable are features in deep neural networks?", arXiv:1411.1792; Donahue et al. 2013, "DeCAF", arXiv:1310.1531.</remarks>
internal sealed class TransferLearning() : Claim(
    "transfer-learning",
    "What was learned of letters, a tenth of the digits will do",
    "Filters for strokes, ends and curves serve whatever is made of strokes. A network that knows letters, its front frozen and only the last layer trained anew, needs a tenth of the digits that one from scratch does for the same accuracy.",
    "front: learned from many letters, frozen        end: w·f(x) + b, learned from few digits")
{
    private const string Known = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const int Side = 14;
    private const int Few = 20;
    private const int Steps = 120;
    private static readonly Augmentation Chance = new() { Rotation = 20, Scale = 0.15f, Shift = 0.1f, Shear = 0.15f, Noise = 1, NoiseLevel = 40 };
    private static readonly int[] Counts = [Few, 2 * Few, 5 * Few, 10 * Few];

    internal override void Run(Experiment e)
    {
        TensorSet letters = DrawnData.Letters(e, Known, 40 * Known.Length, Side, Chance), test = DrawnData.Letters(e, Digits, 400, Side, Chance), many = DrawnData.Letters(e, Digits, Counts[^1], Side, Chance);
        var front = Fresh(e, Known.Length);
        e.Train(front, letters, new TrainerOptions { Epochs = 6, BatchSize = 32, Rule = new Adam { Rate = 0.004f }, Schedule = new CosineSchedule() });
        double[] transferred = [.. Counts.Select(count => Learn(e, many, count, test, front))], scratch = [.. Counts.Select(count => Learn(e, many, count, test, null))];
        e.AtLeast($"{Few} digits, transferred, against {10 * Few} from scratch: named right, difference", transferred[0] - scratch[^1], -0.05);
        e.AtLeast($"{Few} digits: transferred, more than from scratch by", transferred[0] - scratch[0], 0.15);
        e.AtLeast($"{Few} digits, transferred: new ones named right", transferred[0], 0.6);
        e.AtMost($"{Few} digits behind a front of random filters, of those behind a learned one", Learn(e, many, Few, test, Fresh(e, Known.Length)) / transferred[0], 0.85);

        Tensor shownLetters = DrawnData.First(e, letters, 12), shownDigits = DrawnData.First(e, many, Few);
        e.Page.Add([.. Enumerable.Range(0, 12).Select(n => (Panel)(Raster.Picture("", shownLetters, item: n) with { Zoom = 4 }))]);
        e.Page.Add([.. Enumerable.Range(0, 12).Select(n => (Panel)(Raster.Picture("", shownDigits, item: n) with { Zoom = 4 }))]);
        e.Page.Add(new LinePlot("new digits named right", 640, 260, "digits learned from", "accuracy", [
            new Curve("front learned from letters", [.. Counts.Zip(transferred, (count, right) => ((double)count, right))], Palette.Blue),
            new Curve("from scratch", [.. Counts.Zip(scratch, (count, right) => ((double)count, right))], Palette.Orange)]) { YRange = (0, 1.02) });
    }

    private static Graph Fresh(Experiment e, int classes) => e.Model(new Shape(1, 1, Side, Side), x => x
        .Conv2d(10, 3, padding: 1, name: "strokes").Relu().MaxPool2d(2).Conv2d(20, 3, padding: 1, name: "parts").Relu().MaxPool2d(2).Flatten().Linear(48, name: "shapes").Relu().Linear(classes, name: "end"));

    // Accuracy after learning from the first digits; with a front, its weights are taken over and frozen.
    private static double Learn(Experiment e, TensorSet many, int count, TensorSet test, Graph? front)
    {
        string[] kept = front == null ? [] : ["strokes", "parts", "shapes"];
        var graph = Fresh(e, Digits.Length);
        foreach (string name in kept)
        {
            for (int i = 0; i < 2; i++)
                graph[name].Parameters[i].Write(front![name].Parameters[i].Values);
        }

        e.Train(graph, many.Select([.. Enumerable.Range(0, count)]), new TrainerOptions
        {
            Epochs = Math.Max(Steps * 20 / count, 1), BatchSize = 20, Rule = new Adam { Rate = 0.005f }, Frozen = kept,
        });
        return e.Accuracy(graph, test);
    }
}
