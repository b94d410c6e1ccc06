using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GlobalPoolingCases
{
    private static readonly Shape[] Inputs = [new(1, 1, 1, 1), new(2, 3, 7, 5), new(1, 16, 1, 9), new(3, 17, 4, 4), new(1, 5, 112, 113), new(2, 5, 3), new(1, 5, 2, 3, 4)];

    public static IEnumerable<LayerCase> All => Inputs.SelectMany(input => new[]
    {
        Case(new GlobalAveragePool(), input, 1e-6, _ => PoolingOracle.Average),
        Case(new GlobalMaxPool(), input, 0, _ => PoolingOracle.Max),
        Case(new GlobalLpPool(), input, 5e-6, _ => PoolingOracle.Lp(2)),
        Case(new GlobalLpPool(3), input, 5e-6, _ => PoolingOracle.Lp(3)) with { Name = $"p 3, {input}" },
        Case(new GlobalGemPool(), input, 5e-6, p => PoolingOracle.Gem(p[0], 1e-6)),
        Case(new GlobalGemPool(input.Channels), input, 5e-6, p => PoolingOracle.Gem(p[0], 1e-6)) with { Name = $"p by channel, {input}" },
    }).DistinctBy(layerCase => layerCase.Id);

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new GlobalAveragePool(), [new Shape(2, 3)], "[2, 3]"),
        new(new GlobalMaxPool(), [new Shape(2, 3, 0, 4)], "not empty"),
    ];

    public static IEnumerable<RecordedCase> Recorded =>
    [
        new("adaptive_avg_pool2d, one", new GlobalAveragePool()),
        new("adaptive_max_pool2d, one", new GlobalMaxPool()),
        new("vector_norm", new GlobalLpPool()),
        new("adaptive_avg_pool2d of powers", new GlobalGemPool()),
    ];

    public static IEnumerable<LayerCase> Realistic =>
    [
        LayerCase.Realistic("MobileNetV2", new GlobalAveragePool(), new Shape(1, 1280, 7, 7)),
        LayerCase.Realistic("squeeze-and-excitation", new GlobalAveragePool(), new Shape(1, 72, 28, 28)),
        LayerCase.Realistic("retrieval", new GlobalGemPool(), new Shape(1, 2048, 7, 7)),
    ];

    private static LayerCase Case(GlobalPoolingLayer layer, Shape input, double tolerance, Func<DoubleTensor[], PoolingOracle.Reduction> reduce) =>
        new($"{input}", layer, (x, p) => PoolingOracle.Share(new Shape([input[0], input[1], .. Enumerable.Repeat(1, input.Rank - 2)]), x[0], reduce(p)), tolerance, input) { Parameter = (_, random) => 1 + (4 * random.NextSingle()) };
}
