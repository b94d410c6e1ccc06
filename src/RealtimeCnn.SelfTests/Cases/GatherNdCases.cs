using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests.Cases;

internal static class GatherNdCases
{
    public static IEnumerable<LayerCase> All =>
    [
        Case("whole coordinates", 0, new Shape(3, 4), new Shape(5, 2)),
        Case("slices", 0, new Shape(3, 4, 5), new Shape(2, 3, 2)),
        Case("one batch axis", 1, new Shape(3, 4, 5), new Shape(3, 7, 1)),
        Case("one element", 0, new Shape(2), new Shape(1, 1)),
    ];

    private static LayerCase Case(string name, int batchAxes, Shape data, Shape indices) =>
        new(name, new GatherNd(batchAxes), (x, _) => Compute(batchAxes, x[0], x[1]), 0, data, indices)
        {
            CpuOnly = true,
            // Indices in [−2, 1], inside every axis above.
            Input = (input, random) => input == 0 ? random.NextSingle() : random.Next(-2, 2),
        };

    private static DoubleTensor Compute(int batchAxes, DoubleTensor x, DoubleTensor indices)
    {
        int length = indices.Shape[indices.Shape.Rank - 1];
        var result = new DoubleTensor(new Shape([.. indices.Shape.ToArray()[..^1], .. x.Shape.ToArray()[(batchAxes + length)..]]));
        int slice = x.Shape.Product(batchAxes + length, x.Shape.Rank), vectors = indices.Values.Length / length;
        int vectorsPerBatch = vectors / indices.Shape.Product(0, batchAxes);
        for (int vector = 0; vector < vectors; vector++)
        {
            int at = vector / vectorsPerBatch;
            bool isInside = true;
            for (int i = 0; i < length; i++)
            {
                int extent = x.Shape[batchAxes + i];
                int? index = Coordinates.Index(indices[(vector * length) + i], extent);
                isInside &= index != null;
                at = (at * extent) + (index ?? 0);
            }

            for (int i = 0; i < slice; i++)
                result[(vector * slice) + i] = isInside ? x[(at * slice) + i] : double.NaN;
        }

        return result;
    }
}
