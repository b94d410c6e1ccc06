using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Oracle;

/// <summary>Convolution and pooling: windows over every axis behind the channels.</summary>
internal static class Windows
{
    public static Dictionary<string, Definition> Definitions { get; } = new()
    {
        ["Conv"] = node => [Convolve(node, node.X, node[1], node.Has(2) ? node[2] : null)],
        ["ConvInteger"] = node => [Convolve(node, node.X.Map(value => value - Zero(node, 2)), node[1].Map(value => value - Zero(node, 3)), null) with { Type = OnnxType.Int32 }],
        ["ConvTranspose"] = Transpose,
        ["MaxPool"] = node => [Slide(node, (inside, _) => inside.Max())],
        ["AveragePool"] = node => [Slide(node, (inside, padded) => inside.Sum() / (node.Flag("count_include_pad") ? padded : inside.Count))],
        ["LpPool"] = node => [Slide(node, (inside, _) => Norm(inside, node.Int("p", 2)))],
        ["GlobalAveragePool"] = node => [Global(node, values => values.Average())],
        ["GlobalMaxPool"] = node => [Global(node, values => values.Max())],
        ["GlobalLpPool"] = node => [Global(node, values => Norm(values, node.Int("p", 2)))],
    };

    private static double Zero(OracleNode node, int input) => node.Has(input) ? node[input].Values[0] : 0;

    private static double Norm(IEnumerable<double> values, double p) => Math.Pow(values.Sum(value => Math.Pow(Math.Abs(value), p)), 1 / p);

    private static OracleTensor Global(OracleNode node, Func<IEnumerable<double>, double> function)
    {
        int area = OracleTensor.Size(node.X.Shape[2..]);
        int[] shape = [node.X.Shape[0], node.X.Shape[1], .. Enumerable.Repeat(1, node.X.Rank - 2)];
        return OracleTensor.Build(node.X.Type, shape, at => function(node.X.Values.Skip(((at[0] * shape[1]) + at[1]) * area).Take(area)));
    }

    internal static OracleTensor Convolve(OracleNode node, OracleTensor x, OracleTensor weight, OracleTensor? bias)
    {
        int[] kernel = weight.Shape[2..];
        var window = Window.Read(node, x.Shape[2..], kernel);
        int groups = (int)node.Int("group", 1), inEach = x.Shape[1] / groups, outEach = weight.Shape[0] / groups;
        return OracleTensor.Build(x.Type, [x.Shape[0], weight.Shape[0], .. window.Output], at =>
        {
            double sum = bias?.Values[at[1]] ?? 0;
            for (int c = 0; c < inEach; c++)
            {
                foreach (var (tap, place, isInside, _) in window.Taps(at[2..]))
                {
                    if (isInside)
                        sum += weight.At([at[1], c, .. tap]) * x.At([at[0], (at[1] / outEach * inEach) + c, .. place]);
                }
            }

            return sum;
        });
    }

    /// <summary>Every element of the input is spread over the output, and the padding is cut off.</summary>
    private static OracleTensor[] Transpose(OracleNode node)
    {
        OracleTensor x = node.X, weight = node[1];
        int axes = x.Rank - 2, groups = (int)node.Int("group", 1), outEach = weight.Shape[1], inEach = x.Shape[1] / groups;
        long[] strides = node.Ints("strides") ?? [.. Enumerable.Repeat(1L, axes)], dilations = node.Ints("dilations") ?? [.. Enumerable.Repeat(1L, axes)];
        long[] pads = node.Ints("pads") ?? new long[2 * axes], added = node.Ints("output_padding") ?? new long[axes];
        int[] output = [.. Enumerable.Range(0, axes).Select(i => (int)((strides[i] * (x.Shape[i + 2] - 1)) + added[i] + ((weight.Shape[i + 2] - 1) * dilations[i]) + 1 - pads[i] - pads[axes + i]))];
        int[] shape = [x.Shape[0], outEach * groups, .. output];
        var result = OracleTensor.Build(x.Type, shape, at => node.Has(2) ? node[2].Values[at[1]] : 0);
        for (int i = 0; i < x.Count; i++)
        {
            int[] from = OracleTensor.Coordinates(x.Shape, i);
            for (int j = 0; j < weight.Count / weight.Shape[0]; j++)
            {
                int[] tap = OracleTensor.Coordinates([outEach, .. weight.Shape[2..]], j);
                int[] to = [from[0], (from[1] / inEach * outEach) + tap[0], .. Enumerable.Range(0, axes).Select(axis => (int)((from[axis + 2] * strides[axis]) + (tap[axis + 1] * dilations[axis]) - pads[axis]))];
                if (to.Zip(shape).All(pair => pair.First >= 0 && pair.First < pair.Second))
                    result.Values[to.Zip(shape).Aggregate(0, (flat, pair) => (flat * pair.Second) + pair.First)] += x.Values[i] * weight.At([from[1], .. tap]);
            }
        }

        return [result];
    }

