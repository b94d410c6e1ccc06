using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Export;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>
/// Resize and Upsample. What <see cref="Resize2d"/> does becomes one; everything else (cubic, antialiasing, cropping, other
/// axes) is linear along one axis at a time, and becomes a product with a constant matrix for each.
/// </summary>
internal static class Resizing
{
    /// <summary>Upsample (up to opset 9): every scale at least 1, asymmetric coordinates, the nearest pixel before.</summary>
    public static void Upsample(OnnxNode node)
    {
        var x = node.Input(0);
        double[] scales = node.Floats("scales") is { } given ? Array.ConvertAll(given, scale => (double)scale) : node.Constant(1, "scales").ToDoubles();
        if (scales.Length != x.Shape.Rank)
            throw OnnxNode.Problem("scales", $"has {scales.Length} numbers; the input {x.Shape} has {x.Shape.Rank} axes.");
        node.Return(Run(node, x, Legacy(node), [.. Enumerable.Range(0, scales.Length)], scales, null));
    }

    public static void Resize(OnnxNode node)
    {
        var x = node.Input(0);
        if (node.Opset < 11)
        {
            // Opset 10 leaves the rounding open; as ONNX Runtime has it, shrinking takes the pixel behind.
            double[] factors = node.Constant(1, "scales").ToDoubles();
            if (factors.Length != x.Shape.Rank)
                throw OnnxNode.Problem("scales", $"has {factors.Length} numbers; the input {x.Shape} has {x.Shape.Rank} axes.");
            var rule = Legacy(node);
            int[] growing = [.. Enumerable.Range(0, factors.Length).Where(axis => factors[axis] >= 1)], shrinking = [.. Enumerable.Range(0, factors.Length).Except(growing)];
            var grown = Run(node, x, rule, growing, growing.Map(axis => factors[axis]), null);
            node.Return(Run(node, grown, rule with { Nearest = "ceil" }, shrinking, shrinking.Map(axis => factors[axis]), null));
            return;
        }

        int rank = x.Shape.Rank;
        int[] axes = node.Ints("axes") is { } given ? OnnxNode.Axes(given, rank) : [.. Enumerable.Range(0, rank)];
        double[]? scales = node.OptionalConstant(2, "scales") is { Count: > 0 } s ? s.ToDoubles() : null;
        long[]? sizes = node.OptionalConstant(3, "sizes") is { Count: > 0 } z ? z.ToInt64s() : null;
        if (scales == null == (sizes == null) || (scales?.Length ?? sizes!.Length) != axes.Length)
            throw OnnxNode.Problem("scales and sizes", $"exactly one of them must be given, with one number for each of the {axes.Length} axes.");
        string mode = node.Text("mode", "nearest"), coordinates = node.Text("coordinate_transformation_mode", "half_pixel");
        var options = new ResizeRule(mode, coordinates, node.Text("nearest_mode", "round_prefer_floor"))
        {
            CubicCoefficient = node.Float("cubic_coeff_a", -0.75f),
            ExcludeOutside = node.Flag("exclude_outside"),
            Antialias = node.Flag("antialias"),
            Extrapolation = node.Float("extrapolation_value", 0),
        };
        options.Validate();
        if (coordinates == "tf_crop_and_resize")
            options = options with { Regions = ReadRegions(node, axes, rank) };
        if (sizes != null)
            (sizes, scales) = Fit(node, x.Shape, axes, sizes, node.Text("keep_aspect_ratio_policy", "stretch"));
        node.Return(Run(node, x, options, axes, scales!, sizes));
    }

    /// <summary>Writes the layer as Resize.</summary>
    public static void Write(ExportNode node)
    {
        var layer = (Resize2d)node.Node.Layer;
        // Files align the corners of the size before it is rounded, the layer those of whole pixels: then the size itself is written.
        bool byScale = layer.Size == null && (layer.Coordinates != ResizeCoordinates.AlignCorners
            || (layer.ScaleHeight * node.Shapes[0].Height == node.Output.Height && layer.ScaleWidth * node.Shapes[0].Width == node.Output.Width));
        string[] operands = byScale
            ? [node.Input(), string.Empty, node.Constant(OnnxTensor.From(OnnxType.Float, new Shape(4), [1.0, 1, layer.ScaleHeight, layer.ScaleWidth]), "scales")]
            : [node.Input(), string.Empty, string.Empty, node.Vector("sizes", node.Output.ToArray())];
        node.Result(
            "Resize",
            operands,
            Attributes.Text("mode", layer.Mode == ResizeMode.Linear ? "linear" : "nearest"),
            Attributes.Text("coordinate_transformation_mode", layer.Coordinates switch
            {
                ResizeCoordinates.HalfPixel => "half_pixel",
                ResizeCoordinates.PyTorchHalfPixel => "pytorch_half_pixel",
                ResizeCoordinates.Asymmetric => "asymmetric",
                _ => "align_corners",
            }),
            Attributes.Text("nearest_mode", layer.Rounding switch
            {
                NearestRounding.PreferFloor => "round_prefer_floor",
                NearestRounding.PreferCeil => "round_prefer_ceil",
                NearestRounding.Floor => "floor",
                _ => "ceil",
            }));
    }

