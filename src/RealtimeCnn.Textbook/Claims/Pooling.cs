using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 7: what the kinds of pooling keep.</summary>
/// <remarks>Source: Radenović, Tolias and Chum 2018, "Fine-tuning CNN Image Retrieval with No Human Annotation", arXiv:1711.02512; the bounds are the power mean inequality.</remarks>
internal sealed class Pooling() : Claim(
    "pooling",
    "Max keeps details, average smooths, GeM is all between",
    "Max pooling picks the brightest pixel of each window; average pooling smooths noise away; the generalised mean runs from one to the other and raises contrast as its exponent p grows.",
    "GeM(x) = (Σ xᵢᵖ / n)^(1/p):  p = 1 average,  p → ∞ maximum,  n^(−1/p) · max ≤ GeM ≤ max")
{
    private const int Window = 4;
    private const int Count = Window * Window;
    private static readonly float[] Exponents = [1, 2, 3, 5, 8, 12, 20, 32];

    internal override void Run(Experiment e)
    {
        var x = Starry(e);
        Tensor largest = Pool(e, x, new MaxPool2d(Window)), average = Pool(e, x, new AveragePool2d(Window));
        Tensor[] means = [.. Exponents.Select(p => Gem(e, x, p))];
        e.AtMost("GeM with p = 1 against average pooling", Numbers.RelativeError(means[0], average), 1e-5);
        e.Equal("outputs that fall as p grows", Pairs(means).Sum(pair => Above(pair.First, pair.Second)), 0);
        e.Equal("outputs outside the bounds, all p", Exponents.Zip(means).Sum(pair => OutOfBounds(pair.Second, largest, pair.First)), 0);
        e.AtMost($"GeM with p = 32 against max pooling (bound 1 − {Count}^(−1/32))", Numbers.RelativeError(means[^1], largest), 1 - Math.Pow(Count, -1 / 32.0));

        var noise = e.Noise(new Shape(1, 1, 160, 160));
        e.Near("noise left by the average of 16, relative: 1/4", Numbers.Deviation(Pool(e, noise, new AveragePool2d(Window)).Span) / Numbers.Deviation(noise.Span), 0.25, 0.03);
        var contrast = Detail(e);
        e.Page.Add(
            Raster.Picture("a picture with noise and bright dots", x),
            Raster.Picture("average: smooth, dots faded", average) with { Zoom = Window },
            Raster.Picture("GeM, p = 3", means[2]) with { Zoom = Window },
            Raster.Picture("max: every dot, and the noise", largest) with { Zoom = Window });
        e.Page.Add(new LinePlot("a window with one bright pixel against one without: contrast", 640, 220, "p", "ratio", [
            new Curve("GeM", contrast, Palette.Blue),
            new Curve("max", [(1, 5), (32, 5)], Palette.Orange),
            new Curve("average", [(1, contrast[0].Y), (32, contrast[0].Y)], Palette.Green)]) { LogX = true });
    }

    // One bright pixel on a dark ground: max keeps it, average spreads it.
    private static (double X, double Y)[] Detail(Experiment e)
    {
        var x = e.Picture(1, Window, 2 * Window, (_, row, column) => row == 1 && column == 2 ? 1f : 0.2f);
        var largest = Pool(e, x, new MaxPool2d(Window));
        e.Near("max of a dark window with one bright pixel", largest.Span[0], 1, 0);
        e.Near("its average: (15 · 0.2 + 1) / 16", Pool(e, x, new AveragePool2d(Window)).Span[0], 0.25, 1e-6);
        var contrast = Exponents.Select(p =>
        {
            var y = Gem(e, x, p);
            return ((double)p, (double)y.Span[0] / y.Span[1]);
        }).ToArray();
        e.Equal("exponents that lower the contrast", contrast.Zip(contrast.Skip(1)).Count(pair => pair.Second.Item2 <= pair.First.Item2), 0);
        return contrast;
    }

    private static Tensor Starry(Experiment e)
    {
        var gray = e.Gray();
        int height = gray.Shape.Height / Window * Window, width = gray.Shape.Width / Window * Window;
        return e.Picture(1, height, width, (_, row, column) =>
        {
            float noisy = (0.75f * gray[0, 0, row, column]) + (0.08f * (e.Random.NextSingle() - 0.5f));
            return row % 12 == 6 && column % 12 == 6 ? 1 : Math.Clamp(noisy, 0.1f, 1);
        });
    }

    private static Tensor Pool(Experiment e, Tensor x, PoolingLayer layer, params Tensor[] parameters) => e.Run(layer, x, parameters);

    private static Tensor Gem(Experiment e, Tensor x, float p) => Pool(e, x, new GemPool2d(Window), e.Tensor(new Shape(1), p));

    private static IEnumerable<(Tensor First, Tensor Second)> Pairs(Tensor[] means) => means.Zip(means.Skip(1));

    // Powers and roots in float cost some of the seven digits.
    private static int Above(Tensor lower, Tensor upper) => Enumerable.Range(0, upper.Shape.Count).Count(i => !(lower.Span[i] <= upper.Span[i] * (1 + 1e-4f)));

    private static int OutOfBounds(Tensor mean, Tensor largest, float p) => Enumerable.Range(0, mean.Shape.Count).Count(i =>
        !(mean.Span[i] >= largest.Span[i] * Math.Pow(Count, -1 / p) * (1 - 1e-4) && mean.Span[i] <= largest.Span[i] * (1 + 1e-4)));
}