    private static OracleTensor Slide(OracleNode node, Func<List<double>, int, double> reduce)
    {
        var x = node.X;
        var window = Window.Read(node, x.Shape[2..], Array.ConvertAll(node.Ints("kernel_shape")!, extent => (int)extent));
        return OracleTensor.Build(x.Type, [.. x.Shape[..2], .. window.Output], at =>
        {
            var taps = window.Taps(at[2..]).ToList();
            return reduce([.. taps.Where(tap => tap.IsInside).Select(tap => x.At([at[0], at[1], .. tap.Place]))], taps.Count(tap => tap.IsPadded));
        });
    }

    /// <summary>Where windows lie.</summary>
    private sealed record Window(int[] Input, int[] Kernel, long[] Strides, long[] Dilations, long[] Begin, long[] End, int[] Output)
    {
        public static Window Read(OracleNode node, int[] input, int[] kernel)
        {
            int axes = input.Length;
            long[] strides = node.Ints("strides") ?? [.. Enumerable.Repeat(1L, axes)], dilations = node.Ints("dilations") ?? [.. Enumerable.Repeat(1L, axes)];
            long[] pads = node.Ints("pads") ?? new long[2 * axes], begin = pads[..axes], end = pads[axes..];
            string auto = node.Text("auto_pad", "NOTSET");
            int[] output = new int[axes];
            for (int i = 0; i < axes; i++)
            {
                long reach = ((kernel[i] - 1) * dilations[i]) + 1;
                if (auto.StartsWith("SAME", StringComparison.Ordinal))
                {
                    long total = Math.Max(((((input[i] + strides[i] - 1) / strides[i]) - 1) * strides[i]) + reach - input[i], 0);
                    (begin[i], end[i]) = auto == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
                }

                long room = input[i] + begin[i] + end[i] - reach;
                bool ceils = node.Flag("ceil_mode");
                long last = ceils ? (room + strides[i] - 1) / strides[i] : room / strides[i];
                // A window that is there for the rounding alone, and begins in the padding behind, is left out.
                output[i] = (int)(ceils && last * strides[i] >= input[i] + begin[i] ? last : last + 1);
            }

            return new Window(input, kernel, strides, dilations, begin, end, output);
        }

        /// <summary>The elements of one window: the place in the window, that in the input, and whether it lies in the input, or at least in its padding.</summary>
        public IEnumerable<(int[] Tap, int[] Place, bool IsInside, bool IsPadded)> Taps(int[] at)
        {
            for (int flat = 0; flat < OracleTensor.Size(Kernel); flat++)
            {
                int[] tap = OracleTensor.Coordinates(Kernel, flat);
                int[] place = [.. tap.Select((offset, i) => (int)((at[i] * Strides[i]) - Begin[i] + (offset * Dilations[i])))];
                bool inside = place.Zip(Input).All(pair => pair.First >= 0 && pair.First < pair.Second);
                yield return (tap, place, inside, place.Select((position, i) => position < Input[i] + End[i]).All(fits => fits));
            }
        }
    }
}
