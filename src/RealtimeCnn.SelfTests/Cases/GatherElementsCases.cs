using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GatherElementsCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("first axis", 0, new Shape(3, 5), new Shape(7, 4)),
        Case("middle axis", 1, new Shape(2, 3, 5), new Shape(2, 1, 5)),
        Case("last axis, from the end", -1, new Shape(2, 3, 4), new Shape(2, 3, 9)),
        Case("one element", 0, new Shape(3), new Shape(1)),
        Case("an index outside", 0, new Shape(3), new Shape(4)) with { Input = (input, random) => input == 0 ? 1 : random.Next(2, 4), WithoutSlopes = "an index outside gives a NaN" },
    ];

    private static LayerCase Case(string name, int axis, Shape data, Shape indices) =>
        new(name, new GatherElements(axis), (x, _) => Compute(axis, x[0], x[1]), 0, data, indices)
        {
            CpuOnly = true,
            // Indices in [−3, 2], inside every gathered axis above.
            Input = (input, random) => input == 0 ? random.NextSingle() : random.Next(-3, 3),
        };

    private static DoubleTensor Compute(int axis, DoubleTensor x, DoubleTensor indices)
    {
        axis = axis < 0 ? axis + x.Shape.Rank : axis;
        var result = new DoubleTensor(indices.Shape);
        for (int flat = 0; flat < result.Values.Length; flat++)
        {
            int source = 0, rest = flat, stride = 1;
            bool isInside = true;
            for (int i = x.Shape.Rank - 1; i >= 0; i--)
            {
                int at = rest % indices.Shape[i];
                rest /= indices.Shape[i];
                int? index = i == axis ? Coordinates.Index(indices[flat], x.Shape[i]) : at;
                isInside &= index != null;
                source += (index ?? 0) * stride;
                stride *= x.Shape[i];
            }

            result[flat] = isInside ? x[source] : double.NaN;
        }

        return result;
    }
}
