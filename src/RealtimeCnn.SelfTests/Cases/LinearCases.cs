using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class LinearCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { (1, 1), (1, 17), (3, 5), (15, 16), (16, 15), (17, 33), (9, 60), (21, 129), (64, 10), (129, 4) }.Select(size => Case($"{size.Item1} to {size.Item2}", new Linear(size.Item1, size.Item2), 1)),
        .. new[] { 2, 3, 4, 5, 9 }.Select(batch => Case($"batch of {batch}", new Linear(19, 37), batch)),
        Case("more rows than a tile has", new Linear(70, 37) { Activation = Activation.Sigmoid }, 67),
        Case("more rows than an item has", new Linear(9, 117) { Activation = Activation.Sigmoid }, 67),
        Case("whole blocks", new Linear(33, 48) { Activation = Activation.Relu6 }, 13),
        Case("no bias", new Linear(7, 3) { HasBias = false }, 2),
        Case("fused ReLU", new Linear(7, 21) { Activation = Activation.Relu }, 3),
        Case("fused tanh", new Linear(7, 21) { Activation = Activation.Tanh }, 3),
        Case("a long sum", new Linear(4608, 5), 1) with { Tolerance = 5e-6 },
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Linear(12, 3), [new Shape(1, 3, 2, 2)], "Flatten"),
        new(new Linear(12, 3), [new Shape(1, 13)], "expects 12", "[1, 13]"),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("linear", new Linear(11, 6))];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("MobileNetV2", new Linear(1280, 1000), new Shape(1, 1280)),
        LayerCase.Realistic("ResNet-50", new Linear(2048, 1000), new Shape(1, 2048)),
        LayerCase.Realistic("VGG, second", new Linear(4096, 4096), new Shape(1, 4096)),
        LayerCase.Realistic("ViT, small, first of its block", new Linear(192, 768) { Activation = Activation.Gelu }, new Shape(197, 192)),
        LayerCase.Realistic("ViT, small, second", new Linear(768, 192), new Shape(197, 768)),
        LayerCase.Realistic("a batch of 64", new Linear(784, 512) { Activation = Activation.Relu }, new Shape(64, 784)),
        LayerCase.Realistic("LeNet-5", new Linear(400, 120) { Activation = Activation.Tanh }, new Shape(1, 400)),
    ];

    private static LayerCase Case(string name, Linear layer, int batch) => new(name, layer, (x, parameters) => DoubleTensor.Fill(new Shape(batch, layer.OutFeatures), (n, o, _, _) =>
    {
        double sum = layer.HasBias ? parameters[1][o] : 0;
        for (int i = 0; i < layer.InFeatures; i++)
            sum += parameters[0][(o * layer.InFeatures) + i] * x[0][(n * layer.InFeatures) + i];
        return ActivationOracle.Apply(layer.Activation, sum);
    }), 2e-6, new Shape(batch, layer.InFeatures));
}
