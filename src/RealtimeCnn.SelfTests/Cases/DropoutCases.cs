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
            Case($"training, {shape}", new Dropout(0.4f) { IsTraining = true, Seed = 7 }, shape),
        }),
        Case("nothing dropped", new Dropout(0) { IsTraining = true }, new Shape(3, 5)),
    ];

    // The mask is written out once more here, so that it cannot change without notice.
    private static LayerCase Case(string name, Dropout layer, Shape input) => new(name, layer, (x, _) =>
    {
        var y = new DoubleTensor(input);
        uint key = PcgHash(unchecked((uint)layer.Seed));
        for (int i = 0; i < y.Values.Length; i++)
            y[i] = !layer.IsTraining ? x[0][i] : PcgHash(unchecked((uint)i) ^ key) / 4294967296.0 >= layer.Rate ? (float)x[0][i] * (1 / (1 - layer.Rate)) : 0;
        return y;
    }, 0, input);

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
