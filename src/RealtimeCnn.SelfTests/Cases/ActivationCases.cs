using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class ActivationCases
{
    private static readonly ActivationLayer[] Layers =
    [
        new Clip(-0.5f, 0.25f), new LeakyRelu(), new LeakyRelu(0.3f), new Elu(), new Elu(1.7f), new Selu(), new Celu(), new Celu(0.6f),
        new Sigmoid(), new Tanh(), new HardSigmoid(), new HardSigmoid(0.2f, 0.4f), new HardSwish(), new Silu(), new Mish(), new Gelu(),
        new Gelu(IsTanhForm: true), new Softplus(), new Softsign(), new ThresholdedRelu(), new ThresholdedRelu(-0.5f),
    ];

    public static IEnumerable<LayerCase> All => Layers.SelectMany(layer => new[]
    {
        Case(layer, "a vector, near 0", new Shape(37), 1e-3f),
        Case(layer, "a picture", new Shape(2, 5, 3, 7), 4),
        Case(layer, "17 channels, far out", new Shape(1, 17, 4, 5), 30),
    }).Concat(Enum.GetValues<ActivationFunction>().Select(Fused));

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("relu6", new Relu6()),
        new("leaky_relu", new LeakyRelu(0.2f)),
        new("elu", new Elu(0.75f)),
        new("selu", new Selu()),
        new("celu", new Celu(0.75f)),
        new("sigmoid", new Sigmoid()),
        new("tanh", new Tanh()),
        new("hardsigmoid", new HardSigmoid()),
        new("hardswish", new HardSwish()),
        new("silu", new Silu()),
        new("mish", new Mish()),
        new("gelu", new Gelu()),
        new("gelu, tanh", new Gelu(IsTanhForm: true)),
        new("softplus", new Softplus()),
        new("softsign", new Softsign()),
        new("hardtanh", new Clip(-0.5f, 1.5f)),
        new("threshold", new ThresholdedRelu(1)),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("MobileNetV3", new HardSwish(), new Shape(1, 16, 112, 112)),
        LayerCase.Realistic("YOLO", new Silu(), new Shape(1, 64, 80, 80)),
        LayerCase.Realistic("a gate", new Sigmoid(), new Shape(1, 72, 1, 1)),
    ];

    private static LayerCase Case(ActivationLayer layer, string name, Shape shape, float range) =>
        new($"{layer.Activation}: {name}", layer, (x, _) => DoubleTensor.Map(x[0], value => ActivationOracle.Apply(layer.Activation, value)), 1e-6, shape)
        {
            Lowest = -range, Highest = range,
        };

    private static LayerCase Fused(ActivationFunction function)
    {
        var layer = new Conv2d(5, 18, 3) { Padding = 1, Activation = new Activation(function, 0.5f, 0.75f) };
        return new LayerCase($"fused {function}", layer, (x, parameters) => ConvolutionOracle.Compute(layer, x, parameters), 2e-6, new Shape(1, 5, 4, 6));
    }
}
