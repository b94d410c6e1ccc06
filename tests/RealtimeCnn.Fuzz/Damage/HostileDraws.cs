using Google.Protobuf;
using RealtimeCnn.Fuzz.Drawing;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Fuzz.Damage;

/// <summary>
/// Files that are written to break a reader: sums and products that wrap around 32 bits to something that looks as if it fitted, and
/// small files that ask for much memory or time. They run within the product's own limits, so that its promises are what is tried.
/// </summary>
internal static class HostileDraws
{
    public static IReadOnlyList<(string Name, Action<Draft> Draw)> All { get; } =
    [
        ("window as long as 31 bits", LongWindow),
        ("pads that wrap", WrappingPads),
        ("slice that wraps", d => d.Node("Slice", [d.Input([2, 9], -1, 1), Longs(d, Extreme(d), Extreme(d)), Longs(d, Extreme(d), Extreme(d)), d.Vector(0, 1), Longs(d, Extreme(d), Extreme(d))])),
        ("extents that wrap", d => d.Node(d.Any("Expand", "Tile", "Reshape"), [d.Input([1, 1], -1, 1), Longs(d, d.Any(65_536, 1L << 31, 1L << 32), d.Any(65_536, 1L << 32, 1))])),
        ("resize to much", d => d.Node("Resize", [d.Input([1, 1, 60, 60], -1, 1), string.Empty, d.Constant([4], () => d.Any(1.0, 500, 30_000))], ("mode", d.Any("nearest", "linear", "cubic")))),
        ("many channels", d => d.Node("LRN", [Large(d, 1, d.Any(100_000, 1_000_000, 8_000_000), 1, 1)], ("size", d.Any(3, 1_000_000)))),
        ("many inputs of a graph", ManyInputs),
        ("many operands", d => d.Node(d.Any("Sum", "Max", "Concat"), Enumerable.Repeat((string)d.Input([2], -1, 1), d.Next(1_000, 50_000)), ("axis", 0))),
        ("many nodes", ManyNodes),
        ("long name", LongName),
        ("largest of many", d =>
        {
            int count = d.Next(50_000, 400_000);
            d.Nodes("TopK", [Large(d, 1, count), d.Vector(d.Any(count, count / 2))], 2);
        }),
        ("many boxes", d =>
        {
            int boxes = d.Next(10_000, 300_000);
            d.Node("NonMaxSuppression", [Large(d, 1, boxes, 4), Large(d, 1, 1, boxes), d.Scalar(boxes, OnnxType.Int64)]);
        }),
        ("large product", d =>
        {
            int size = d.Next(500, 3000);
            d.Node("Einsum", [Large(d, size, size), Large(d, size, size)], ("equation", d.Any("ab,cb->ac", "ab,bc->", "ab,cd->abcd")));
        }),
        ("much made of a constant", ConstantsOfConstants),
        ("mask of much", d => d.Nodes("Dropout", [d.Node("Expand", [d.Input([1], -1, 1), Longs(d, d.Any(1_000_000, 2_000_000_000))])], 2)),
        ("one hot in many", d => d.Node("OneHot", [d.Whole([1000], 0, 9), d.Scalar(d.Any(100_000, int.MaxValue), OnnxType.Int64), d.Constant([2])])),
        ("deep transposed convolution", d => d.Node("ConvTranspose", [d.Input([1, 1, 8, 8], -1, 1), d.Constant([1, 1, 3, 3])],
            ("strides", new[] { d.Any(1, 40_000), 60_000 }), ("dilations", new[] { d.Any(1, 1 << 30), 1 }), ("pads", new[] { 0, 0, d.Any(0, int.MaxValue), 0 }))),
    ];

    private static long Extreme(Draft d) => Extremes.Any(d.Random);

