using Google.Protobuf;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Files of at most about a megabyte that ask for a thousand times as much memory or time, by name.</summary>
internal static class HostileFiles
{
    public static ModelProto Make(string name) => name switch
    {
        "casts of a large constant" => Zeros(1 << 27).Repeat(100, (model, i) => model.Node("Cast", ["c"], [$"d{i}"], OnnxFiles.Int("to", (int)OnnxType.Double))).Idle(),
        "casts of a constant" => Zeros(1 << 22).Repeat(40, (model, i) => model.Node("Cast", ["c"], [$"d{i}"], OnnxFiles.Int("to", (int)OnnxType.Double))).Idle(),
        "a chain of negations" => Zeros(1 << 22, "n0").Repeat(300, (model, i) => model.Node("Neg", [$"n{i}"], [$"n{i + 1}"])).Idle(),
        "a cubic resize" => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 1, 60_000).Output("y").Constant("scales", OnnxFiles.Floats(new Shape(4), 1, 1, 1, 30_000))
            .Node("Resize", ["x", "", "scales"], ["y"], Text("mode", "cubic")),
        "a resize to what fits until channels are blocked" => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 60, 60).Output("y")
            .Constant("scales", OnnxFiles.Floats(new Shape(4), 1, 1, 1, 30_000)).Node("Resize", ["x", "", "scales"], ["y"], Text("mode", "nearest")),
        "a dropout mask" => OnnxFiles.Model().Input("x", OnnxType.Float, 2_000_000_000).Output("mask").Node("Dropout", ["x"], ["y", "mask"]),
        "a large input" => OnnxFiles.Model().Input("x", OnnxType.Float, 2_000_000_000).Output("y").Idle(),
        "a mask of an input that fits" => OnnxFiles.Model().Input("x", OnnxType.Float, 100_000_000).Output("mask").Node("Dropout", ["x"], ["y", "mask"]),
        "one channel that becomes a block" => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 8192, 4096).Output("y").Constant("w", OnnxFiles.Floats(new Shape(1, 1, 1, 1), 1)).Node("Conv", ["x", "w"], ["y"]),
        "a table for every place" => OnnxFiles.Model().Input("x", OnnxType.Float, 1).Output("y").Constant("shape", OnnxTensor.Vector(1 << 26)).Node("Expand", ["x", "shape"], ["y"]),
        "weights read by many nodes" => Weights().Repeat(2000, (model, i) => model.Node("Conv", [i == 0 ? "x" : $"c{i - 1}", "w"], [$"c{i}"])),
        "weights folded by many nodes" => Zeros(1 << 18, "w0").Repeat(3000, (model, i) => model.Node("Mul", ["w0", "w0"], [$"m{i}"])).Idle(),
        "many ranges" => Small().Constant("start", OnnxTensor.Scalar(OnnxType.Int64, 0)).Constant("limit", OnnxTensor.Scalar(OnnxType.Int64, 10_000_000)).Constant("delta", OnnxTensor.Scalar(OnnxType.Int64, 1))
            .Repeat(200, (model, i) => model.Node("Range", ["start", "limit", "delta"], [$"r{i}"])).Idle(),
        "a large range" => Small().Constant("start", OnnxTensor.Scalar(OnnxType.Int64, 0)).Constant("limit", OnnxTensor.Scalar(OnnxType.Int64, 1L << 40)).Constant("delta", OnnxTensor.Scalar(OnnxType.Int64, 1))
            .Node("Range", ["start", "limit", "delta"], ["r"]).Idle(),
        "a large tile" => Small().Constant("c", OnnxFiles.Floats(new Shape(1), 1)).Constant("repeats", OnnxTensor.Vector(1 << 30)).Node("Tile", ["c", "repeats"], ["t"]).Idle(),
        "a large pad" => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 4, 4).Output("y").Constant("pads", OnnxTensor.Vector(0, 0, 0, 0, 0, 0, 30_000, 30_000)).Node("Pad", ["x", "pads"], ["y"]),
        "a deep one-hot" => Small().Constant("depth", OnnxTensor.Vector(int.MaxValue / 4)).Constant("values", OnnxFiles.Floats(new Shape(2), 0, 1)).Node("OneHot", ["x", "depth", "values"], ["y"]),
        "a maximum of many constants" => Small().Constant("c", OnnxFiles.Floats(new Shape(1000), new double[1000])).Node("Max", [.. Enumerable.Repeat("c", 190_000)], ["m"]).Idle(),
        "a sum of many inputs" => Small().Node("Sum", [.. Enumerable.Repeat("x", 50_000)], ["y"]),
        "many inputs" => Small().Idle().Repeat(40_000, (model, i) => model.Input($"i{i}", OnnxType.Float, 1)),
        "many outputs" => Small().Idle().Repeat(40_000, (model, _) => model.Output("y")),
        "many parts" => OnnxFiles.Model().Input("x", OnnxType.Float, 100_000).Output("s0").Node("Split", ["x"], [.. Enumerable.Range(0, 100_000).Select(i => $"s{i}")]),
        "many attributes" => Small().Node("Relu", ["x"], ["y"], [.. Enumerable.Range(0, 210_000).Select(_ => new AttributeProto())]),
        "suppression of many boxes" => OnnxFiles.Model().Input("b", OnnxType.Float, 1, 300_000, 4).Input("s", OnnxType.Float, 1, 1, 300_000).Output("y", OnnxType.Int64)
            .Constant("k", OnnxTensor.Vector(300_000)).Node("NonMaxSuppression", ["b", "s", "k"], ["y"]),
        "a large contraction" => OnnxFiles.Model().Input("a", OnnxType.Float, 3000, 3000).Input("b", OnnxType.Float, 3000, 3000).Output("y").Node("Einsum", ["a", "b"], ["y"], Text("equation", "ab,cb->ac")),
        "a wide window of one channel" => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 1500, 1500).Output("y").Constant("w", OnnxFiles.Floats(new Shape(1, 1, 211, 211), new double[211 * 211]))
            .Node("Conv", ["x", "w"], ["y"], OnnxFiles.Ints("dilations", 2, 3)),
        "a deep chain of functions" => OnnxFiles.Model().Input("x", OnnxType.Float, 3_000_000).Output("y").Repeat(1000, (model, i) => model.Node("Sin", [i == 0 ? "x" : $"s{i - 1}"], [i == 999 ? "y" : $"s{i}"])),
        "a long name" => OnnxFiles.Model().Input("x", OnnxType.Float, 4).Output("y").Named(new string('n', 900_000)),
        "a long value name" => OnnxFiles.Model().Input("x", OnnxType.Float, 4).Output(new string('y', 400_000)).Node("Relu", ["x"], [new string('y', 400_000)]),
        "a name with escape sequences" => OnnxFiles.Model().Input("x", OnnxType.Float, 4).Output("y").Named("\u001B[31mred"),
        "an endless equation" => Small().Node("Einsum", ["x"], ["y"], Text("equation", new string('a', 900_000))),
        "an endless path" => Small().Idle().External(string.Concat(Enumerable.Repeat("a/", 400_000)) + "b"),
        "many unknown operators" => Small().Idle().Repeat(10_000, (model, i) => model.Node("Frobnicate", ["x"], [$"f{i}"])),

        "identity of a known input" => Known("Identity"),
        "sum of one known input" => Known("Sum"),
        "smallest of one known input" => Known("Min"),
        "largest of one known input" => Known("Max"),
        "one known input alone in a concat" => Known("Concat", OnnxFiles.Int("axis", 0)),
        "a known input cast to its own type" => Known("Cast", OnnxFiles.Int("to", (int)OnnxType.Int64)),
        "a concat of one value many times" => Small().Node("Concat", [.. Enumerable.Repeat("x", 25_000)], ["y"], OnnxFiles.Int("axis", 0)),
        "a chain of fifteen thousand nodes" => Small().Repeat(15_000, (model, i) => model.Node("Sigmoid", [i == 0 ? "x" : $"s{i - 1}"], [i == 14_999 ? "y" : $"s{i}"])),
        "fifteen thousand values at once" => Small().Repeat(15_000, (model, i) => model.Node("Sigmoid", ["x"], [$"s{i}"]))
            .Node("Concat", [.. Enumerable.Range(0, 15_000).Select(i => $"s{i}")], ["y"], OnnxFiles.Int("axis", 0)),
        "a thousand labels" => Small().Idle().Labelled(string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"label {i}"))),
        _ => throw new ArgumentException($"There is no file '{name}'.", nameof(name)),
    };

    private static ModelProto Small() => OnnxFiles.Model().Input("x", OnnxType.Float, 4).Output("y");

    /// <summary>What makes a graph of a file whose point is beside it.</summary>
    private static ModelProto Idle(this ModelProto model) => model.Node("Relu", ["x"], ["y"]);

    private static ModelProto Zeros(long count, string name = "c") => Small().Constant("count", OnnxTensor.Vector(count)).Node("ConstantOfShape", ["count"], [name]);

    private static ModelProto Weights() =>
        OnnxFiles.Model().Input("x", OnnxType.Float, 1, 480, 1, 1).Output("c1999").Constant("w", OnnxFiles.Floats(new Shape(480, 480, 1, 1), new double[480 * 480]));

    /// <summary>A shape that is an input and passes through an operator that changes nothing.</summary>
    private static ModelProto Known(string op, params AttributeProto[] attributes) =>
        Small().Input("shape", OnnxType.Int64, 2).Node(op, ["shape"], ["same"], attributes).Node("Reshape", ["x", "same"], ["y"]);

    private static ModelProto Repeat(this ModelProto model, int count, Func<ModelProto, int, ModelProto> add)
    {
        for (int i = 0; i < count; i++)
            add(model, i);
        return model;
    }

    private static ModelProto Named(this ModelProto model, string name)
    {
        model.Graph.Node.Add(new NodeProto { OpType = "Relu", Name = name, Input = { "x" }, Output = { "y" } });
        return model;
    }

    private static ModelProto External(this ModelProto model, string location)
    {
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = "w", DataType = (int)OnnxType.Float, Dims = { 1 }, DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { new StringStringEntryProto { Key = "location", Value = location } },
        });
        return model;
    }

    private static ModelProto Labelled(this ModelProto model, string labels)
    {
        model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = labels });
        return model;
    }

    private static AttributeProto Text(string name, string value) => new()
    {
        Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value),
    };
}