    private static ResizeRule Legacy(OnnxNode node)
    {
        string mode = node.Text("mode", "nearest");
        var rule = new ResizeRule(mode == "bilinear" ? "linear" : mode, "asymmetric", "floor");
        rule.Validate();
        return rule;
    }

    private static (double Start, double End)[] ReadRegions(OnnxNode node, int[] axes, int rank)
    {
        double[] region = node.Constant(1, "roi").ToDoubles();
        if (region.Length != 2 * axes.Length)
            throw OnnxNode.Problem("roi", $"has {region.Length} numbers; {2 * axes.Length} are needed.");
        var regions = new (double, double)[rank];
        for (int i = 0; i < axes.Length; i++)
            regions[axes[i]] = (region[i], region[axes.Length + i]);
        return regions;
    }

    /// <summary>Sizes and the scales that follow from them; a policy keeps the proportions.</summary>
    private static (long[] Sizes, double[] Scales) Fit(OnnxNode node, Shape x, int[] axes, long[] sizes, string policy)
    {
        if (sizes.Any(size => size is < 1 or > int.MaxValue) || axes.Any(axis => x[axis] == 0))
            throw OnnxNode.Problem("sizes", $"[{string.Join(", ", sizes)}] must be at least 1, and the input {x} not empty.");
        double[] scales = sizes.Map((size, i) => (double)size / x[axes[i]]);
        if (policy == "stretch")
            return (sizes, scales);
        double scale = policy switch
        {
            "not_larger" => scales.Min(),
            "not_smaller" => scales.Max(),
            _ => throw OnnxNode.Problem("attribute 'keep_aspect_ratio_policy'", $"is '{policy}'; stretch, not_larger and not_smaller are possible."),
        };
        return (axes.Map(axis => (long)Math.Floor((scale * x[axis]) + 0.5)), axes.Map(_ => scale));
    }

    private static Value Run(OnnxNode node, Value x, ResizeRule rule, int[] axes, double[] scales, long[]? sizes)
    {
        if (scales.Length != axes.Length || scales.Any(scale => !(scale > 0 && scale < int.MaxValue)))
            throw OnnxNode.Problem("scales", $"[{string.Join(", ", scales)}] must be {axes.Length} numbers above 0.");
        var resized = axes.Select((axis, i) => new ResizedAxis(axis, x.Shape[axis], sizes == null ? checked(ResizeLine.Extent(x.Shape[axis], (float)scales[i])) : (int)sizes[i], scales[i]))
            .Where(axis => !axis.IsUnchanged || rule.Regions != null).ToList();
        if (resized.Any(axis => axis.Output < 1))
            throw OnnxNode.Problem("scales", $"leave nothing of {x.Shape}.");
        if (resized.Count == 0)
            return x;
        // The layer aligns the corners of whole pixels; the standard those of the unrounded size.
        bool isWhole = rule.Coordinates != "align_corners" || resized.TrueForAll(axis => axis.Scale * axis.Input == axis.Output);
        if (x.Shape.Rank == 4 && isWhole && resized.TrueForAll(axis => axis.Axis >= 2) && rule.Direct is var (mode, coordinates, rounding))
        {
            double ScaleOf(int axis) => Array.IndexOf(axes, axis) is >= 0 and var i ? scales[i] : 1;
            int OutputOf(int axis) => resized.Find(entry => entry.Axis == axis)?.Output ?? x.Shape[axis];
            var layer = sizes == null ? new Resize2d((float)ScaleOf(2), (float)ScaleOf(3)) : new Resize2d(new Size2d(OutputOf(2), OutputOf(3)));
            return node.Add(layer with { Mode = mode, Coordinates = coordinates, Rounding = rounding }, x);
        }

        return resized.Aggregate(x, (value, axis) => Along(node, value, rule, axis));
    }

    /// <summary>Resizes one axis: <c>y[o…] = Σ over i of weight[o, i] · x[i…] + outside[o]</c>.</summary>
    private static Value Along(OnnxNode node, Value x, ResizeRule rule, ResizedAxis axis)
    {
        node.Graph.Budget.Step((double)axis.Output * axis.Input, "Its weights");
        var (weights, outside) = rule.Matrix(axis);
        int outer = x.Shape.Product(0, axis.Axis), inner = x.Shape.Product(axis.Axis + 1, x.Shape.Rank);
        var flat = node.Add(new Reshape(outer, axis.Input, inner), x);
        var matrix = new Value(null, node.Graph.Keep(OnnxTensor.From(OnnxType.Float, new Shape(axis.Output, axis.Input), weights)));
        var product = node.Add(new MatMul(), [matrix, flat], x.Type);
        if (outside.Any(value => value != 0))
            product = node.Add(new Add(), [product, new Value(null, OnnxTensor.From(OnnxType.Float, new Shape(axis.Output, 1), outside))], x.Type);
        return node.Add(new Reshape(x.Shape.With(axis.Axis, axis.Output).ToArray()), product);
    }
}
