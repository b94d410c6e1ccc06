namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Resize and Upsample: one axis after the other, each output element a weighted sum of input elements.</summary>
internal static class Resizing
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Upsample"] = node => [Run(node, ScalesOf(node, 1), null, "asymmetric", "floor")],
        ["Resize"] = node => node.Opset < 11
            ? [Run(node, ScalesOf(node, 1), null, "asymmetric", "floor")]
            : [Run(node, node.Has(2) && node[2].Count > 0 ? node[2].Values : null, node.Has(3) ? node[3].Longs : null, node.Text("coordinate_transformation_mode", "half_pixel"), node.Text("nearest_mode", "round_prefer_floor"))],
    };

    private static double[] ScalesOf(OracleNode node, int input) => node.Find("scales") is { } attribute ? [.. attribute.Floats.Select(scale => (double)scale)] : node[input].Values;

    private static OracleTensor Run(OracleNode node, double[]? scales, long[]? sizes, string coordinates, string rounding)
    {
        var x = node.X;
        for (int axis = 0; axis < node.X.Rank; axis++)
        {
            int extent = node.X.Shape[axis], wanted = sizes != null ? (int)sizes[axis] : (int)Math.Floor(extent * scales![axis]);
            double scale = scales?[axis] ?? (double)wanted / extent;
            if (scale != 1 || wanted != extent)
                x = Along(x, axis, wanted, i => Weights(node.Text("mode", "nearest"), Position(coordinates, i, scale, extent, wanted), rounding));
        }

        return x;
    }

    private static OracleTensor Along(OracleTensor x, int axis, int wanted, Func<int, IEnumerable<(int Index, double Weight)>> weights)
    {
        int[] shape = [.. x.Shape];
        shape[axis] = wanted;
        return OracleTensor.Build(x.Type, shape, at => weights(at[axis]).Sum(tap =>
        {
            int[] place = [.. at];
            place[axis] = Math.Clamp(tap.Index, 0, x.Shape[axis] - 1);
            return tap.Weight * x.At(place);
        }));
    }

    private static double Position(string coordinates, int i, double scale, int extent, int wanted) => coordinates switch
    {
        "asymmetric" => i / scale,
        "align_corners" => wanted == 1 ? 0 : i * (extent - 1.0) / (wanted - 1),
        "pytorch_half_pixel" => wanted == 1 ? 0 : ((i + 0.5) / scale) - 0.5,
        _ => ((i + 0.5) / scale) - 0.5,
    };

    private static IEnumerable<(int Index, double Weight)> Weights(string mode, double position, string rounding)
    {
        double floor = Math.Floor(position), fraction = position - floor;
        if (mode == "linear")
            return [((int)floor, 1 - fraction), ((int)floor + 1, fraction)];
        bool up = rounding switch
        {
            "floor" => false,
            "ceil" => fraction > 0,
            "round_prefer_ceil" => fraction >= 0.5,
            _ => fraction > 0.5,
        };
        return [((int)floor + (up ? 1 : 0), 1)];
    }
}
