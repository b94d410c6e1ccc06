using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ReluCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("one element", new Shape(1)),
        Case("a vector", new Shape(37)),
        Case("a picture", new Shape(2, 5, 7, 3)),
        Case("five axes", new Shape(2, 3, 1, 5, 7)),
        new LayerCase("a picture", new Relu6(), (x, _) => DoubleTensor.Map(x[0], value => Math.Clamp(value, 0, 6)), 0, new Shape(1, 17, 3, 5)) { Lowest = -9, Highest = 9 },
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("relu", new Relu())];

    public static IEnumerable<VastCase> Vast => [new(new Relu(), 3)];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("ResNet", new Relu(), new Shape(1, 64, 112, 112)),
    ];

    private static LayerCase Case(string name, Shape input) =>
        new(name, new Relu(), (x, _) => DoubleTensor.Map(x[0], value => Math.Max(value, 0)), 0, input);
}
