using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 13: batch normalisation is free at inference, and makes units indifferent to the scale of their weights.</summary>
/// <remarks>Source: Ioffe and Szegedy 2015, "Batch Normalization", arXiv:1502.03167, sections 3.1 and 3.3.</remarks>
internal sealed class BatchNormFold() : Claim(
    "batchnorm-fold",
    "Batch normalisation costs nothing at inference",
    "With its statistics fixed it is a scale and an offset for each channel, which the convolution before it swallows. And a unit before it may scale its weights as it likes: nothing behind notices.",
    "γ · (w ⋆ x − μ) / √(σ² + ε) + β  =  (γ/√(σ² + ε) · w) ⋆ x + (β − γμ/√(σ² + ε))        BN((a·w) ⋆ x) = BN(w ⋆ x)")
{
    private const int Channels = 8;

    internal override void Run(Experiment e)
    {
        var photo = e.Photograph;
        Tensor[] first = Weights(e, 3), second = Weights(e, Channels), firstNorm = Statistics(e), secondNorm = Statistics(e);
        var plain = e.Bind(e.Chain(photo.Shape, (Convolve(3), first), (new Relu(), null), (Convolve(Channels), second), (new Relu(), null)));
        var normalised = e.Bind(e.Chain(
            photo.Shape, (Convolve(3), first), (new BatchNorm2d(Channels), firstNorm), (new Relu(), null), (Convolve(Channels), second), (new BatchNorm2d(Channels), secondNorm), (new Relu(), null)));
        e.Equal("nodes that run, with two normalisations", normalised.Graph.Nodes.Count, plain.Graph.Nodes.Count);

        var hidden = Normalise(e, e.Run(Convolve(3), photo, first), firstNorm);
        var expected = Normalise(e, e.Run(Convolve(Channels), hidden, second), secondNorm);
        e.AtMost("outputs against the formula, relative difference", Numbers.RelativeError(e.Run(normalised, photo), expected), 1e-5);
        ScaleWeights(e, photo, first[0]);
    }

    private static void ScaleWeights(Experiment e, Tensor photo, Tensor weight)
    {
        var layer = Convolve(3) with { HasBias = false };
        Tensor before = e.Run(layer, photo, weight), after = Normalised(e, photo, weight);
        foreach (float scale in (float[])[0.01f, 100])
            e.AtMost($"normalised output when all weights are {scale} times as large", Numbers.RelativeError(Normalised(e, photo, Scaled(e, weight, scale)), after), 1e-4);
        var louder = Scaled(e, weight, 4);
        double range = 4 * before.Span.ToArray().Max(Math.Abs);
        e.Page.Add(
            Raster.Signed("a feature map", before, range: range),
            Raster.Signed("its weights four times as large", e.Run(layer, photo, louder), range: range),
            Raster.Signed("normalised", after, range: 2.5),
            Raster.Signed("normalised, weights four times as large", Normalised(e, photo, louder), range: 2.5));
        double[] scales = [0.25, 0.5, 1, 2, 4];
        e.Page.Add(new LinePlot("deviation of the feature map against the scale of its weights", 640, 220, "scale of the weights", "deviation", [
            new Curve("before", [.. scales.Select(scale => (scale, Numbers.Deviation(e.Run(layer, photo, Scaled(e, weight, (float)scale)).Span)))], Palette.Orange),
            new Curve("after normalisation", [.. scales.Select(scale => (scale, Numbers.Deviation(Normalised(e, photo, Scaled(e, weight, (float)scale)).Span)))], Palette.Blue)]) { LogX = true });
    }

    // As in training: with the statistics of the batch itself.
    private static Tensor Normalised(Experiment e, Tensor x, Tensor weight) => e.Run(
        e.Bind(e.Chain(x.Shape, (Convolve(3) with { HasBias = false }, [weight]), (new BatchNorm2d(Channels) { Epsilon = 1e-10f }, null)), RunMode.Training()), x);

    private static Tensor Normalise(Experiment e, Tensor x, Tensor[] norm) => e.Picture(Channels, x.Shape.Height, x.Shape.Width, (channel, row, column) =>
    {
        double deviation = Math.Sqrt(norm[3].Span[channel] + 1e-5);
        return (float)Math.Max(((x[0, channel, row, column] - norm[2].Span[channel]) / deviation * norm[0].Span[channel]) + norm[1].Span[channel], 0);
    });

    private static Conv2d Convolve(int channels) => new(channels, Channels, 3);

    private static Tensor[] Weights(Experiment e, int channels) => [e.Noise(new Shape(Channels, channels, 3, 3)), e.Noise(new Shape(Channels))];

    private static Tensor[] Statistics(Experiment e) =>
        [e.Noise(new Shape(Channels)), e.Noise(new Shape(Channels)), e.Noise(new Shape(Channels)), e.Picture(new Shape(Channels), () => 0.5f + e.Random.NextSingle())];

    private static Tensor Scaled(Experiment e, Tensor weight, float scale)
    {
        var scaled = e.Own(weight.Clone());
        foreach (ref float value in scaled.Span)
            value *= scale;
        return scaled;
    }
}
