using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 28: generalised-mean pooling learns its exponent.</summary>
/// <remarks>Source: Radenović, Tolias and Chum 2018, "Fine-tuning CNN Image Retrieval with No Human Annotation", arXiv:1711.02512, section 3.2.</remarks>
internal sealed class GemExponent() : Claim(
    "gem-exponent",
    "GeM learns its p",
    "Between average and maximum lies an exponent, and it has a gradient: training moves it to where the task is. Whoever must see a small bright thing goes towards the maximum, whoever must judge the light of the whole picture goes to the average.",
    "y = (Σ xᵢᵖ / n)^(1/p)        dy/dp = y/p² · (p · Σ xᵢᵖ·ln xᵢ / Σ xᵢᵖ − ln(Σ xᵢᵖ / n))")
{
    private const int Side = 8;
    private const int Pictures = 64;
    private const int Steps = 240;

    internal override void Run(Experiment e)
    {
        var x = e.Picture(new Shape(Pictures, 1, Side, Side), () => 0.05f + (0.95f * e.Random.NextSingle()));
        AgainstFormula(e, x);
        float[] teachers = [1.5f, 6, 12];
        Curve[] paths = [.. teachers.Select((p, i) => Follow(e, x, p, Palette.Series[i]))];
        foreach (var (p, path) in teachers.Zip(paths))
            e.Near($"learned from answers of p = {Experiment.Number(p)}, starting at 3", path.Points[^1].Y, p, 0.07 * p);

        var (bright, brightPicture) = Measure(e, "how bright the one dot is", Palette.Blue, (isDot, sought) => isDot ? sought : 0.4f * e.Random.NextSingle());
        var (light, lightPicture) = Measure(e, "how light the ground is", Palette.Orange, (_, sought) =>
            Math.Max(sought + (0.25f * (Enumerable.Range(0, 4).Sum(_ => e.Random.NextSingle()) - 2)), 0));
        e.AtLeast("p after learning to measure one bright dot, from 3", bright.Points[^1].Y, 8);
        e.Near("p after learning to measure the light under noise, from 3", light.Points[^1].Y, 1, 0.5);
        e.Page.Add([.. brightPicture, .. lightPicture]);
        e.Page.Add(
            new LinePlot("p, taught by answers of p = 1.5, 6 and 12", 430, 250, "step", "p", paths),
            new LinePlot("p, found by what is to be measured", 430, 250, "step", "p", [bright, light]));
    }

    private static void AgainstFormula(Experiment e, Tensor x)
    {
        var graph = Pool(e, x.Shape, 3);
        var y = e.Run(graph, x);
        var network = e.Trainable(graph, new MeanSquaredError());
        network.Backpropagate(x, e.Own(new Tensor(y.Shape)));
        double expected = 0;
        for (int n = 0; n < Pictures; n++)
        {
            double powers = 0, logarithms = 0;
            foreach (float value in x.Span.Slice(n * Side * Side, Side * Side))
            {
                powers += Math.Pow(value, 3);
                logarithms += Math.Pow(value, 3) * Math.Log(value);
            }

            double answer = y.Span[n], slope = answer / 9 * ((3 * logarithms / powers) - Math.Log(powers / (Side * Side)));
            expected += 2 * answer * slope / Pictures;
        }

        e.Near("gradient of p against the formula", network.Parameters[0].Gradient[0] / expected, 1, 1e-4);
    }

    // A teacher of another exponent answers; the pupil starts at 3.
    private static Curve Follow(Experiment e, Tensor x, float p, Color color)
    {
        var answers = e.Run(Pool(e, x.Shape, p), x);
        var pupil = Pool(e, x.Shape, 3);
        return Learn(e, pupil, x, answers, $"taught by {Experiment.Number(p)}", color);
    }

    // The exponent, step by step.
    private static Curve Learn(Experiment e, Graph graph, Tensor x, Tensor target, string name, Color color)
    {
        var network = e.Trainable(graph, new MeanSquaredError());
        var optimizer = new Optimizer(network.Parameters, new Adam { Rate = 0.15f });
        var p = graph.Parameters[0];
        var points = new List<(double X, double Y)> { (0, p.Values[0]) };
        for (int step = 1; step <= Steps; step++)
        {
            network.Backpropagate(x, target);
            optimizer.Step();
            points.Add((step, p.Values[0]));
        }

        return new Curve(name, points, color);
    }

    // One pooled number that should be what is sought: in each picture another, from 0.5 to 1.
    private static (Curve Path, Panel[] Pictures) Measure(Experiment e, string name, Color color, Func<bool, float, float> pixel)
    {
        var sought = e.Picture(new Shape(Pictures, 1), () => 0.5f + (0.5f * e.Random.NextSingle()));
        var x = e.Own(new Tensor(new Shape(Pictures, 1, Side, Side)));
        for (int n = 0; n < Pictures; n++)
        {
            int dot = e.Random.Next(Side * Side);
            for (int i = 0; i < Side * Side; i++)
                x.Span[(n * Side * Side) + i] = pixel(i == dot, sought.Span[n]);
        }

        double before = Numbers.RelativeError(e.Run(Pool(e, x.Shape, 3), x), sought);
        var graph = Pool(e, x.Shape, 3);
        var path = Learn(e, graph, x, sought, name, color);
        e.AtMost($"{name}: error after learning, of that with p = 3", Numbers.RelativeError(e.Run(graph, x), sought) / before, 0.8);
        return (path, [Raster.Picture($"{name}: {Experiment.Number(sought.Span[0])}", x) with { Zoom = 12 }, Raster.Picture(Experiment.Number(sought.Span[1]), x, item: 1) with { Zoom = 12 }]);
    }

    private static Graph Pool(Experiment e, Shape input, float p) => e.Chain(input, (new GlobalGemPool(), [e.Tensor(new Shape(1), p)]), (new Flatten(), null));
}
