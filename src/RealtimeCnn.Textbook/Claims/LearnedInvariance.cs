using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 6: a maximum over filters that differ makes a unit indifferent to that difference.</summary>
/// <remarks>
/// Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", section 9.3; Goodfellow et al. 2013, "Maxout Networks",
/// arXiv:1302.4389. The expected numbers: Freeman and Adelson 1991 (an edge filter answers an edge turned by a with cos a), and
/// Lindeberg 1998 (a Laplacian of width σ answers a blob of width s with 4t²/(1 + t²)², t = σ/s).
/// </remarks>
internal sealed class LearnedInvariance() : Claim(
    "learned-invariance",
    "A maximum over filters learns an invariance",
    "Pooling over convolutions with parameters of their own, instead of over places, forgives whatever the filters differ in: turned filters make the answer indifferent to rotation, filters of several sizes to scale.",
    "y = max over k of (w_k ⋆ x)        eight turned filters: answer ≥ cos(π/8) of the best")
{
    private const int Side = 49;
    private const double Width = 3;
    private const double SmallestBlob = 1.5;

    internal override void Run(Experiment e)
    {
        Tensor[] turned = [.. Enumerable.Range(0, 8).Select(i => Edge(e, Width, i * Math.PI / 4))];
        double offset = e.Random.NextDouble();
        double[] angles = [.. Enumerable.Range(0, 48).Select(i => (i + offset) * Math.PI / 24)];
        Tensor[] edges = [.. angles.Select(angle => Edge(e, Width, angle))];
        var (best, single) = Answers(e, turned, edges);
        e.Near("rotation: weakest against strongest answer, max over eight", best.Min() / best.Max(), Math.Cos(Math.PI / 8), 0.02);
        e.AtMost("rotation: one filter alone", single.Min() / single.Max(), 0.2);

        double[] sizes = [.. Enumerable.Range(0, 5).Select(i => SmallestBlob * Math.Pow(2, i / 2.0))];
        Tensor[] laplacians = [.. sizes.Select(size => Laplacian(e, size))];
        double[] blobs = [.. Enumerable.Range(0, 25).Select(i => SmallestBlob * Math.Pow(2, i / 12.0))];
        Tensor[] pictures = [.. blobs.Select(blob => e.Picture(1, Side, Side, (_, row, column) => (float)Gaussian(row - (Side / 2), column - (Side / 2), blob)))];
        var (bestSize, singleSize) = Answers(e, laplacians, pictures);
        e.AtLeast("scale: weakest against strongest answer, max over five", bestSize.Min() / bestSize.Max(), 0.95);
        e.AtMost("scale: one filter alone (4t²/(1 + t²)² with t = 4: 0.22)", singleSize.Min() / singleSize.Max(), 0.3);

        e.Page.Add([.. turned.Select((filter, i) => (Panel)(Raster.Signed($"{45 * i}°", Shift.Interior(e, filter, 14)) with { Zoom = 4 }))]);
        e.Page.Add([.. ((int[])[0, 7, 19, 30]).Select(i => (Panel)(Raster.Signed($"an edge at {Experiment.Number(Math.Round(angles[i] * 180 / Math.PI))}°", edges[i]) with { Zoom = 2 })),
            .. ((int[])[0, 12, 24]).Select(i => (Panel)(Raster.Heat($"a blob of {Experiment.Number(Math.Round(blobs[i], 1))} pixels", pictures[i]) with { Zoom = 2 }))]);
        e.Page.Add(
            Plot("answer against the edge's angle", "angle (degrees)", [.. angles.Select(angle => angle * 180 / Math.PI)], best, single, "max over eight", (-1, 1.05)),
            Plot("answer against the blob's size", "width of the blob (pixels)", blobs, bestSize, singleSize, "max over five", (0, 1.05)));
    }

    // For each picture the largest answer of all filters, and the answer of the first filter alone; the filters are as large as the pictures.
    private static (double[] Best, double[] Single) Answers(Experiment e, Tensor[] filters, Tensor[] pictures)
    {
        var bank = e.Tensor(new Shape(filters.Length, 1, Side, Side), [.. filters.SelectMany(filter => filter.Span.ToArray())]);
        var batch = e.Tensor(new Shape(pictures.Length, 1, Side, Side), [.. pictures.SelectMany(picture => picture.Span.ToArray())]);
        var builder = new GraphBuilder();
        var answers = builder.Add(new Conv2d(1, filters.Length, Side) { HasBias = false }, builder.Input("pictures", batch.Shape), [bank.Clone()]);
        Tensor[] outputs = e.RunAll(e.Own(builder.Build(answers, builder.Add(new Maxout(filters.Length), answers))), batch);
        double[] best = [.. outputs[1].Span.ToArray().Select(answer => (double)answer)], single = [.. Enumerable.Range(0, pictures.Length).Select(i => (double)outputs[0][i, 0, 0, 0])];
        double largest = best.Max();
        return ([.. best.Select(answer => answer / largest)], [.. single.Select(answer => answer / largest)]);
    }

    private static Tensor Edge(Experiment e, double width, double angle) => e.Picture(1, Side, Side, (_, row, column) =>
    {
        double x = column - (Side / 2), y = row - (Side / 2);
        return (float)(((x * Math.Cos(angle)) + (y * Math.Sin(angle))) / width * Gaussian(y, x, width));
    });

    // Scaled by σ², and to sum 0, so that filters of all sizes answer alike to blobs of their own size.
    private static Tensor Laplacian(Experiment e, double width)
    {
        var filter = e.Picture(1, Side, Side, (_, row, column) =>
        {
            double square = (Numbers.Square(row - (Side / 2)) + Numbers.Square(column - (Side / 2))) / (width * width);
            return (float)((2 - square) * Math.Exp(-square / 2) / (2 * Math.PI * width * width));
        });
        float mean = (float)Numbers.Mean(filter.Span);
        foreach (ref float value in filter.Span)
            value -= mean;
        return filter;
    }

    private static double Gaussian(double y, double x, double width) => Math.Exp(-((y * y) + (x * x)) / (2 * width * width));

    private static LinePlot Plot(string caption, string axis, double[] at, double[] best, double[] single, string name, (double, double) range) =>
        new(caption, 420, 230, axis, "answer, relative", [
            new Curve(name, [.. at.Zip(best)], Palette.Blue), new Curve("one filter", [.. at.Zip(single)], Palette.Orange)]) { YRange = range };
}
