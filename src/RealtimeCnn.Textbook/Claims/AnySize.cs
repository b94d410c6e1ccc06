using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;

namespace RealtimeCnn.Textbook.Claims;

/// <summary>Claim 14: a fully convolutional network takes pictures of any size.</summary>
/// <remarks>Source: Long, Shelhamer and Darrell 2015, "Fully Convolutional Networks", arXiv:1411.4038; He et al. 2014, "Spatial Pyramid Pooling", arXiv:1406.4729.</remarks>
internal sealed class AnySize() : Claim(
    "any-size",
    "One network for pictures of any size",
    "Convolutions slide over whatever comes; their feature maps grow with the picture. Pooled to a fixed length, they feed one and the same classifier.",
    "features: [C, H, W] → [C', H/4, W/4] → pool → [C', 2, 2] → classifier")
{
    private const int Classes = 6;

    internal override void Run(Experiment e)
    {
        var photo = e.Photograph;
        Shape declared = new(1, 3, 64, 64);
        (Layer, Tensor[]?)[] features =
        [
            (new Conv2d(3, 8, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, null),
            (new Conv2d(8, 12, 3) { Stride = 2, Padding = 1, Activation = Activation.Relu }, null),
        ];
        features = [.. features.Select(layer => (layer.Item1, (Tensor[]?)[.. layer.Item1.Parameters.Select(spec => e.Noise(spec.Shape))]))];
        var maps = e.Bind(e.Chain(declared, features));
        var classifier = e.Bind(e.Chain(declared, [.. features, (new AdaptiveAveragePool2d(2), null), (new Conv2d(12, Classes, 2), null)]));

        Tensor[] pictures =
        [
            Shift.Crop(e, photo, 0, 0, 64, 64),
            Shift.Crop(e, photo, 0, 0, 64, photo.Shape.Width / 4 * 4),
            Shift.Crop(e, photo, 0, 0, photo.Shape.Height / 4 * 4, photo.Shape.Width / 4 * 4),
        ];
        var whole = e.Run(maps, pictures[^1]);
        var panels = new List<Panel>();
        var answers = new List<Panel>();
        foreach (var picture in pictures)
        {
            int height = picture.Shape.Height, width = picture.Shape.Width;
            Tensor map = e.Run(maps, picture), answer = e.Run(classifier, picture);
            e.Equal($"features of {height}×{width}", map.Shape.ToString(), $"[1, 12, {height / 4}, {width / 4}]");
            e.Equal("  its answer", answer.Shape.ToString(), $"[1, {Classes}, 1, 1]");
            int rows = (height / 4) - 3, columns = (width / 4) - 3;
            e.AtMost("  features away from its border against those of the whole picture", Numbers.RelativeError(Shift.Crop(e, map, 1, 1, rows, columns), Shift.Crop(e, whole, 1, 1, rows, columns)), 1e-6);
            panels.Add(Raster.Picture($"{height}×{width}", picture));
            panels.Add(Raster.Heat($"feature map {height / 4}×{width / 4}", map, Busiest(map)) with { Zoom = 4 });
            answers.Add(Answer(answer, $"{height}×{width}: {Classes} numbers"));
        }

        e.Page.Add([.. panels.Take(4)]);
        e.Page.Add([.. panels.Skip(4)]);
        e.Page.Add([.. answers]);
        e.Equal("weights, for all sizes", classifier.Graph.ParameterCount, (8 * 27) + 8 + (12 * 72) + 12 + (Classes * 48) + Classes);
    }

    private static BarChart Answer(Tensor answer, string caption)
    {
        float[] values = answer.Span.ToArray();
        return new BarChart(caption, 250, [.. values.Select((value, i) => new Bar($"{i + 1}", value, Experiment.Number(value), value < 0 ? Palette.Orange : Palette.Blue))]);
    }

    private static int Busiest(Tensor map) =>
        Enumerable.Range(0, map.Shape.Channels).MaxBy(channel => Numbers.Deviation(map.Span.Slice(channel * map.Shape.Area, map.Shape.Area)));
}
