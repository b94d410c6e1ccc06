using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 25: dropout and weight decay against overfitting.</summary>
/// <remarks>Source: Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"; Zhang et al. 2016, "Understanding deep learning requires rethinking generalization", arXiv:1611.03530 (wrong labels are learned by heart).</remarks>
internal sealed class Overfitting() : Claim(
    "overfitting",
    "Dropout and decay keep a network from learning by heart",
    "A network with more weights than it has examples learns even their mistakes, here a third of wrong labels, and pays with new pictures. If units drop out at random, or weights decay, what one example alone asks for is not learned, and what many share is.",
    "dropout: each unit is 0 with probability p in training, the others times 1/(1 − p)        decay: w ← (1 − rate · λ) · w − rate · g")
{
    private const int Side = 12;
    private const int Samples = 160;
    private const int NewOnes = 400;
    private const int Epochs = 40;
    private const int Units = 160;
    private static readonly Augmentation Chance = new() { Rotation = 15, Scale = 0.12f, Shift = 0.1f, Noise = 1, NoiseLevel = 60 };

    internal override void Run(Experiment e)
    {
        var test = DrawnData.Letters(e, "0123456789", NewOnes, Side, Chance);
        var clean = DrawnData.Letters(e, "0123456789", Samples, Side, Chance);
        var (data, isWrong) = Mislabel(e, clean);
        Trained none = Train(e, data, test, 0, 0), decay = Train(e, data, test, 0, 0.07f), dropout = Train(e, data, test, 0.6f, 0);
        double heart = ByHeart(e, none, data, isWrong);
        e.AtLeast("weights for each example", none.Graph.ParameterCount / (double)Samples, 50);
        e.AtLeast("wrong labels that were learned by heart: without either", heart, 0.9);
        e.AtMost("  with decay", ByHeart(e, decay, data, isWrong), 0.6);
        e.AtMost("  with dropout", ByHeart(e, dropout, data, isWrong), 0.85);
        e.AtLeast("new pictures named right: with decay, more than without by", decay.Right - none.Right, 0.01);
        e.AtLeast("  with dropout", dropout.Right - none.Right, 0.01);

        Kind[] kinds = [new("neither", none, Palette.Orange), new("decay", decay, Palette.Blue), new("dropout", dropout, Palette.Green)];
        var shown = DrawnData.First(e, data, 10);
        e.Page.Add([.. Enumerable.Range(0, 10).Select(n => (Panel)(Raster.Picture($"{data.Classes[(int)Label(data, n)]}{(isWrong[n] ? " (wrong)" : "")}", shown, item: n) with { Zoom = 5 }))]);
        e.Page.Add(
            Plot("on what is learned from, wrong labels included", kinds, epoch => epoch.Accuracy!.Value),
            Plot("on new pictures", kinds, epoch => epoch.HeldOutAccuracy!.Value));
        e.Page.Add(new BarChart("new pictures named right", 720, [.. kinds.Select(kind => new Bar(kind.Name, kind.Trained.Right, $"{100 * kind.Trained.Right:0} %", kind.Color))]));
    }

    private static Trained Train(Experiment e, TensorSet data, TensorSet test, float dropout, float decay)
    {
        var graph = e.Model(new Shape(1, 1, Side, Side), x => x.Flatten().Dropout(dropout / 3).Linear(Units).Relu().Dropout(dropout).Linear(10));
        var result = e.Train(graph, data, new TrainerOptions { Epochs = Epochs, BatchSize = 20, Rule = new Sgd { Rate = 0.01f, Momentum = 0.9f, WeightDecay = decay } }, test);
        return new Trained(graph, result.Epochs, e.Accuracy(graph, test));
    }

    // Share of the wrong labels that the network repeats.
    private static double ByHeart(Experiment e, Trained trained, TensorSet data, bool[] isWrong) =>
        e.Accuracy(trained.Graph, data.Select([.. Enumerable.Range(0, Samples).Where(n => isWrong[n])]));

    private static (TensorSet Data, bool[] IsWrong) Mislabel(Experiment e, TensorSet clean)
    {
        Tensor samples = e.Own(new Tensor(new Shape(Samples, 1, Side, Side))), labels = e.Own(new Tensor(new Shape(Samples)));
        bool[] isWrong = [.. Enumerable.Range(0, Samples).Select(_ => e.Random.Next(3) == 0)];
        for (int n = 0; n < Samples; n++)
        {
            clean.Read(n, samples.Span.Slice(n * Side * Side, Side * Side), labels.Span.Slice(n, 1));
            labels.Span[n] = isWrong[n] ? (labels.Span[n] + 1 + e.Random.Next(9)) % 10 : labels.Span[n];
        }

        return (new TensorSet(samples, labels, clean.Classes), isWrong);
    }

    private static float Label(TensorSet data, int n)
    {
        float[] label = new float[1];
        data.Read(n, new float[data.SampleShape.Count], label);
        return label[0];
    }

    private static LinePlot Plot(string caption, Kind[] kinds, Func<EpochRecord, double> value) => new(caption, 430, 230, "epoch", "named right", [.. kinds.Select(kind =>
        new Curve(kind.Name, [.. kind.Trained.Epochs.Select(epoch => ((double)epoch.Epoch, value(epoch)))], kind.Color))]) { YRange = (0, 1.02) };

    private sealed record Trained(Graph Graph, IReadOnlyList<EpochRecord> Epochs, double Right);

    private sealed record Kind(string Name, Trained Trained, Color Color);
}
