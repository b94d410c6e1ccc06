using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Fuzz.Operators;

/// <summary>Convolution and pooling over one or two axes: windows of any extent, step, gap and padding that fit.</summary>
internal static class Windows
{
    public static IEnumerable<OperatorDraw> All =>
    [
        new("Conv", d => Conv(d)) { IsTame = true },
        new("ConvTranspose", ConvTranspose) { IsTame = true },
        new("ConvInteger", ConvInteger) { Since = 10 },
        new("MaxPool", d => Pool(d, "MaxPool", ("ceil_mode", d.Opset > 9 ? d.Maybe(d.Chance(0.5)) : null))) { Since = 10, IsTame = true },
        new("AveragePool", d => Pool(d, "AveragePool", ("count_include_pad", d.Maybe(d.Chance(0.5))), ("ceil_mode", d.Maybe(d.Chance(0.5))))) { Since = 10, IsTame = true },
        new("LpPool", d => Pool(d, "LpPool", ("p", d.Maybe(d.Next(1, 3))))) { IsTame = true },
        Global("GlobalAveragePool"), Global("GlobalMaxPool"), Global("GlobalLpPool"),
    ];

    /// <summary>A convolution: plain, pointwise, depthwise or in groups.</summary>
    public static Operand Conv(Draft d)
    {
        var x = d.Floats(d.Any(3, 4, 4, 4));
        var window = Window(d, x.Shape, 5);
        int channels = x.Shape[1], groups = d.Any(1, 1, channels, Divisor(d, channels)), output = groups * d.Any(1, 2, 3, 5, 17);
        double spread = 1.5 / Math.Sqrt(channels / groups * window.Kernel.Aggregate(1, (product, extent) => product * extent));
        var weight = d.Constant([output, channels / groups, .. window.Kernel], -spread, spread);
        return d.Node("Conv", d.Chance(0.7) ? [x, weight, d.Constant([output])] : [x, weight],
            [("group", groups > 1 ? groups : d.Maybe(1)), ("kernel_shape", d.Maybe(window.Kernel)), .. window.Attributes]);
    }

    private static void ConvTranspose(Draft d)
    {
        var x = d.Floats(d.Any(3, 4, 4));
        int axes = x.Rank - 2, channels = x.Shape[1], groups = d.Any(1, 1, channels, Divisor(d, channels)), output = d.Any(1, 2, 3, 5);
        int[] kernel = Many(axes, () => d.Next(1, 4)), strides = Many(axes, () => d.Next(1, 3)), dilations = Many(axes, () => d.Next(1, 2));
        int[] pads = Many(2 * axes, () => 0), added = Many(axes, () => 0);
        for (int i = 0; i < axes; i++)
        {
            int reach = ((kernel[i] - 1) * dilations[i]) + 1;
            (pads[i], pads[axes + i]) = (d.Next(0, (reach - 1) / 2), d.Next(0, (reach - 1) / 2));
            added[i] = d.Next(0, Math.Max(strides[i], dilations[i]) - 1);
        }

        double spread = 1.5 / Math.Sqrt(channels / groups);
        var weight = d.Constant([channels, output, .. kernel], -spread, spread);
        d.Node("ConvTranspose", d.Chance(0.7) ? [x, weight, d.Constant([output * groups])] : [x, weight],
            ("group", groups > 1 ? groups : null), ("strides", strides), ("dilations", dilations), ("pads", pads), ("output_padding", added.Any(extent => extent > 0) ? added : null));
    }

    private static void ConvInteger(Draft d)
    {
        var x = d.Whole([1, d.Next(1, 5), d.Next(3, 9), d.Next(3, 9)], 0, 15, OnnxType.UInt8);
        var weight = d.Constant([d.Next(1, 17), x.Shape[1], 3, 3], () => d.Next(0, 15), OnnxType.UInt8);
        d.Node("ConvInteger", d.Chance(0.5) ? [x, weight, d.Scalar(d.Next(0, 9), OnnxType.UInt8)] : [x, weight], ("pads", d.Maybe(new[] { 1, 1, 1, 1 })));
    }

    private static void Pool(Draft d, string op, params (string, object?)[] more)
    {
        var x = d.Floats(d.Any(3, 4, 4, 4));
        var window = Window(d, x.Shape, 4);
        bool mayDilate = op == "MaxPool" || d.Opset >= (op == "LpPool" ? 18 : 19);
        d.Node(op, [x], [("kernel_shape", window.Kernel), .. window.Attributes.Where(attribute => mayDilate || attribute.Name != "dilations"), .. more]);
    }

    private static OperatorDraw Global(string op) => new(op, d => d.Node(op, [d.LongFloats(d.Any(3, 4, 4))], ("p", op == "GlobalLpPool" ? d.Maybe(d.Next(1, 3)) : null))) { IsTame = true };

    /// <summary>A window that fits an input, and whose every place covers at least one element.</summary>
    private static (int[] Kernel, (string Name, object? Value)[] Attributes) Window(Draft d, int[] shape, int most)
    {
        int axes = shape.Length - 2;
        int[] kernel = new int[axes], dilations = new int[axes], pads = new int[2 * axes];
        for (int i = 0; i < axes; i++)
        {
            int extent = shape[i + 2];
            kernel[i] = d.Next(1, Math.Min(most, extent));
            dilations[i] = kernel[i] > 1 && d.Chance(0.3) ? d.Next(1, Math.Max((extent - 1) / (kernel[i] - 1), 1)) : 1;
            // Padding below the window's own extent: no window lies in the padding alone.
            (pads[i], pads[axes + i]) = dilations[i] == 1 ? (d.Next(0, kernel[i] - 1), d.Next(0, kernel[i] - 1)) : (0, 0);
        }

        int[] strides = Many(axes, () => d.Any(1, 1, 2, 3));
        bool isPlain = dilations.All(step => step == 1);
        object? auto = isPlain && d.Chance(0.15) ? d.Any("SAME_UPPER", "SAME_LOWER", "VALID") : null;
        return (kernel, [("strides", strides.All(step => step == 1) ? d.Maybe(strides) : strides), ("dilations", isPlain ? null : dilations), ("auto_pad", auto), ("pads", auto == null ? pads : null)]);
    }

    private static int[] Many(int count, Func<int> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    private static int Divisor(Draft d, int number) => d.Any([.. Enumerable.Range(1, number).Where(divisor => number % divisor == 0)]);
}
