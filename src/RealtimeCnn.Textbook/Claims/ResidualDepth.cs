using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 23: deep plain networks train worse than shallow ones, residual ones do not.</summary>
/// <remarks>Source: He, Zhang, Ren and Sun 2015, "Deep Residual Learning for Image Recognition", arXiv:1512.03385, figures 1 and 6; the order of layers: "Identity Mappings in Deep Residual Networks", arXiv:1603.05027.</remarks>
internal sealed class ResidualDepth() : Claim(
    "residual-depth",
    "Deep plain networks degrade, residual ones do not",
    "A deeper network could do all that a shallow one does, by layers that change nothing. Plain layers do not find that: with more of them even the training error rises, so it is not overfitting. With a connection around every two layers nothing has to be found, and depth costs nothing.",
    "plain: x ← F(x)        residual: x ← x + F(x)        F = norm, relu, convolution, norm, relu, convolution")
{
    private const int Side = 12;
    private const int Samples = 240;
    private const int Epochs = 6;
    private const int Channels = 8;
    private static readonly Augmentation Chance = new() { Rotation = 15, Scale = 0.1f, Shift = 0.08f, Noise = 1, NoiseLevel = 30 };
    private static readonly int[] Blocks = [2, 8, 20];

    internal override void Run(Experiment e)
    {
        var data = DrawnData.Letters(e, "0123456789", Samples, Side, Chance);
        Trained[] plain = [.. Blocks.Select(blocks => Train(e, data, blocks, isResidual: false))], residual = [.. Blocks.Select(blocks => Train(e, data, blocks, isResidual: true))];
        string deep = $"{2 * Blocks[^1]} layers";
        e.AtLeast($"plain, {deep}: loss on what was learned from, times that of {2 * Blocks[0]}", plain[^1].Loss / plain[0].Loss, 4);
        e.AtMost($"residual, {deep}: the same", residual[^1].Loss / residual[0].Loss, 2.5);
        e.AtLeast($"{deep}: loss of plain, times that of residual", plain[^1].Loss / residual[^1].Loss, 2);
        e.AtLeast($"residual, {deep}: training pictures named right", residual[^1].Right, 0.85);
        e.AtMost($"plain, {deep}: training pictures named right", plain[^1].Right, 0.7);
        e.Equal("weights of plain and residual networks that differ in number", plain.Zip(residual).Count(pair => pair.First.Weights != pair.Second.Weights), 0);

        e.Page.Add(Plot("plain: loss while training", plain), Plot("residual: loss while training", residual));
        e.Page.Add(new BarChart("training pictures named right", 720, [.. Bars("plain", plain, Palette.Orange), .. Bars("residual", residual, Palette.Blue)]));
    }

    private static IEnumerable<Bar> Bars(string kind, Trained[] trained, Color color) =>
        trained.Select((one, i) => new Bar($"{kind}, {2 * Blocks[i]} layers", one.Right, $"{100 * one.Right:0} %", color));

    private static Trained Train(Experiment e, TensorSet data, int blocks, bool isResidual)
    {
        var graph = e.Model(new Shape(1, 1, Side, Side), x =>
        {
            x = x.Conv2d(Channels, 3, stride: 3, bias: false);
            for (int block = 0; block < blocks; block++)
            {
                var change = Convolution(Convolution(x));
                x = isResidual ? x.Add(change) : change;
            }

            return x.BatchNorm2d().Relu().Flatten().Linear(10);
        });
        var result = e.Train(graph, data, new TrainerOptions { Epochs = Epochs, BatchSize = 20, Rule = new Sgd { Rate = 0.02f, Momentum = 0.9f } });
        return new Trained([.. result.Epochs.Select(epoch => epoch.Loss)], e.Accuracy(graph, data), graph.ParameterCount);
    }

    private static SymbolicTensor Convolution(SymbolicTensor x) => x.BatchNorm2d().Relu().Conv2d(Channels, 3, padding: 1, bias: false);

    private static LinePlot Plot(string caption, Trained[] kinds) => new(caption, 430, 240, "epoch", "loss", [.. kinds.Select((trained, i) =>
        new Curve($"{2 * Blocks[i]} layers", [.. trained.Losses.Select((loss, epoch) => (epoch + 1.0, loss))], Palette.Series[i]))]) { YRange = (0, 2.6) };

    private sealed record Trained(double[] Losses, double Right, long Weights)
    {
        public double Loss => Losses[^1];
    }
}
