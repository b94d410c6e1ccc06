using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>The attributes that convolutions and pooling share. A window over one axis runs as one over two, through a height of 1.</summary>
/// <param name="Kernel">Extent of the window.</param>
/// <param name="Stride">Step between windows.</param>
/// <param name="Dilation">Step between the elements of a window.</param>
/// <param name="Padding">Explicit padding, or the rule of <c>auto_pad</c>.</param>
internal readonly record struct WindowAttributes(Size2d Kernel, Size2d Stride, Size2d Dilation, Padding2d Padding)
{
    /// <param name="node">The operator.</param>
    /// <param name="x">Shape of its input, <c>[N, C, L]</c> or <c>[N, C, H, W]</c>.</param>
    /// <param name="weight">Shape of the weight, whose last axes say the window where the attribute does not; null for pooling.</param>
    public static WindowAttributes Read(OnnxNode node, Shape x, Shape? weight = null)
    {
        int axes = x.Rank - 2;
        if (axes is not (1 or 2))
            throw OnnxNode.Unsupported("input", $"{x} has {axes} window axes; 1 and 2 are supported.");
        long[] kernel = node.Ints("kernel_shape")
            ?? (weight is { } w && w.Rank == x.Rank ? w.ToArray()[2..].Map(extent => (long)extent) : throw OnnxNode.Problem("attribute 'kernel_shape'", "is missing."));
        if (weight is { } given && (given.Rank != x.Rank || !given.ToArray()[2..].Select(extent => (long)extent).SequenceEqual(kernel)))
            throw OnnxNode.Problem("W", $"{given} does not fit the kernel {string.Join('×', kernel)} and the input {x}.");
        long[] strides = node.Ints("strides") ?? [.. Enumerable.Repeat(1L, axes)];
        long[] dilations = node.Ints("dilations") ?? [.. Enumerable.Repeat(1L, axes)];
        return new WindowAttributes(Pair("kernel_shape", kernel, axes), Pair("strides", strides, axes), Pair("dilations", dilations, axes), ReadPadding(node, axes));
    }

    /// <summary>Two numbers for height and width of one or two given.</summary>
    public static Size2d Pair(string name, long[] values, int axes, int otherwise = 1)
    {
        // What stands for an axis that is not there is also the least an axis can have.
        if (values.Length != axes || values.Any(value => value < otherwise || value > int.MaxValue))
            throw OnnxNode.Problem($"attribute '{name}'", $"[{string.Join(", ", values)}] must be {axes} numbers, at least {otherwise}.");
        return axes == 1 ? new Size2d(otherwise, (int)values[0]) : new Size2d((int)values[0], (int)values[1]);
    }

    private static Padding2d ReadPadding(OnnxNode node, int axes)
    {
        long[]? pads = node.Ints("pads");
        string auto = node.Text("auto_pad", "NOTSET");
        switch (auto)
        {
            case "SAME_UPPER":
                return Padding2d.SameUpper;
            case "SAME_LOWER":
                return Padding2d.SameLower;
            case "VALID":
                return default;
            case "NOTSET" or "":
                pads ??= new long[2 * axes];
                if (pads.Length != 2 * axes || pads.Any(pad => pad > int.MaxValue))
                    throw OnnxNode.Problem("attribute 'pads'", $"[{string.Join(", ", pads)}] must be {2 * axes} numbers.");
                if (pads.Any(pad => pad < 0))
                    throw OnnxNode.Unsupported("attribute 'pads'", $"[{string.Join(", ", pads)}] cuts elements off; 0 and positive numbers are supported.");
                return axes == 1
                    ? new Padding2d(0, (int)pads[0], 0, (int)pads[1])
                    : new Padding2d((int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3]);
            default:
                throw OnnxNode.Problem("attribute 'auto_pad'", $"is '{auto}'; NOTSET, SAME_UPPER, SAME_LOWER and VALID are possible.");
        }
    }
}
