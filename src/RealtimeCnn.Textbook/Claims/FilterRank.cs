using RealtimeCnn.Drawing;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 15: a layer tells as many different things as its filters are linearly independent.</summary>
internal sealed class FilterRank() : Claim(
    "filter-rank",
    "A layer has as many useful outputs as its filters have rank",
    "A filter that is a mixture of others gives the same mixture of their feature maps, and nothing new. Filters of k elements have at most k independent outputs, however many there are.",
    "rank(outputs) = rank(filters) ≤ min(number of filters, elements of a filter)")
{
    private const int Independent = 5;
    private const int Mixed = 3;

    internal override void Run(Experiment e)
    {
        var gray = e.Gray();
        var noise = e.Noise(new Shape(1, 1, 24, 24));
        var (bank, mixtures) = Bank(e);
        Compare(e, "5 filters and 3 mixtures of them", bank, noise, Independent);
        Compare(e, "16 random 3×3 filters, one channel", e.Noise(new Shape(16, 1, 3, 3)), noise, 9);
        Compare(e, "16 random 3×3 filters, three channels", e.Noise(new Shape(16, 3, 3, 3)), e.Noise(new Shape(1, 3, 24, 24)), 16);
        Filter[] sobels = [Filters.SobelTop, Filters.SobelBottom, Filters.SobelLeft, Filters.SobelRight];
        Compare(e, "the four Sobel filters", e.Tensor(new Shape(4, 1, 3, 3), [.. sobels.SelectMany(filter => filter.Weights)]), noise, 2);

        var maps = Apply(e, gray, bank);
        e.AtMost("mixed feature maps against the mixtures of the others", MixtureError(maps, mixtures), 1e-5);
        e.Page.Add([.. Enumerable.Range(0, Independent).Select(i => (Panel)(Raster.Signed($"filter {i + 1}", bank, item: i) with { Zoom = 14 })),
            .. Enumerable.Range(Independent, Mixed).Select(i => (Panel)(Raster.Signed($"mixture {i - Independent + 1}", bank, item: i) with { Zoom = 14 }))]);
        e.Page.Add(
            Raster.Signed("feature map of filter 1", maps), Raster.Signed("of filter 2", maps, 1),
            Raster.Signed("of mixture 1", maps, Independent), Raster.Signed("of mixture 2", maps, Independent + 1));
        double[] spectrum = Spectrum(Apply(e, noise, bank)), random = Spectrum(Apply(e, noise, e.Noise(new Shape(16, 1, 3, 3))));
        e.Page.Add(new LinePlot("how much each direction of the outputs carries, in order", 640, 210, "direction", "singular value, relative", [
            Curve("5 filters and 3 mixtures", spectrum, Palette.Blue), Curve("16 filters of 9 elements", random, Palette.Orange)]) { LogY = true });
    }

    private static (Tensor Bank, float[][] Mixtures) Bank(Experiment e)
    {
        float[][] mixtures = [.. Enumerable.Range(0, Mixed).Select(_ => e.Noise(new Shape(Independent)).Span.ToArray())];
        var bank = e.Noise(new Shape(Independent + Mixed, 1, 3, 3));
        for (int mixture = 0; mixture < Mixed; mixture++)
        {
            for (int i = 0; i < 9; i++)
                bank.Span[((Independent + mixture) * 9) + i] = Enumerable.Range(0, Independent).Sum(filter => mixtures[mixture][filter] * bank.Span[(filter * 9) + i]);
        }

        return (bank, mixtures);
    }

    private static void Compare(Experiment e, string what, Tensor bank, Tensor picture, int expected)
    {
        int filters = Rank(SymmetricMatrix.SingularValues(bank.Shape[0], bank.Span));
        int outputs = Rank(SymmetricMatrix.SingularValues(bank.Shape[0], Apply(e, picture, bank).Span));
        e.Equal($"{what}: rank of filters, of outputs", $"{filters}, {outputs}", $"{expected}, {expected}");
    }

    private static double MixtureError(Tensor maps, float[][] mixtures)
    {
        int area = maps.Shape.Area;
        float[] expected = new float[Mixed * area];
        for (int i = 0; i < expected.Length; i++)
        {
            for (int filter = 0; filter < Independent; filter++)
                expected[i] += mixtures[i / area][filter] * maps.Span[(filter * area) + (i % area)];
        }

        return Numbers.RelativeError(maps.Span[(Independent * area)..], expected);
    }

    private static Tensor Apply(Experiment e, Tensor x, Tensor bank) =>
        e.Run(new Conv2d(bank.Shape[1], bank.Shape[0], 3) { HasBias = false }, x, bank);

    private static int Rank(double[] singularValues) => singularValues.Count(value => value > 1e-5 * singularValues[0]);

    // What is left of a direction that should be nothing is rounding; the axis ends there.
    private static double[] Spectrum(Tensor outputs)
    {
        double[] values = SymmetricMatrix.SingularValues(outputs.Shape.Channels, outputs.Span);
        return [.. values.Select(value => Math.Max(value / values[0], 1e-8))];
    }

    private static Curve Curve(string name, double[] spectrum, Color color) => new(name, [.. spectrum.Select((value, i) => (i + 1.0, value))], color);
}
