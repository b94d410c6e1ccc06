using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class DropoutCases
{
    public static IEnumerable<LayerCase> All =>
    [
        .. new[] { new Shape(1), new Shape(37), new Shape(2, 5, 7, 3), new Shape(1, 17, 31, 33) }.SelectMany(shape => new[]
        {
            Case($"inference, {shape}", new Dropout(), shape),
            Case($"training, {shape}", new Dropout(0.4f), shape, RunMode.Training(seed: 7)),
        }),
        Case("nothing dropped", new Dropout(0), new Shape(3, 5), RunMode.Training()),
    ];

    public static IEnumerable<RefusedCase> Refused =>
    [
        new(new Dropout(1), [new Shape(1, 3)], "rate"),
        new(new Dropout(-0.1f), [new Shape(1, 3)], "rate"),
        new(new Dropout(float.NaN), [new Shape(1, 3)], "rate"),
    ];

    public static IEnumerable<RecordedCase> Recorded => [new("dropout", new Dropout())];

    public static IEnumerable<VastCase> Vast => [new(new Dropout(0), 3) { IsRow = true, Mode = RunMode.Training() }];

    // The mask is written out once more here, so that it cannot change without notice.
    private static LayerCase Case(string name, Dropout layer, Shape input, RunMode mode = default) => new(name, layer, (x, _) =>
    {
        var y = new DoubleTensor(input);
        uint key = MaskKey(mode.Seed, "layer", 0);
        for (int i = 0; i < y.Values.Length; i++)
            y[i] = !mode.IsTraining ? x[0][i] : PcgHash(unchecked((uint)i) ^ key) / 4294967296.0 >= layer.Rate ? x[0][i] * (double)(1 / (1 - layer.Rate)) : 0;
        return y;
    }, 0, input) { Mode = mode };

    private static uint MaskKey(int seed, string node, uint step)
    {
        uint name = 2166136261;
        foreach (char letter in node)
            name = unchecked((name ^ letter) * 16777619);
        return PcgHash(PcgHash(unchecked((uint)seed)) ^ name ^ PcgHash(step));
    }

    private static uint PcgHash(uint x)
    {
        unchecked
        {
            x = (x * 747796405u) + 2891336453u;
            x = ((x >> (int)((x >> 28) + 4u)) ^ x) * 277803737u;
            return (x >> 22) ^ x;
        }
    }
}
