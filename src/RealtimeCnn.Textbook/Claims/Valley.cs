using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 20: how gradient descent, momentum, RMSProp and Adam go down one valley.</summary>
/// <remarks>Source: Polyak 1964; Goh 2017, "Why Momentum Really Works", Distill; Kingma and Ba 2014, "Adam", arXiv:1412.6980, section 2.1 (steps do not depend on the gradients' scale).</remarks>
internal sealed class Valley() : Claim(
    "valley",
    "Four optimisers in one valley",
    "Steep across and flat along: plain gradient descent must step as the walls allow and creeps along the floor. Momentum adds up what stays; RMSProp and Adam give each direction a rate of its own, so that the valley's shape matters little to them.",
    "L = (u² + c·v²) / 2        descent: rate < 2/c, factor (c − 1)/(c + 1) a step        momentum β: rate / (1 − β) along the floor")
{
    private const float Steepness = 400;
    private const int MostSteps = 2000;
    private const double Bottom = 1e-2;

    internal override void Run(Experiment e)
    {
        float best = 2 / (1 + Steepness);
        (float U, float V) start = (-1 - e.Random.NextSingle(), 0.5f + (0.5f * e.Random.NextSingle()));
        var descent = Walk(e, "gradient descent", new Sgd { Rate = best }, start, Steepness);
        var momentum = Walk(e, "momentum", new Sgd { Rate = 1 / Steepness, Momentum = 0.9f }, start, Steepness);
        var rms = Walk(e, "RMSProp", new RmsProp { Rate = 0.01f, Smoothing = 0.9f }, start, Steepness);
        var adam = Walk(e, "Adam", new Adam { Rate = 0.05f, Beta2 = 0.99f }, start, Steepness);
        Path[] paths = [descent, momentum, rms, adam];
        e.Equal("paths that end higher than where they began, of four", paths.Count(path => !(Last(path) < First(path))), 0);
        e.AtMost("path of descent against (1 − rate)^k and (1 − c·rate)^k, largest difference", Enumerable.Range(0, 100).Max(k => Math.Max(
            Math.Abs(descent.Places[k].U - (start.U * Math.Pow(1 - best, k))), Math.Abs(descent.Places[k].V - (start.V * Math.Pow(1 - (Steepness * best), k))))), 1e-4);
        e.AtMost("loss of each place on the path against the formula, largest relative difference", paths.Max(path => Measured(e, path)), 1e-5);
        foreach (var path in paths.Skip(1))
            e.AtMost($"steps to the bottom: {path.Name}, of those of descent ({descent.Steps})", (double)path.Steps / descent.Steps, 0.6);
        e.AtLeast("descent at a rate 5 % above 2/c: loss after 60 steps, of that before", Diverged(e, start), 1e3);

        var flatter = Walk(e, "Adam", new Adam { Rate = 0.05f, Beta2 = 0.99f }, start, Steepness / 25);
        e.AtMost("Adam in a valley 25 times less steep: largest distance from its path", adam.Places.Zip(flatter.Places).Take(100).Max(pair => Math.Max(Math.Abs(pair.First.U - pair.Second.U), Math.Abs(pair.First.V - pair.Second.V))), 1e-3);
        var flatDescent = Walk(e, "gradient descent", new Sgd { Rate = 2 / (1 + (Steepness / 25)) }, start, Steepness / 25);
        e.AtMost("  descent there: steps, of those in the steep one", (double)flatDescent.Steps / descent.Steps, 0.1);
        Draw(e, paths);
    }

    private static double First(Path path) => Loss(path.Places[0], path.Steepness);

    private static double Last(Path path) => Loss(path.Places[^1], path.Steepness);

    private static double Loss((double U, double V) place, double steepness) => ((place.U * place.U) + (steepness * place.V * place.V)) / 2;

    private static double Diverged(Experiment e, (float U, float V) start)
    {
        var path = Walk(e, "", new Sgd { Rate = 2.1f / Steepness }, start, Steepness, 60);
        return Last(path) / First(path);
    }

    // Two weights that see (1, 0) and (0, √c) and should answer 0: the mean of the squares is the valley.
    private static (Graph Graph, Tensor X, Tensor Target) Slope(Experiment e, float steepness, (float U, float V) start) =>
        (e.Chain(new Shape(2, 2), (new Linear(2, 1) { HasBias = false }, [e.Tensor(new Shape(1, 2), start.U, start.V)])),
            e.Tensor(new Shape(2, 2), 1, 0, 0, MathF.Sqrt(steepness)), e.Own(new Tensor(new Shape(2, 1))));

    private static Path Walk(Experiment e, string name, UpdateRule rule, (float U, float V) start, float steepness, int most = MostSteps)
    {
        var (graph, x, target) = Slope(e, steepness, start);
        var network = e.Trainable(graph, new MeanSquaredError());
        var optimizer = new Optimizer(network.Parameters, rule);
        var places = new List<(double U, double V)> { start };
        int steps = most;
        for (int step = 1; step <= most; step++)
        {
            network.Backpropagate(x, target);
            optimizer.Step();
            var weights = graph.Parameters[0].Values;
            places.Add((weights[0], weights[1]));
            // The first step after which it is down; RMSProp, whose steps keep their length, may leave again.
            if (steps == most && Loss(places[^1], steepness) < Bottom)
                steps = step;
        }

        return new Path(name, steepness, steps, places);
    }

    // The network at every fifth place of a path, run where the claim runs.
    private static double Measured(Experiment e, Path path)
    {
        var (graph, x, _) = Slope(e, path.Steepness, (0, 0));
        var network = e.Bind(graph);
        double largest = 0;
        foreach (var place in path.Places.Where((_, i) => i % 5 == 0 && i < 100))
        {
            graph.Parameters[0].Write([(float)place.U, (float)place.V]);
            var y = e.Run(network, x);
            largest = Math.Max(largest, Math.Abs(y.Span[0] - place.U) + Math.Abs(y.Span[1] - (place.V * Math.Sqrt(path.Steepness))));
        }

        return largest / Math.Sqrt(First(path));
    }

    private static void Draw(Experiment e, Path[] paths)
    {
        const int Columns = 420, Rows = 130;
        (double U, double V) At(int row, int column) => ((column / (double)Columns * 2.6) - 2.2, 1.1 - (row / (double)Rows * 2.2));
        var sketches = paths.Select((path, i) => (Panel)new Sketch($"{path.Name}: {path.Steps} steps", Columns, Rows, (canvas, left, top) =>
        {
            (Raster.Colors("", Rows / 2, Columns / 2, (row, column) => Palette.Mix(Palette.Paper, Palette.Series[5], Math.Min(Math.Floor(Math.Log(1 + (10 * Loss(At(2 * row, 2 * column), Steepness))) * 1.5) / 16, 0.8))) with { Zoom = 2 }).Draw(canvas, left, top);
            var points = path.Places.Take(300).Select(place => (X: (float)(left + ((place.U + 2.2) / 2.6 * Columns)), Y: (float)(top + ((1.1 - place.V) / 2.2 * Rows)))).ToArray();
            for (int k = 1; k < points.Length; k++)
                canvas.Line(points[k - 1].X, points[k - 1].Y, points[k].X, points[k].Y, Palette.Series[i]);
        })).ToArray();
        e.Page.Add(sketches[..2]);
        e.Page.Add(sketches[2..]);
        e.Page.Add(new LinePlot("height above the bottom", 720, 220, "step", "loss", [.. paths.Select((path, i) =>
            new Curve(path.Name, [.. path.Places.Take(300).Select((place, k) => ((double)k, Math.Clamp(Loss(place, Steepness), 1e-6, 1e6)))], Palette.Series[i]))]) { LogY = true });
    }

    private sealed record Path(string Name, float Steepness, int Steps, List<(double U, double V)> Places);
}
