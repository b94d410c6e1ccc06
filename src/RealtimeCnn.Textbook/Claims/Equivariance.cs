using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 5: convolutions move with the picture, and max pooling forgives small moves.</summary>
/// <remarks>Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", sections 9.2 and 9.3.</remarks>
internal sealed class Equivariance() : Claim(
    "equivariance",
    "Shift the picture, and the answer shifts with it",
    "Convolutions commute with translation away from the borders; max pooling makes small shifts invisible. A dense network knows no places: one pixel of shift breaks it, and shuffled pixels are all the same to it.",
    "f(g(x)) = g(f(x))        unchanged by a shift of s under a window of w: (w − s) / (w + s)")
{
    private const int Window = 8;
    private const int Texture = 24;

    internal override void Run(Experiment e)
    {
        Commute(e);
        Stride(e);
        var unchanged = Pool(e);
        var (dense, scanned) = OnePixel(e);
        Permute(e);
        e.Page.Add(
            new LinePlot("outputs that a shift leaves as they are, window and stride 8, noise", 480, 250, "shift (pixels)", "share unchanged", unchanged) { YRange = (0, 1) },
            new BarChart("answer to a texture, and to the same one pixel further", 370,
            [
                new Bar("dense unit", 1, "1", Palette.Orange), new Bar("shifted", Math.Max(dense, 0), Experiment.Number(dense), Palette.Orange),
                new Bar("convolution, max", 1, "1", Palette.Blue), new Bar("shifted", scanned, Experiment.Number(scanned), Palette.Blue),
            ]));
    }

    private static void Commute(Experiment e)
    {
        var photo = e.Photograph;
        var network = e.Bind(e.Chain(
            photo.Shape,
            (new Conv2d(3, 4, 5) { Padding = 2, Activation = Activation.Relu }, null),
            (new Conv2d(4, 1, 3) { Padding = 1 }, null)));
        int down = e.Random.Next(-9, 10), right = e.Random.Next(4, 10), margin = 9 + 3;
        Tensor shifted = Shift.By(e, photo, down, right), after = Shift.By(e, e.Run(network, photo), down, right), before = e.Run(network, shifted);
        e.AtMost($"shift by {down}, {right}, then network, against network, then shift", Numbers.RelativeError(Shift.Interior(e, before, margin), Shift.Interior(e, after, margin)), 1e-6);
        e.AtLeast("the same with the borders, where zeros come in", Numbers.RelativeError(before, after), 1e-4);
        var difference = e.Picture(1, photo.Shape.Height, photo.Shape.Width, (_, row, column) => before[0, 0, row, column] - after[0, 0, row, column]);
        double range = 2.5 * Numbers.Deviation(after.Span);
        e.Page.Add(
            Raster.Picture("g(x): the shifted picture", shifted),
            Raster.Signed("f(g(x))", before, range: range),
            Raster.Signed("g(f(x))", after, range: range),
            Raster.Signed("difference: only at borders", difference, range: range));
    }

    // With a stride of 2, only even shifts are shifts of the output.
    private static void Stride(Experiment e)
    {
        var x = e.Noise(new Shape(1, 1, 40, 40));
        var network = e.Bind(e.Chain(x.Shape, (new Conv2d(1, 1, 3) { Stride = 2 }, null)));
        var y = e.Run(network, x);
        e.AtMost("stride 2: shift by 2 against the output's shift by 1", Against(2, 1), 1e-6);
        e.AtLeast("stride 2: shift by 1 against either shift of the output", Math.Min(Against(1, 0), Against(1, 1)), 0.5);

        double Against(int shift, int expected) => Numbers.RelativeError(
            Shift.Interior(e, e.Run(network, Shift.By(e, x, shift, 0)), 2), Shift.Interior(e, Shift.By(e, y, expected, 0), 2));
    }

    private static Curve[] Pool(Experiment e)
    {
        var x = e.Noise(new Shape(1, 1, 24 * Window, 24 * Window));
        Layer[] layers = [new MaxPool2d(Window) { Stride = Window }, new AveragePool2d(Window) { Stride = Window }, new Conv2d(1, 1, Window) { Stride = Window, HasBias = false }];
        double[][] unchanged = [.. layers.Select(layer =>
        {
            var network = e.Bind(e.Chain(x.Shape, (layer, null)));
            var y = e.Run(network, x);
            double near = 0.02 * Numbers.Deviation(y.Span);
            return Enumerable.Range(0, Window + 1).Select(shift =>
            {
                var moved = e.Run(network, Shift.By(e, x, 0, shift, wrap: true));
                return Enumerable.Range(0, y.Shape.Count).Count(i => Math.Abs(moved.Span[i] - y.Span[i]) <= near) / (double)y.Shape.Count;
            }).ToArray();
        })];
        e.Near("max pooling: outputs unchanged by one pixel, 7/9", unchanged[0][1], 7.0 / 9, 0.08);
        e.AtMost("average pooling: the same", unchanged[1][1], 0.2);
        e.AtMost("strided convolution: the same", unchanged[2][1], 0.2);
        string[] names = ["max pooling", "average pooling", "strided convolution"];
        return [.. names.Select((name, i) => new Curve(name, [.. unchanged[i].Select((share, shift) => ((double)shift, share))], Palette.Series[i]))];
    }

    // A unit that has learned one texture by heart, and a filter that knows a piece of it and looks everywhere.
    private static (double Dense, double Scanned) OnePixel(Experiment e)
    {
        const int Piece = 9, From = 8;
        var x = e.Picture(new Shape(1, 1, Texture, Texture), () => e.Random.Next(2) == 0 ? -1 : 1);
        var shifted = Shift.By(e, x, 0, 1, wrap: true);
        var byHeart = e.Picture(1, 1, x.Shape.Count, (_, _, i) => x.Span[i] / x.Shape.Count);
        var weight = e.Tensor(new Shape(1, x.Shape.Count), byHeart.Span);
        double dense = e.Run(new Linear(x.Shape.Count, 1) { HasBias = false }, e.Own(shifted.Reshaped(new Shape(1, x.Shape.Count))), weight).Span[0];

        var filter = e.Picture(1, Piece, Piece, (_, row, column) => x[0, 0, From + row, From + column] / (Piece * Piece));
        var builder = new GraphBuilder();
        var scan = builder.Add(new Conv2d(1, 1, Piece) { HasBias = false }, builder.Input("x", x.Shape), [filter.Clone()]);
        double scanned = e.Run(e.Own(builder.Build(builder.Add(new GlobalMaxPool(), scan))), shifted).Span[0];
        e.AtMost("a dense unit's answer to its texture shifted by one pixel (1 unshifted)", Math.Abs(dense), 0.3);
        e.Near("a convolution's largest answer to the same", scanned, 1, 1e-5);
        return (dense, scanned);
    }

    // The order of pixels is a name for the dense network's columns: rename both, and nothing has happened.
    private static void Permute(Experiment e)
    {
        var x = e.Noise(new Shape(1, 1, Texture, Texture));
        int pixels = x.Shape.Count;
        int[] order = [.. Enumerable.Range(0, pixels)];
        e.Random.Shuffle(order);
        var permuted = e.Picture(1, Texture, Texture, (_, row, column) => x.Span[order[(row * Texture) + column]]);
        Tensor first = e.Noise(new Shape(16, pixels)), second = e.Noise(new Shape(4, 16));
        var columns = e.Tensor(first.Shape, [.. Enumerable.Range(0, first.Shape.Count).Select(i => first.Span[(i / pixels * pixels) + order[i % pixels]])]);
        e.AtMost("a dense network with pixels and columns shuffled alike", Numbers.RelativeError(Mlp(permuted, columns), Mlp(x, first)), 1e-4);

        var network = e.Bind(e.Chain(x.Shape, (new Conv2d(1, 4, 3) { Padding = 1, Activation = Activation.Relu }, null), (new Conv2d(4, 4, 3) { Activation = Activation.Relu }, null), (new GlobalAveragePool(), null)));
        var smooth = Shift.Crop(e, e.Gray(), 0, 0, Texture, Texture);
        for (int i = 0; i < pixels; i++)
            smooth.Span[i] = i / Texture / (float)Texture;
        var shuffled = e.Picture(1, Texture, Texture, (_, row, column) => smooth.Span[order[(row * Texture) + column]]);
        e.AtLeast("a convolutional network's answer to shuffled pixels, change", Numbers.RelativeError(e.Run(network, shuffled), e.Run(network, smooth)), 0.02);

        Tensor Mlp(Tensor picture, Tensor weights) => e.Run(
            e.Chain(new Shape(1, pixels), (new Linear(pixels, 16) { HasBias = false, Activation = Activation.Relu }, [weights]), (new Linear(16, 4) { HasBias = false }, [second])),
            e.Own(picture.Reshaped(new Shape(1, pixels))));
    }
}
