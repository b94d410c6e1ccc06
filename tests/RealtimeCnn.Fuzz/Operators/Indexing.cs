using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Operators that choose elements by numbers, constant or computed.</summary>
internal static class Indexing
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("Gather", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            int axis = d.Axis(x.Rank), extent = x.Shape[axis < 0 ? axis + x.Rank : axis];
            d.Node("Gather", [x, Indices(d, d.Shape(d.Next(0, 2)), extent)], ("axis", axis));
        }) { IsTame = true },
        new("GatherElements", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            int axis = d.Axis(x.Rank), place = axis < 0 ? axis + x.Rank : axis;
            d.Node("GatherElements", [x, Indices(d, [.. x.Shape.Select((extent, i) => i == place ? d.Next(1, 5) : d.Next(1, extent))], x.Shape[place])], ("axis", axis));
        }) { Since = 11 },
        new("GatherND", d =>
        {
            var x = d.Floats(d.Next(1, 4));
            int batch = x.Rank > 1 && d.Opset >= 12 ? d.Next(0, 1) : 0, depth = d.Next(1, x.Rank - batch);
            int next = 0;
            var indices = d.Input([.. x.Shape[..batch], d.Next(1, 5), depth], () => d.Next(0, x.Shape[batch + (next++ % depth)] - 1), OnnxType.Int64);
            d.Node("GatherND", [x, indices], ("batch_dims", batch > 0 ? batch : null));
        }) { Since = 11 },
        new("OneHot", d =>
        {
            int depth = d.Next(1, 17), rank = d.Next(1, 3);
            double[] values = [d.Real(-1, 1), d.Real(-1, 1)];
            int i = 0;
            d.Node("OneHot", [d.Whole(d.Shape(rank)[..rank], 0, depth - 1), d.Scalar(depth, OnnxType.Int64), d.Constant([2], () => values[i++])], ("axis", d.Maybe(d.Axis(rank + 1))));
        }),
        new("NonMaxSuppression", d =>
        {
            int boxes = d.Next(1, 33), classes = d.Next(1, 3), next = 0;
            double[] corner = new double[2];
            var place = d.Input([1, boxes, 4], () => next++ % 4 < 2 ? corner[(next - 1) % 2] = d.Real(0, 10) : corner[(next - 1) % 2] + d.Real(1, 3));
            d.Node("NonMaxSuppression", [place, d.Input([1, classes, boxes], 0, 1), d.Scalar(d.Next(1, 9), OnnxType.Int64), d.Scalar(d.Real(0.1, 0.9)), d.Scalar(d.Real(0, 0.5))]);
        }) { Since = 10 },
    ];

    private static Operand Indices(Draft d, int[] shape, int extent)
    {
        int low = d.Opset >= 11 ? -extent : 0;
        return d.Chance(0.5) ? d.Constant(shape, () => d.Next(low, extent - 1), OnnxType.Int64) : d.Whole(shape, low, extent - 1);
    }
}
