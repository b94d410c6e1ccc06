using System.Globalization;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 17: what one training step does to a 3×3 kernel, number by number.</summary>
/// <remarks>Source: Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating errors"; Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.5.</remarks>
internal sealed class OneStep() : Claim(
    "one-step",
    "One step of training, number by number",
    "Each weight of a kernel has met every place of the picture. Its gradient is the sum, over all places, of the error there times the pixel that the weight met; the step subtracts a share of it. Repeated, random numbers become an edge filter.",
    "g[m,n] = Σ e[i,j] · x[i+m, j+n]        w ← w − rate · g        e = 2 · (y − t) / n")
{
    private const int Side = 10;
    private const int Places = (Side - 2) * (Side - 2);
    private const float Rate = 0.25f;
    private const int Steps = 200;
    private static readonly float[] Sobel = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

    internal override void Run(Experiment e)
    {
        var x = e.Noise(new Shape(1, 1, Side, Side));
        var kernel = e.Noise(new Shape(1, 1, 3, 3));
        var graph = e.Chain(x.Shape, (new Conv2d(1, 1, 3) { HasBias = false }, [kernel]));
        var target = e.Own(Numbers.CrossCorrelate(x, e.Tensor(kernel.Shape, Sobel)));
        var y = e.Run(graph, x);
        var error = e.Picture(1, Side - 2, Side - 2, (_, i, j) => 2 * (y[0, 0, i, j] - target[0, 0, i, j]) / Places);
        var byHand = e.Own(Numbers.CrossCorrelate(x, error));
        var stepped = e.Picture(1, 3, 3, (_, m, n) => kernel[0, 0, m, n] - (Rate * byHand[0, 0, m, n]));

        var network = e.Trainable(graph, new MeanSquaredError());
        var optimizer = new Optimizer(network.Parameters, new Sgd { Rate = Rate });
        double before = Loss(y, target);
        e.Near("the loss that training reports against the mean of (y − t)²", network.Backpropagate(x, target), before, 1e-5 * before);
        var gradient = e.Own(network.Gradient(network.Parameters[0].Name));
        e.AtMost("gradient against the sum over all places", Numbers.RelativeError(gradient, byHand), 1e-5);
        e.AtMost("gradient against the loss's own slopes, on the path", Numbers.RelativeError(gradient, Slopes(e, x, target, kernel)), 1e-3);
        optimizer.Step();
        var after = e.Tensor(kernel.Shape, graph.Parameters[0].Values);
        e.AtMost("the new weights against w − rate · g", Numbers.RelativeError(after, stepped), 1e-6);
        double first = Loss(e.Run(graph, x), target);
        e.AtMost("loss after the step, of that before", first / before, 0.95);

        (double, double)[] losses = [(0, before), (1, first), .. Enumerable.Range(2, Steps - 1).Select(step => ((double)step, Next(network, optimizer, x, target)))];
        var last = e.Tensor(kernel.Shape, graph.Parameters[0].Values);
        e.AtMost($"kernel after {Steps} steps against the one that drew the target", Numbers.RelativeError(last, e.Tensor(kernel.Shape, Sobel)), 0.02);
        e.AtMost($"its answer against the target, relative", Numbers.RelativeError(e.Run(graph, x), target), 0.02);
        e.Page.Add(
            Raster.Signed("pixels x", x) with { Zoom = 14 }, Raster.Signed("errors e", error) with { Zoom = 14 },
            Written("w before", kernel), Written($"{Experiment.Number(Rate)} · g", e.Picture(1, 3, 3, (_, m, n) => Rate * gradient[0, 0, m, n])), Written("w after", after), Written($"w after {Steps}", last));
        e.Page.Add(new LinePlot("loss, step by step", 640, 210, "step", "loss", [new Curve("loss", losses, Palette.Blue)]) { LogY = true });
    }

    // The loss before a step; the step follows.
    private static double Next(TrainingNetwork network, Optimizer optimizer, Tensor x, Tensor target)
    {
        double loss = network.Backpropagate(x, target);
        optimizer.Step();
        return Math.Max(loss, 1e-12);
    }

    // (L(w + h) − L(w − h)) / 2h for each weight: exact, since the loss is a parabola.
    private static Tensor Slopes(Experiment e, Tensor x, Tensor target, Tensor kernel)
    {
        const float Reach = 0.5f;
        return e.Picture(1, 3, 3, (_, m, n) =>
        {
            double above = Moved(Reach), below = Moved(-Reach);
            return (float)((above - below) / (2 * Reach));

            double Moved(float by)
            {
                var moved = e.Own(kernel.Clone());
                moved[0, 0, m, n] += by;
                return Loss(e.Run(new Conv2d(1, 1, 3) { HasBias = false }, x, moved), target);
            }
        });
    }

    private static double Loss(Tensor y, Tensor target) => y.Span.ToArray().Zip(target.Span.ToArray(), (a, b) => Numbers.Square((double)a - b)).Average();

    private static Raster Written(string caption, Tensor x) => Raster.Signed(caption, x, range: 2) with
    {
        Zoom = 36, Gridded = true, Label = (row, column) => x[0, 0, row, column].ToString("0.00", CultureInfo.InvariantCulture),
    };
}
