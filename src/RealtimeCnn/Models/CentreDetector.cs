using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Models;

/// <summary>
/// A small detector of things as points, fully convolutional: separable convolutions down to a sixteenth of the picture, which meet
/// those at an eighth again; there each place says what a <see cref="CentreHead"/> reads at four places of a quarter.
/// </summary>
/// <remarks>
/// Input <c>[N, C, H, W]</c>, sides multiples of 16 → <c>[N, 1, H/4, W/4]</c>, <c>[N, classes, H/4, W/4]</c> and
/// <c>[N, 4, H/4, W/4]</c>. Source: Howard et al. 2017,
/// "MobileNets", arXiv:1704.04861; Lin et al. 2017, "Feature Pyramid Networks", arXiv:1612.03144; Shi et al. 2016,
/// arXiv:1609.05158 (depth to space); Zhou et al. 2019, "Objects as Points", arXiv:1904.07850.
/// </remarks>
public static class CentreDetector
{
    /// <summary>The name by which the command line knows it.</summary>
    public const string Name = "centre-detector";

    /// <summary>Sides of pictures are multiples of this.</summary>
    public const int Step = 16;

    private const int Merged = 96;

    /// <summary>Heat where there is none, before anything is learned: <c>ln(0.01 / 0.99)</c>.</summary>
    private const float ColdLogit = -4.6f;

    /// <summary>The network with random weights.</summary>
    /// <param name="input">Size of the picture, each side a multiple of <see cref="Step"/>.</param>
    /// <param name="classes">Classes it tells apart, at least 1.</param>
    /// <param name="channels">Channels of the picture.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <exception cref="ArgumentException">A side is no multiple of <see cref="Step"/>.</exception>
    public static Graph Create(Size2d input, int classes, int channels = 3, int seed = 0)
    {
        if (input.Height < Step || input.Width < Step || input.Height % Step != 0 || input.Width % Step != 0)
            throw new ArgumentException($"A {Name} takes pictures whose sides are multiples of {Step}; {input.Width}x{input.Height} is not.");
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var builder = new GraphBuilder(seed);
        var x = builder.Start(new Shape(1, channels, input.Height, input.Width), "picture").Within("stem");
        x = x.Conv2d(16, kernel: 3, stride: 2, padding: 1, bias: false, name: "conv").BatchNorm2d(name: "bn").Relu();
        x = Separable(Separable(x, "quarter.0", 32, 2), "quarter.1", 32);
        var eighth = Separable(Separable(Separable(x, "eighth.0", 64, 2), "eighth.1", 64), "eighth.2", 64);
        var sixteenth = Separable(eighth, "sixteenth.0", 128, 2);
        for (int i = 1; i <= 4; i++)
            sixteenth = Separable(sixteenth, $"sixteenth.{i}", 128);
        var y = Enlarged(Lateral(sixteenth, "lateral16"), "up16").Add(Lateral(eighth, "lateral8"), "sum").Relu();
        y = Separable(Separable(y, "merge.0", Merged), "merge.1", Merged);
        var graph = builder.Build(Map(y, "heat", 1), Map(y, "classes", classes), Map(y, "boxes", CentreHead.BoxChannels));
        using var edit = graph.Nodes.First(node => node.Name == "heat.conv").Parameters[1].Edit();
        edit.Values.Fill(ColdLogit);
        return graph;
    }

    private static SymbolicTensor Separable(SymbolicTensor x, string name, int channels, int stride = 1) => x.Within(name)
        .DepthwiseConv2d(kernel: 3, stride, padding: 1, bias: false, name: "depthwise").BatchNorm2d(name: "bn1").Relu()
        .PointwiseConv2d(channels, bias: false, name: "pointwise").BatchNorm2d(name: "bn2").Relu();

    private static SymbolicTensor Lateral(SymbolicTensor x, string name) => x.Within(name).PointwiseConv2d(Merged, bias: false, name: "conv").BatchNorm2d(name: "bn");

    private static SymbolicTensor Enlarged(SymbolicTensor x, string name) => x.Within(name).Then(new Resize2d(2, 2) { Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Floor }, "resize");

    /// <summary>Maps at a quarter of the picture from values at an eighth: each place says its four.</summary>
    private static SymbolicTensor Map(SymbolicTensor x, string name, int channels) =>
        x.Within(name).PointwiseConv2d(4 * channels, name: "conv").Within("").Then(new DepthToSpace(2), name);
}