    /// <summary>Integers beyond what a double, and so a draft, can hold.</summary>
    private static string Longs(Draft d, params long[] values)
    {
        string name = d.Vector([.. values.Select(_ => 0)]);
        var bytes = ByteString.CopyFrom(OnnxTensor.Vector(values).Bytes.Span);
        if (d.Model.Graph.Initializer.FirstOrDefault(initializer => initializer.Name == name) is { } constant)
            constant.RawData = bytes;
        else
            d.Inputs[name] = OnnxTensor.Vector(values);
        return name;
    }

    /// <summary>An input that is only declared; its numbers are drawn when the file has loaded.</summary>
    private static string Large(Draft d, params int[] shape)
    {
        string name = $"large{d.Model.Graph.Input.Count}";
        var extents = shape.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent });
        d.Model.Graph.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxType.Float, Shape = new TensorShapeProto { Dim = { extents } } } } });
        return name;
    }

    /// <summary>A window that reaches over nearly 2^31 elements of padding, and fits.</summary>
    private static void LongWindow(Draft d)
    {
        int gap = d.Any(1, 1000, d.Next(2, 100_000)), extent = d.Next(1, 400);
        long kernel = ((1L << d.Any(30, 31, 32)) - d.Next(1, 5000)) / gap, reach = ((kernel - 1) * gap) + 1, before = Math.Max(reach - d.Next(1, extent), 0);
        static int Cut(long value) => (int)Math.Min(value, int.MaxValue);
        d.Node(d.Any("AveragePool", "MaxPool", "LpPool"), [d.Input([1, 1, extent, 3], -1, 1)],
            ("kernel_shape", new[] { Cut(kernel), 1 }), ("dilations", new[] { gap, 1 }), ("strides", new[] { d.Any(1, gap, int.MaxValue), 1 }), ("pads", new[] { Cut(before), 0, 0, 0 }));
    }

    private static void LongName(Draft d)
    {
        string name = new('n', d.Any(300, 5_000, 900_000));
        d.Model.Graph.Node.Add(new NodeProto { OpType = "Relu", Name = name, Input = { (string)d.Input([2], -1, 1) }, Output = { name } });
        Publish(d, name);
    }

    private static void WrappingPads(Draft d)
    {
        int near = int.MaxValue - d.Next(0, 3);
        int[] pads = d.Any<int[]>([-near, 0, -near, 0], [near, 0, near, 0], [near, 0, -near, 0], [-near, near, 2, 2]);
        d.Node("Pad", [d.Input([d.Next(1, 5), d.Next(1, 5)], -1, 1), d.Vector(pads)], ("mode", d.Any("constant", "edge", "reflect", "wrap")));
    }

    private static void ManyInputs(Draft d)
    {
        for (int count = d.Next(5_000, 300_000); count > 0; count--)
            d.Model.Graph.Input.Add(new ValueInfoProto { Name = $"i{count}", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxType.Float, Shape = new TensorShapeProto() } } });
        d.Node("Relu", [d.Input([2], -1, 1)]);
    }

    private static void ManyNodes(Draft d)
    {
        string last = d.Input([2], -1, 1);
        for (int count = d.Next(1_000, 30_000); count > 0; count--)
        {
            d.Model.Graph.Node.Add(new NodeProto { OpType = "Neg", Input = { last }, Output = { $"n{count}" } });
            last = $"n{count}";
        }

        Publish(d, last);
    }

    /// <summary>A constant of a few bytes that becomes large, and is copied by every node behind it.</summary>
    private static void ConstantsOfConstants(Draft d)
    {
        string last = "grown";
        d.Model.Graph.Node.Add(new NodeProto { OpType = "ConstantOfShape", Input = { Longs(d, d.Any(1L << 20, 1L << 24, 1L << 27)) }, Output = { last } });
        for (int count = d.Next(10, 300); count > 0; count--)
        {
            d.Model.Graph.Node.Add(new NodeProto { OpType = d.Any("Neg", "Identity", "Abs"), Input = { last }, Output = { $"grown{count}" } });
            last = $"grown{count}";
        }

        Publish(d, last);
    }

    private static void Publish(Draft d, string name) => d.Model.Graph.Output.Add(new ValueInfoProto { Name = name });
}
