using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class Resize2dCases
{
    public static IEnumerable<LayerCase> All => ModeCases.Concat(RoundingCases);

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Resize2d(0.1f, 1), [new Shape(1, 1, 4, 4)], "[1, 1, 4, 4]"),
        new(new Resize2d(-1, 1), [new Shape(1, 1, 4, 4)], "-1"),
        new(new Resize2d(2, 2), [new Shape(4, 4)], "[N, C, H, W]"),
        new(new Resize2d(1e30f, 1), [new Shape(1, 1, 2, 2)], "[1, 1, 2147483647, 2]"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("interpolate, nearest", new Resize2d(new Size2d(7, 4)) { Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Floor }),
        new("interpolate, linear", new Resize2d(new Size2d(7, 4)) { Mode = ResizeMode.Linear }),
        new("interpolate, linear, corners", new Resize2d(new Size2d(7, 4)) { Mode = ResizeMode.Linear, Coordinates = ResizeCoordinates.AlignCorners }),
    ];

    public static IEnumerable<VastCase> Vast =>
    [
        new(new Resize2d(1, 1), 3),
        new(new Resize2d(1, 1) { Mode = ResizeMode.Linear }, 3),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("feature pyramid", new Resize2d(2, 2) { Coordinates = ResizeCoordinates.Asymmetric }, new Shape(1, 256, 26, 26)),
        LayerCase.Realistic("segmentation", new Resize2d(4, 4) { Mode = ResizeMode.Linear }, new Shape(1, 21, 56, 56)),
    ];

    private static IEnumerable<LayerCase> ModeCases =>
        from mode in Enum.GetValues<ResizeMode>()
        from coordinates in Enum.GetValues<ResizeCoordinates>()
        from layer in new[] { new Resize2d(2, 3), new Resize2d(0.5f, 0.75f), new Resize2d(0.7f, 1.3f), new Resize2d(new Size2d(7, 11)), new Resize2d(new Size2d(1, 2)), new Resize2d(new Size2d(4, 8)) }
        select Case($"to {layer.Size}, by {layer.ScaleHeight} and {layer.ScaleWidth}, {mode} {coordinates}", layer with { Mode = mode, Coordinates = coordinates });

    private static IEnumerable<LayerCase> RoundingCases =>
        from rounding in Enum.GetValues<NearestRounding>()
        from layer in new[] { new Resize2d(2, 2), new Resize2d(0.5f, 0.5f), new Resize2d(new Size2d(5, 13)) }
        select Case($"to {layer.Size}, by {layer.ScaleHeight}, {rounding}", layer with { Rounding = rounding });

    private static LayerCase Case(string name, Resize2d layer) =>
        new(name, layer, (x, _) => Compute(layer, x[0]), layer.Mode == ResizeMode.Nearest ? 0 : 2e-6, new Shape(2, 17, 4, 8));

    private static DoubleTensor Compute(Resize2d layer, DoubleTensor x)
    {
        var output = layer.Size ?? new Size2d((int)Math.Floor(x.Shape.Height * (double)layer.ScaleHeight), (int)Math.Floor(x.Shape.Width * (double)layer.ScaleWidth));
        return DoubleTensor.Fill(new Shape(x.Shape[0], x.Shape[1], output.Height, output.Width), (n, c, oh, ow) => Compute(layer, x, output, n, c, oh, ow));
    }

    private static double Compute(Resize2d layer, DoubleTensor x, Size2d output, int n, int c, int oh, int ow)
    {
        double row = Position(layer, oh, x.Shape.Height, output.Height, layer.ScaleHeight), column = Position(layer, ow, x.Shape.Width, output.Width, layer.ScaleWidth);
        if (layer.Mode == ResizeMode.Nearest)
            return Pixel(x, n, c, Nearest(layer, row), Nearest(layer, column));
        double h = Math.Floor(row), w = Math.Floor(column), down = row - h, across = column - w;
        return ((1 - down) * (((1 - across) * Pixel(x, n, c, h, w)) + (across * Pixel(x, n, c, h, w + 1))))
            + (down * (((1 - across) * Pixel(x, n, c, h + 1, w)) + (across * Pixel(x, n, c, h + 1, w + 1))));
    }

    private static double Position(Resize2d layer, int o, int input, int output, double scale)
    {
        scale = scale > 0 ? scale : (double)output / input;
        double position = layer.Coordinates switch
        {
            ResizeCoordinates.Asymmetric => o / scale,
            ResizeCoordinates.AlignCorners => output == 1 ? 0 : (double)o * (input - 1) / (output - 1),
            ResizeCoordinates.PyTorchHalfPixel when output == 1 => 0,
            _ => ((o + 0.5) / scale) - 0.5,
        };
        // The layer computes positions in float32: what is a tie there must be one here.
        return layer.Mode == ResizeMode.Nearest ? Math.Round(position, 5) : position;
    }

    private static double Nearest(Resize2d layer, double position) => layer.Rounding switch
    {
        NearestRounding.PreferFloor => Math.Ceiling(position - 0.5),
        NearestRounding.PreferCeil => Math.Floor(position + 0.5),
        NearestRounding.Floor => Math.Floor(position),
        _ => Math.Ceiling(position),
    };

    private static double Pixel(DoubleTensor x, int n, int c, double h, double w) =>
        x[n, c, Math.Clamp((int)h, 0, x.Shape.Height - 1), Math.Clamp((int)w, 0, x.Shape.Width - 1)];
}
