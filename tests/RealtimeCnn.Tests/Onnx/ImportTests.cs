using RealtimeCnn.Cpu;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Tests.Onnx;

public sealed class ImportTests
{
    [Fact]
    public void Everything_that_cannot_be_mapped_is_reported_at_once()
    {
        var model = OnnxFiles.Model(opset: 13).Input("x", OnnxType.Float, 1, 2, 4, 4).Output("c").Output("d")
            .Node("Frobnicate", ["x"], ["a"])
            .Node("Unique", ["a"], ["b"])
            .Node("MaxPool", ["x"], ["c"], OnnxFiles.Ints("kernel_shape", 2, 2, 2))
            .Node("relu", ["x"], ["d"]);
        var problem = Assert.Throws<OnnxException>(() => model.Load());
        Assert.Equal(["Frobnicate", "Unique", "MaxPool", "relu"], problem.Problems.Select(entry => entry.Op));
        Assert.All(problem.Problems, entry => Assert.Equal(13, entry.Opset));
        Assert.Contains("'Relu' is", problem.Problems[3].Reason, StringComparison.Ordinal);
        Assert.Contains("kernel_shape", problem.Problems[2].Attribute, StringComparison.Ordinal);
        Assert.Contains("frobnicate1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsupported_and_wrong_are_told_apart()
    {
        var unsupported = OnnxFiles.Model().Input("x", OnnxType.BFloat16, 1).Output("y").Node("Relu", ["x"], ["y"]);
        Assert.True(Assert.Throws<OnnxException>(() => unsupported.Load()).IsUnsupported);
        var wrong = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 2, 2).Output("y").Node("MaxPool", ["x"], ["y"], OnnxFiles.Ints("kernel_shape", 3, 3));
        Assert.False(Assert.Throws<OnnxException>(() => wrong.Load()).IsUnsupported);
    }

    [Theory]
    [InlineData(2, 8, "IR version 2")]
    [InlineData(8, 5, "operator set 5")]
    public void Versions_that_are_too_old_are_said(long ir, long opset, string said) => Assert.Contains(
        said, OnnxFiles.Model(opset, ir).Input("x", OnnxType.Float, 1).Output("y").Node("Relu", ["x"], ["y"]).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Newer_operator_sets_load_with_a_note()
    {
        using var model = OnnxFiles.Model(opset: 99).Input("x", OnnxType.Float, 1).Output("y").Node("Relu", ["x"], ["y"]).Load();
        Assert.Contains(model.Notes, note => note.Contains("99", StringComparison.Ordinal));
    }

    [Fact]
    public void Newer_versions_of_the_format_load_with_a_note()
    {
        using var model = OnnxFiles.Model(ir: 99).Input("x", OnnxType.Float, 1).Output("y").Node("Relu", ["x"], ["y"]).Load();
        Assert.Contains(model.Notes, note => note.Contains("IR version 99", StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_of_one_long_name_stay_apart()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, 1);
        foreach (int i in new[] { 1, 2, 3 })
            proto.Output(new string('y', 1000) + i).Node("Relu", ["x"], [new string('y', 1000) + i]);
        using var model = proto.Load();
        Assert.Equal(4, model.Graph.Nodes.Select(node => node.Name).Distinct().Count());
        Assert.All(model.Graph.Nodes, node => Assert.InRange(node.Name.Length, 1, 1010));
        Assert.Equal(new string('y', 1000) + 2, model.Outputs[1].Name);
    }

    [Fact]
    public void Initialisers_may_be_listed_as_inputs_or_not()
    {
        foreach (bool listed in new[] { true, false })
        {
            var proto = Convolution();
            if (listed)
                proto.Input("w", OnnxType.Float, 1, 1, 2, 2);
            using var model = proto.Load();
            Assert.Equal(["x"], model.Inputs.Select(input => input.Name));
        }
    }

    [Fact]
    public void Inputs_that_feed_parameters_become_constants_when_their_values_are_given()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 3, 3).Input("w", OnnxType.Float, 1, 1, 2, 2).Output("y").Node("Conv", ["x", "w"], ["y"]);
        Assert.Contains("'w' is computed while the network runs", proto.Refusal(), StringComparison.Ordinal);

        var inputs = new Dictionary<string, OnnxTensor>
        {
            ["x"] = OnnxFiles.Floats(new Shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9),
            ["w"] = OnnxFiles.Floats(new Shape(1, 1, 2, 2), 1, 0, 0, 1),
        };
        using var model = proto.Load(new OnnxLoadOptions { Inputs = inputs });
        Assert.Equal(["x"], model.Inputs.Select(input => input.Name));
        Assert.Equal(["w"], model.FixedInputs.Select(input => input.Name));
        Assert.Equal([6.0, 8, 12, 14], Run(model, inputs["x"])[0].ToDoubles());
    }

    [Fact]
    public void Shape_arithmetic_is_folded_exactly()
    {
        // The way exporters flatten: shape → gather → unsqueeze → concat with −1 → reshape, with an end of 2^63 − 1 in between.
        var proto = OnnxFiles.Model(opset: 11).Input("x", OnnxType.Float, "batch", 3, 4, 5).Output("y")
            .Constant("zero", OnnxTensor.Scalar(OnnxType.Int64, 0)).Constant("minus", OnnxTensor.Vector(-1)).Constant("one", OnnxTensor.Vector(1)).Constant("end", OnnxTensor.Vector(long.MaxValue))
            .Node("Shape", ["x"], ["s"])
            .Node("Gather", ["s", "zero"], ["n"]).Node("Unsqueeze", ["n"], ["n1"], OnnxFiles.Ints("axes", 0))
            .Node("Slice", ["s", "one", "end"], ["rest"]).Node("ReduceProd", ["rest"], ["product"], OnnxFiles.Int("keepdims", 1))
            .Node("Mul", ["product", "minus"], ["negative"]).Node("Div", ["negative", "product"], ["free"])
            .Node("Concat", ["n1", "free"], ["target"], OnnxFiles.Int("axis", 0))
            .Node("Reshape", ["x", "target"], ["y"]);
        using var model = proto.Load(new OnnxLoadOptions { InputShapes = new Dictionary<string, Shape> { ["x"] = new(2, 3, 4, 5) } });
        Assert.Equal(new Shape(2, 60), model.Outputs[0].Shape);
        Assert.Equal(["Input", "Reshape"], model.Graph.Nodes.Select(node => node.Layer.GetType().Name));
    }

    [Fact]
    public void Open_axes_take_the_caller_s_size_or_a_default_that_is_noted()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, "n", 3, "h", "w").Output("y").Node("Relu", ["x"], ["y"]);
        using var byDefault = proto.Load();
        Assert.Equal(new Shape(1, 3, 224, 224), byDefault.Inputs[0].Shape);
        Assert.Contains(byDefault.Notes, note => note.Contains("[n, 3, h, w]", StringComparison.Ordinal));
        using var sized = proto.Load(new OnnxLoadOptions { Size = new Size2d(48, 64) });
        Assert.Equal(new Shape(1, 3, 48, 64), sized.Inputs[0].Shape);
    }

    [Fact]
    public void A_shape_that_contradicts_the_file_is_said()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, "n", 3, 8, 8).Output("y").Node("Relu", ["x"], ["y"]);
        string refusal = proto.Refusal(new OnnxLoadOptions { InputShapes = new Dictionary<string, Shape> { ["x"] = new(1, 1, 8, 8) } });
        Assert.Equal("Input 'x' is [n, 3, 8, 8]; [1, 1, 8, 8] was given.", refusal);
        Assert.Contains("no input 'z'; it has 'x'", proto.Refusal(new OnnxLoadOptions { InputShapes = new Dictionary<string, Shape> { ["z"] = new(1) } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_may_come_in_any_order()
    {
        using var model = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("z").Node("Relu", ["y"], ["z"]).Node("Neg", ["x"], ["y"]).Load();
        Assert.Equal([0.0, 2], Run(model, OnnxFiles.Floats(new Shape(2), 1, -2))[0].ToDoubles());
    }

    [Fact]
    public void Outputs_come_in_their_declared_type()
    {
        using var model = OnnxFiles.Model(opset: 19).Input("x", OnnxType.Float, 4).Output("y", OnnxType.Int32).Output("z", OnnxType.Bool)
            .Node("Cast", ["x"], ["y"], OnnxFiles.Int("to", (int)OnnxType.Int32)).Node("Cast", ["x"], ["z"], OnnxFiles.Int("to", (int)OnnxType.Bool)).Load();
        var outputs = Run(model, OnnxFiles.Floats(new Shape(4), 1.9, -1.9, 0, 0.1));
        Assert.Equal((OnnxType.Int32, OnnxType.Bool), (outputs[0].Type, outputs[1].Type));
        Assert.Equal([1L, -1, 0, 0], outputs[0].ToInt64s());
        Assert.Equal([1L, 1, 0, 1], outputs[1].ToInt64s());
    }

    [Fact]
    public void Attributes_that_nobody_reads_are_noted()
    {
        using var model = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("y").Node("Relu", ["x"], ["y"], OnnxFiles.Float("flavour", 3)).Load();
        Assert.Contains(model.Notes, note => note.Contains("'flavour'", StringComparison.Ordinal));
    }

    [Fact]
    public void Convolutions_become_the_layer_that_fits_their_groups_and_kernel()
    {
        Assert.IsType<Conv2d>(OnlyLayer(new Shape(4, 4, 3, 3), 1));
        Assert.IsType<Conv2d>(OnlyLayer(new Shape(4, 2, 3, 3), 2));
        Assert.IsType<DepthwiseConv2d>(OnlyLayer(new Shape(8, 1, 3, 3), 4));
        Assert.IsType<PointwiseConv2d>(OnlyLayer(new Shape(4, 4, 1, 1), 1));
    }

    [Fact]
    public void Metadata_survives_and_says_when_it_cannot_be_read()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 3, "h", "w").Output("y").Node("Relu", ["x"], ["y"]);
        foreach (var (key, text) in new[] { ("labels", "cat\ndog"), ("input.size", "48,64"), ("input.mean", "1,2.5,3"), ("input.scale", "abc"), ("input.colors", "bgr"), ("author", "me") })
            proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = text });
        using var model = proto.Load();
        Assert.Equal(["cat", "dog"], model.Metadata.Labels);
        Assert.Equal([1f, 2.5f, 3f], model.Metadata.Mean);
        Assert.Equal(new Shape(1, 3, 48, 64), model.Inputs[0].Shape);
        Assert.True(model.Metadata.IsBgr);
        Assert.Equal("me", model.Metadata.Other["author"]);
        Assert.Contains(model.Notes, note => note.Contains("'input.scale' is 'abc'", StringComparison.Ordinal));
    }

    [Fact]
    public void Preprocessing_has_the_very_numbers_of_the_metadata()
    {
        var metadata = new OnnxMetadata { Mean = [104, 117, 123], Scale = [0.25f, 0.5f, 2], IsBgr = true };
        var preprocessing = metadata.PreprocessingFor(8, 3);
        Assert.Equal((new Rgb(123, 117, 104), new Rgb(2, 0.5, 0.25)), (preprocessing.Mean, preprocessing.Scale));
        Assert.Contains("scale", Assert.Throws<OnnxException>(() => (metadata with { Scale = [1, 0, 1] }).PreprocessingFor(8, 3)).Message, StringComparison.Ordinal);
    }

    private static Layer OnlyLayer(Shape weight, long groups)
    {
        using var model = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 4, 5, 5).Output("y").Constant("w", OnnxFiles.Floats(weight, new double[weight.Count]))
            .Node("Conv", ["x", "w"], ["y"], OnnxFiles.Int("group", groups)).Load();
        return model.Graph.Nodes[^1].Layer;
    }

    private static ModelProto Convolution() => OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 3, 3).Output("y")
        .Constant("w", OnnxFiles.Floats(new Shape(1, 1, 2, 2), 1, 0, 0, 1)).Node("Conv", ["x", "w"], ["y"]);

    private static List<OnnxTensor> Run(OnnxModel model, OnnxTensor input)
    {
        using var network = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 1 });
        using var tensor = input.ToTensor();
        var outputs = network.Run(tensor);
        return [.. outputs.Select((output, i) => model.ReadOutput(i, output))];
    }
}
