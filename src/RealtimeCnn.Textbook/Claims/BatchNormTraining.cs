using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 22: what batch normalisation does for training.</summary>
/// <remarks>Source: Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167, sections 3.3 and 4.2.</remarks>
internal sealed class BatchNormTraining() : Claim(
    "batchnorm-training",
    "Normalised by their batch, rates and starts are forgiven",
    "In training each channel is normalised by what the batch has of it: rates far beyond what the plain network bears still learn, and initial weights far too small or too large do too. In use there is no batch: running statistics take its place, and an answer depends on its own picture alone.",
    "training: (x − mean of batch) / deviation of batch        use: (x − μ) / √(σ² + ε),  μ ← μ + m · (mean − μ)")
{
    private const int Side = 12;
    private const int Samples = 240;
    private const int Epochs = 5;
    private const double Learned = 0.6;
    private static readonly Augmentation Chance = new() { Rotation = 15, Scale = 0.1f, Shift = 0.08f, Noise = 1, NoiseLevel = 30 };
    private static readonly float[] Rates = [0.01f, 0.03f, 0.1f, 0.3f, 1, 3, 10];
    private static readonly float[] Scales = [0.1f, 1, 10];

    internal override void Run(Experiment e)
    {
        TensorSet data = DrawnData.Letters(e, "0123456789", Samples, Side, Chance), test = DrawnData.Letters(e, "0123456789", Samples, Side, Chance);
        double[] with = [.. Rates.Select(rate => Accuracy(e, data, test, true, rate))], without = [.. Rates.Select(rate => Accuracy(e, data, test, false, rate))];
        e.AtLeast($"highest rate that learns ({Learned * 100:0} % of new pictures right): with, times without", Highest(with) / Highest(without), 9);
        e.AtLeast($"least accuracy at the rates {Rates[2]}, {Rates[3]} and {Rates[4]}, with", with[2..5].Min(), Learned);
        e.AtMost("  without", without[2..5].Min(), 0.4);
        double[] any = [.. Scales.Select(scale => Accuracy(e, data, test, true, 0.1f, scale))], some = [.. Scales.Select(scale => Accuracy(e, data, test, false, 0.1f, scale))];
        e.AtLeast("initial weights 0.1, 1 and 10 times as large: least accuracy, with", any.Min(), Learned);
        e.AtMost("  without", some.Min(), 0.4);
        Company(e, data);
        Running(e);

        e.Page.Add(
            new LinePlot("new pictures named right, against the rate", 500, 250, "rate", "accuracy", [
                new Curve("with", [.. Rates.Zip(with, (rate, right) => ((double)rate, right))], Palette.Blue), new Curve("without", [.. Rates.Zip(without, (rate, right) => ((double)rate, right))], Palette.Orange)]) { LogX = true, YRange = (0, 1.02) },
            new LinePlot("against the size of the initial weights", 340, 250, "times as large", "accuracy", [
                new Curve("with", [.. Scales.Zip(any, (scale, right) => ((double)scale, right))], Palette.Blue), new Curve("without", [.. Scales.Zip(some, (scale, right) => ((double)scale, right))], Palette.Orange)]) { LogX = true, YRange = (0, 1.02) });
        var shown = DrawnData.First(e, data, 10);
        e.Page.Add([.. Enumerable.Range(0, 10).Select(n => (Panel)(Raster.Picture("", shown, item: n) with { Zoom = 6 }))]);
    }

    private static double Highest(double[] right) => Rates.Zip(right).Where(pair => pair.Second >= Learned).Max(pair => (double?)pair.First) ?? Rates[0];

    private static double Accuracy(Experiment e, TensorSet data, TensorSet test, bool isNormalised, float rate, float scale = 1)
    {
        var graph = Network(e, isNormalised);
        foreach (var weight in graph.Parameters.Where(parameter => parameter.Shape.Rank == 4))
            weight.Write([.. weight.Values.ToArray().Select(value => value * scale)]);
        e.Train(graph, data, new TrainerOptions { Epochs = Epochs, BatchSize = 20, Rule = new Sgd { Rate = rate } });
        return e.Accuracy(graph, test);
    }

    private static Graph Network(Experiment e, bool isNormalised) => e.Model(new Shape(1, 1, Side, Side), x =>
    {
        foreach (int channels in (int[])[8, 12])
            x = Norm(x.Conv2d(channels, 3, padding: 1)).Relu().MaxPool2d(2);
        return Norm(x.Flatten().Linear(10));

        SymbolicTensor Norm(SymbolicTensor sums) => isNormalised ? sums.BatchNorm2d() : sums;
    });

    // The same picture among others, and among others again.
    private static void Company(Experiment e, TensorSet data)
    {
        const int Items = 8;
        var graph = Network(e, isNormalised: true);
        e.Train(graph, data, new TrainerOptions { Epochs = 1, BatchSize = 20, Rule = new Sgd { Rate = 0.1f } });
        var all = DrawnData.First(e, data, (2 * Items) - 1);
        int elements = Side * Side;
        Tensor first = e.Tensor(new Shape(Items, 1, Side, Side), all.Span[..(Items * elements)]);
        Tensor second = e.Tensor(first.Shape, [.. all.Span[..elements], .. all.Span[(Items * elements)..]]);
        Tensor Answer(Tensor batch, RunMode mode) => e.Tensor(new Shape(10), e.Run(e.Bind(graph, mode), batch).Span[..10]);
        e.AtLeast("a picture's answer in other company: change in training, relative", Numbers.RelativeError(Answer(second, RunMode.Training()), Answer(first, RunMode.Training())), 0.02);
        e.AtMost("  change in use", Numbers.RelativeError(Answer(second, RunMode.Inference), Answer(first, RunMode.Inference)), 1e-6);
    }

    // One step of the running statistics, by the formula.
    private static void Running(Experiment e)
    {
        var x = e.Picture(new Shape(16, 1, 4, 4), () => 5 + (3 * e.Random.NextSingle()));
        var graph = e.Chain(x.Shape, (new BatchNorm2d(1), null));
        e.Trainable(graph, new MeanSquaredError()).Backpropagate(x, x);
        double unbiased = Numbers.Square(Numbers.Deviation(x.Span)) * x.Shape.Count / (x.Shape.Count - 1);
        e.Near("running mean after one step, from 0: a tenth of the batch's", graph.Parameters[2].Values[0], 0.1 * Numbers.Mean(x.Span), 1e-5);
        e.Near("running variance, from 1", graph.Parameters[3].Values[0], 0.9 + (0.1 * unbiased), 1e-5);
    }
}
