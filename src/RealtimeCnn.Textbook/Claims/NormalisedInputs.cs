using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 21: a network learns faster from normalised inputs.</summary>
/// <remarks>Source: LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", section 4.3.</remarks>
internal sealed class NormalisedInputs() : Claim(
    "normalised-inputs",
    "Normalised inputs train faster",
    "What all pictures have in common, their mean, is the steepest direction of the loss. The rate must be small for its sake, and what tells pictures apart is learned slowly. With mean 0 and deviation 1 the same network learns in a fraction of the steps, even against the best rate of each.",
    "0 to 1: x / 255        −1 to 1: x / 127.5 − 1        standardised: (x − μ) / σ")
{
    private const int Side = 12;
    private const int Samples = 240;
    private const int Epochs = 6;
    private const int Compared = 40;
    private static readonly Augmentation Chance = new() { Rotation = 15, Scale = 0.1f, Shift = 0.08f, Noise = 1, NoiseLevel = 20 };
    private static readonly double[] Rates = [.. Enumerable.Range(0, 5).Select(power => 0.02 * Math.Pow(2, power))];

    internal override void Run(Experiment e)
    {
        TensorSet data = Faint(e, Samples), test = Faint(e, Samples / 2);
        Kind[] kinds = [new("0 to 1", new InputStatistics([0], [1 / 255f])), new("−1 to 1", InputStatistics.Range(1)), new("standardised", InputStatistics.Standardised(data))];
        double[] stretch = [.. kinds.Select(kind => Stretch(e, data, kind.Statistics))];
        e.AtLeast("largest eigenvalue of the inputs against the second, from 0 to 1", stretch[0], 20);
        e.AtMost("  standardised", stretch[2], 5);

        int seed = e.Random.Next();
        Best[] best = [.. kinds.Select(kind => Rates.Select(rate => Learn(e, data, kind, (float)rate, seed)).MinBy(run => run.Losses[^1])!)];
        e.AtMost($"loss after {Epochs} epochs at the best rate: standardised, of 0 to 1", best[2].Losses[^1] / best[0].Losses[^1], 0.5);
        e.AtMost("  standardised, of −1 to 1", best[2].Losses[^1] / best[1].Losses[^1], 0.7);
        int faster = best[2].Losses.TakeWhile(loss => loss > best[0].Losses[^1]).Count() + 1;
        e.AtMost($"epochs until standardised inputs have the loss that those from 0 to 1 have after {Epochs}", faster, Epochs / 2);
        double[] right = [.. best.Zip(kinds).Select(pair => e.Accuracy(pair.First.Graph, test, pair.Second.Statistics))];
        e.AtLeast("new pictures named right, standardised", right[2], 0.8);
        e.AtLeast("  more than from 0 to 1, by", right[2] - right[0], 0.1);

        var shown = DrawnData.First(e, data, 10);
        e.Page.Add([.. Enumerable.Range(0, 10).Select(n => (Panel)(Raster.Picture("", shown, item: n) with { Zoom = 6 }))]);
        e.Page.Add(
            new LinePlot("training, each at its best rate", 500, 240, "epoch", "loss", [.. kinds.Zip(best).Select((pair, i) =>
                new Curve($"{pair.First.Name} ({Experiment.Number(pair.Second.Rate)})", [.. pair.Second.Losses.Select((loss, epoch) => (epoch + 1.0, Math.Min(loss, 10)))], Palette.Series[i]))]) { LogY = true },
            new BarChart("new pictures named right", 360, [.. kinds.Zip(right).Select((pair, i) => new Bar(pair.First.Name, pair.Second, $"{100 * pair.Second:0} %", Palette.Series[i]))]));
    }

    // Bright paper, pale ink: most of each number is the same in all pictures.
    private static TensorSet Faint(Experiment e, int count)
    {
        var drawn = DrawnData.Letters(e, "0123456789", count, Side, Chance);
        Tensor samples = e.Own(new Tensor(new Shape(count, 1, Side, Side))), labels = e.Own(new Tensor(new Shape(count)));
        for (int n = 0; n < count; n++)
            drawn.Read(n, samples.Span.Slice(n * Side * Side, Side * Side), labels.Span.Slice(n, 1));
        foreach (ref float pixel in samples.Span)
            pixel = 230 - (0.35f * pixel);
        return new TensorSet(samples, labels, drawn.Classes);
    }

    private static Best Learn(Experiment e, TensorSet data, Kind kind, float rate, int seed)
    {
        var builder = new GraphBuilder(seed);
        var graph = e.Own(builder.Build(builder.Start(new Shape(1, 1, Side, Side)).Conv2d(8, 3, padding: 1).Relu().MaxPool2d(2).Flatten().Linear(10)));
        var result = e.Train(graph, data, new TrainerOptions { Epochs = Epochs, BatchSize = 16, Rule = new Sgd { Rate = rate }, Statistics = kind.Statistics });
        return new Best(rate, graph, result.End == TrainingEnd.Complete ? [.. result.Epochs.Select(epoch => epoch.Loss)] : [double.PositiveInfinity]);
    }

    // The two largest eigenvalues of Σ x·x', those of the products of the samples with each other.
    private static double Stretch(Experiment e, TensorSet data, InputStatistics statistics)
    {
        using var loader = new BatchLoader(data, new BatchOptions { Size = Compared, IsShuffled = false, Statistics = statistics });
        double[] values = SymmetricMatrix.SingularValues(Compared, loader.Epoch(0).First().Samples.Span);
        return Numbers.Square(values[0] / values[1]);
    }

    private sealed record Kind(string Name, InputStatistics Statistics);

    private sealed record Best(float Rate, Graph Graph, double[] Losses);
}
