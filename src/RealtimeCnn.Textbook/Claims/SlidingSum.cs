using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 1: what a convolution is.</summary>
/// <remarks>Source of normalised cross-correlation: Lewis 1995, "Fast Normalized Cross-Correlation".</remarks>
internal sealed class SlidingSum() : Claim(
    "sliding-sum",
    "A convolution is a sliding sum of products",
    "At each place, the filter's weights are multiplied with the pixels beneath them and added up; the answer is strongest where the picture looks like the filter.",
    "y[i,j] = Σ w[m,n] · x[i+m, j+n]        (x ∗ g)[i,j] = Σ x[m,n] · g[i−m, j−n]")
{
    private const int Side = 11;

    internal override void Run(Experiment e)
    {
        var gray = e.Gray();
        SumOfProducts(e);
        var identity = Apply(e, gray, Filters.Identity);
        e.Equal("pixels that the identity filter changes", Numbers.DifferentElements(identity, gray), 0);
        Flip(e, gray);
        var blurred = Separate(e, gray);
        FindPatch(e, gray);
        e.Page.Add(
            Raster.Picture("identity: an exact copy", identity),
            Raster.Picture("Gaussian: 5×1, then 1×5", blurred),
            Raster.Signed("Sobel: brighter above", Apply(e, gray, Filters.SobelTop)),
            Raster.Signed("turned by 180°: below", Apply(e, gray, Filters.SobelBottom)));
    }

    // Any channels and any filter, against the sum written down in double.
    private static void SumOfProducts(Experiment e)
    {
        var x = e.Noise(new Shape(1, e.Random.Next(1, 6), e.Random.Next(9, 24), e.Random.Next(9, 24)));
        var w = e.Noise(new Shape(1, x.Shape.Channels, e.Random.Next(1, 8), e.Random.Next(1, 8)));
        var y = e.Run(new Conv2d(x.Shape.Channels, 1, new Size2d(w.Shape.Height, w.Shape.Width)) { HasBias = false }, x, w);
        e.AtMost("a layer against the written-out sum, relative error", Numbers.RelativeError(y, e.Own(Numbers.CrossCorrelate(x, w))), 1e-5);
    }

    // The layer slides without flipping; convolution as mathematics defines it is the same with the kernel turned by 180°.
    private static void Flip(Experiment e, Tensor gray)
    {
        var g = e.Noise(new Shape(1, 1, 3, 5));
        var flipped = e.Picture(1, 3, 5, (_, row, column) => g[0, 0, 2 - row, 4 - column]);
        var layer = new Conv2d(1, 1, new Size2d(3, 5)) { Padding = new Size2d(2, 4), HasBias = false };
        var defined = e.Own(Numbers.Convolve(gray, g));
        e.AtMost("with a flipped kernel, against the discrete definition", Numbers.RelativeError(e.Run(layer, gray, flipped), defined), 1e-5);
        e.AtLeast("without the flip", Numbers.RelativeError(e.Run(layer, gray, g), defined), 0.01);
    }

    private static Tensor Separate(Experiment e, Tensor gray)
    {
        float[] profile = [1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f];
        var whole = Apply(e, gray, Filters.Gaussian);
        var (down, across) = (Pass(new Size2d(5, 1)), Pass(new Size2d(1, 5)));
        var parts = e.Run(e.Chain(
            gray.Shape,
            (down, [e.Tensor(new Shape(1, 1, 5, 1), profile)]),
            (across, [e.Tensor(new Shape(1, 1, 1, 5), profile)])), gray);
        e.AtMost("a Gaussian of 5×1 and 1×5 (10 weights) against 5×5 (25)", Numbers.RelativeError(parts, whole), 1e-5);
        return parts;

        static Conv2d Pass(Size2d kernel) => new(1, 1, kernel)
        {
            Padding = new Size2d(kernel.Height / 2, kernel.Width / 2), PaddingMode = PaddingMode.Replicate, HasBias = false,
        };
    }

    private static void FindPatch(Experiment e, Tensor gray)
    {
        var (top, left) = BusiestPatch(e, gray);
        var patch = e.Picture(1, Side, Side, (_, row, column) => gray[0, 0, top + row, left + column]);
        double mean = Numbers.Mean(patch.Span), deviation = Numbers.Deviation(patch.Span);
        var filter = e.Picture(1, Side, Side, (_, row, column) => (float)((patch[0, 0, row, column] - mean) / deviation));

        // Bright places answer strongly to everything; dividing by the deviation beneath the window leaves the likeness.
        var layer = new Conv2d(1, 1, Side) { HasBias = false };
        var ones = e.Picture(1, Side, Side, (_, _, _) => 1f / (Side * Side));
        var centred = e.Picture(1, gray.Shape.Height, gray.Shape.Width, (_, row, column) => gray[0, 0, row, column] - (float)mean);
        var squared = e.Picture(1, gray.Shape.Height, gray.Shape.Width, (_, row, column) => centred[0, 0, row, column] * centred[0, 0, row, column]);
        Tensor response = e.Run(layer, centred, filter), means = e.Run(layer, centred, ones), squares = e.Run(layer, squared, ones);
        var likeness = e.Picture(1, response.Shape.Height, response.Shape.Width, (_, row, column) =>
        {
            double variance = squares[0, 0, row, column] - Numbers.Square(means[0, 0, row, column]);
            return (float)(response[0, 0, row, column] / (Side * Side) / Math.Sqrt(Math.Max(variance, 1e-4)));
        });

        var peak = Numbers.Peak(likeness);
        var found = e.Picture(1, Side, Side, (_, row, column) => gray[0, 0, peak.Row + row, peak.Column + column]);
        double foundMean = Numbers.Mean(found.Span), foundDeviation = Numbers.Deviation(found.Span);
        var standardised = e.Picture(1, Side, Side, (_, row, column) => (float)((found[0, 0, row, column] - foundMean) / foundDeviation));
        e.Near("normalised response at the patch", likeness[0, 0, top, left], 1, 1e-3);
        e.Near("largest response anywhere", likeness[0, 0, peak.Row, peak.Column], 1, 1e-3);
        e.AtMost("what lies there against the filter, relative difference", Numbers.RelativeError(standardised, filter), 0.05);
        var here = new Mark(top, left, Side, Side, Palette.Yellow);
        e.Page.Add(
            Raster.Picture("a patch of a picture", gray) with { Marks = [here] },
            Raster.Signed("the patch as a filter", filter) with { Zoom = 11 },
            Raster.Heat("its response, normalised", likeness, from: -1, to: 1) with { Marks = [new Mark(peak.Row - 2, peak.Column - 2, 5, 5, Palette.Blue)] });
    }

    // Of some places drawn at random, the one with the most to see.
    private static (int Top, int Left) BusiestPatch(Experiment e, Tensor gray)
    {
        var places = Enumerable.Range(0, 64).Select(_ => (Top: e.Random.Next(gray.Shape.Height - Side), Left: e.Random.Next(gray.Shape.Width - Side))).ToArray();
        return places.MaxBy(place =>
        {
            float[] pixels = [.. Enumerable.Range(0, Side * Side).Select(i => gray[0, 0, place.Top + (i / Side), place.Left + (i % Side)])];
            return Numbers.Deviation(pixels);
        });
    }

    private static Tensor Apply(Experiment e, Tensor x, Filter filter) => e.Run(e.Own(Filters.Graph(x.Shape, filter)), x);
}
