using System.Diagnostics;
using RealtimeCnn.Cpu;
using RealtimeCnn.Fuzz.Damage;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Files that nobody vouches for end in a graph or in one clear error, in little time and memory.</summary>
[Collection(nameof(UntrustedFileTests))]
[CollectionDefinition(nameof(UntrustedFileTests), DisableParallelization = true)]
public sealed class UntrustedFileTests
{
    private static readonly OnnxLimits Small = new() { MaxTensorBytes = 64 << 20, MaxStructureBytes = 64 << 20, MaxOperations = 2_000_000_000 };

    [SharedDataFact]
    public void Mutated_node_tests_load_or_are_refused_and_what_loads_runs()
    {
        string[] files = [.. Directory.EnumerateFiles(SharedData.Path("onnx"), "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        int loaded = 0, refused = 0;
        for (int i = 0; i < files.Length; i++)
        {
            byte[] file = File.ReadAllBytes(files[i]);
            var inputs = Inputs(file, Path.GetDirectoryName(files[i])!);
            for (int seed = i * 4; seed < (i * 4) + 2; seed++)
            {
                Count(TryRun(FileMutator.Mutate(file, seed), inputs, $"{files[i]} bytes {seed}"), ref loaded, ref refused);
                Count(TryRun(ModelMutator.Mutate(file, seed), inputs, $"{files[i]} model {seed}"), ref loaded, ref refused);
                Count(TryRun(ModelMutator.Mutate(file, seed + 2), inputs, $"{files[i]} model {seed + 2}"), ref loaded, ref refused);
            }
        }

        Assert.True(loaded > 200 && refused > 1000, $"{loaded} loaded, {refused} were refused: the mutations are too weak or too strong to tell anything.");
    }

    [SharedDataFact]
    public void Mutated_models_load_or_are_refused()
    {
        int loaded = 0, refused = 0;
        foreach (string path in Directory.EnumerateFiles(SharedData.Path("models"), "*.onnx").Order(StringComparer.Ordinal))
        {
            byte[] file = File.ReadAllBytes(path);
            for (int seed = 0; seed < 40; seed++)
            {
                Count(TryLoad(FileMutator.Mutate(file, seed), $"{path} bytes {seed}"), ref loaded, ref refused);
                Count(TryLoad(ModelMutator.Mutate(file, seed), $"{path} model {seed}"), ref loaded, ref refused);
            }
        }

        Assert.True(loaded > 50 && refused > 50, $"{loaded} loaded, {refused} were refused: the mutations are too weak or too strong to tell anything.");
    }

    [SharedDataFact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] file = File.ReadAllBytes(SharedData.Path("onnx", "node", "test_conv_with_strides_padding", "model.onnx"));
        for (int length = 0; length < file.Length; length++)
        {
            int end = length;
            Assert.Throws<OnnxException>(() => OnnxModel.Load(file[..end], "torn.onnx").Dispose());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0008")]
    [InlineData("hello, this is no model at all")]
    [InlineData("\u0012\u0000")]
    public void Files_that_are_no_model_are_called_so(string text)
    {
        var problem = Assert.Throws<OnnxException>(() => OnnxModel.Load(System.Text.Encoding.UTF8.GetBytes(text), "photo.jpg"));
        Assert.Contains("'photo.jpg' is not an ONNX model", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("PK\u0003\u0004archive", "ZIP archive")]
    [InlineData("\u001C\0\0\0TFL3....", "TensorFlow Lite")]
    public void Files_that_are_taken_for_models_are_called_by_their_name(string text, string said)
    {
        var problem = Assert.Throws<OnnxException>(() => OnnxModel.Load(System.Text.Encoding.Latin1.GetBytes(text), "net.onnx"));
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_that_lead_to_no_file_are_called_so()
    {
        string folder = Directory.CreateTempSubdirectory("rtcnn-onnx-").FullName;
        try
        {
            string empty = Path.Combine(folder, "empty.onnx");
            File.WriteAllBytes(empty, []);
            Assert.Contains("is a folder", Assert.Throws<OnnxException>(() => OnnxModel.Load(folder)).Message, StringComparison.Ordinal);
            Assert.Contains("There is no file", Assert.Throws<OnnxException>(() => OnnxModel.Load(Path.Combine(folder, "none.onnx"))).Message, StringComparison.Ordinal);
            Assert.Contains("is empty", Assert.Throws<OnnxException>(() => OnnxModel.Load(empty)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Control_characters_in_metadata_are_shown_and_not_obeyed()
    {
        var proto = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("y").Node("Relu", ["x"], ["y"]);
        proto.MetadataProps.Add(new RealtimeCnn.Onnx.Protos.StringStringEntryProto { Key = "labels", Value = "cat\n\u001B[2Jdog" });
        using var model = proto.Load();
        Assert.Equal(["cat", "\\u001B[2Jdog"], model.Metadata.Labels);
    }

    [Fact]
    public void A_file_that_would_become_too_many_objects_is_refused_before_they_are_made()
    {
        // 8 MiB of empty nodes, two bytes each, would parse into more than a gigabyte.
        byte[] nodes = new byte[8 << 20];
        for (int i = 0; i < nodes.Length; i += 2)
            nodes[i] = 0x0A;
        byte[] file = [0x08, 8, 0x3A, .. Varint(nodes.Length), .. nodes];
        long before = GC.GetTotalAllocatedBytes(true);
        var problem = Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "bomb.onnx"));
        Assert.Contains(nameof(OnnxLimits.MaxStructureBytes), problem.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(true) - before, 0, 32 << 20);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        byte[] inner = [];
        for (int depth = 0; depth < 500; depth++)
            inner = [0x0A, .. Varint(inner.Length + 3), 0x2A, .. Varint(inner.Length), .. inner];
        byte[] file = [0x08, 8, 0x3A, .. Varint(inner.Length), .. inner];
        Assert.Throws<OnnxException>(() => OnnxModel.Load(file, "deep.onnx"));
    }

    [Fact]
    public void Operators_without_inputs_are_refused_in_words() => Assert.All(OnnxLayers.Operators.Except(["Constant"]), op =>
    {
        string refusal = OnnxFiles.Model().Output("y").Node(op, [], ["y"]).Refusal();
        Assert.Contains(op, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("Index was", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("Sequence contains", refusal, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("CumSum", 1)]
    [InlineData("TopK", 1)]
    [InlineData("Clip", 1)]
    [InlineData("Pad", 2)]
    [InlineData("QLinearMatMul", 1)]
    [InlineData("QLinearConv", 1)]
    public void What_must_be_one_number_is_not_nothing(string op, int place)
    {
        string[] inputs = [.. Enumerable.Range(0, 8).Select(i => i == 0 ? "x" : i == place ? "nothing" : "one")];
        var model = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 1, 1).Output("y").Constant("nothing", OnnxTensor.From(OnnxType.Int64, new Shape(0), ReadOnlySpan<long>.Empty))
            .Constant("one", OnnxTensor.From(OnnxType.Int64, new Shape(1, 1, 1, 1), [1L]));
        int count = op switch { "QLinearMatMul" or "QLinearConv" => 8, "Pad" => 3, _ => 2 };
        if (op == "Pad")
            model.Constant("pads", OnnxTensor.Vector(0, 0, 0, 0, 0, 0, 0, 0));
        string refusal = model.Node(op, [.. inputs[..count].Select((input, i) => op == "Pad" && i == 1 ? "pads" : input)], ["y"]).Refusal();
        Assert.Contains("must be one number", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused_in_words()
    {
        string tile = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("y").Constant("r", OnnxTensor.Vector(1L << 40)).Node("Tile", ["x", "r"], ["y"]).Refusal();
        Assert.Contains("1099511627776", tile, StringComparison.Ordinal);
        Assert.Contains("2^31", tile, StringComparison.Ordinal);
        string scalar = OnnxFiles.Model().Input("x", OnnxType.UInt8, 1, 1, 4, 4).Output("y").Constant("w", OnnxTensor.Scalar(OnnxType.UInt8, 1)).Node("ConvInteger", ["x", "w"], ["y"]).Refusal();
        Assert.Contains("does not fit the input", scalar, StringComparison.Ordinal);
        string resize = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 2, 2).Output("y").Constant("s", OnnxFiles.Floats(new Shape(4), 1, 1, 1e30, 1)).Node("Resize", ["x", "", "s"], ["y"]).Refusal();
        Assert.Contains("Resize", resize, StringComparison.Ordinal);
        Assert.DoesNotContain("Arithmetic operation", resize, StringComparison.Ordinal);
    }

    [Fact]
    public void Gigantic_results_are_refused_by_name()
    {
        string expand = OnnxFiles.Model().Input("x", OnnxType.Float, 1).Output("y").Constant("shape", OnnxTensor.Vector(1 << 15, 1 << 15))
            .Node("Expand", ["x", "shape"], ["y"]).Refusal(new OnnxLoadOptions { Limits = Small });
        Assert.Contains("Expand", expand, StringComparison.Ordinal);
        Assert.Contains(nameof(OnnxLimits.MaxTensorBytes), expand, StringComparison.Ordinal);

        string constant = OnnxFiles.Model().Output("y").Constant("shape", OnnxTensor.Vector(1 << 15, 1 << 15)).Node("ConstantOfShape", ["shape"], ["y"]).Refusal(new OnnxLoadOptions { Limits = Small });
        Assert.Contains(nameof(OnnxLimits.MaxTensorBytes), constant, StringComparison.Ordinal);

        string input = OnnxFiles.Model().Input("x", OnnxType.Float, 1 << 20, 1 << 20).Output("y").Node("Relu", ["x"], ["y"]).Refusal();
        Assert.Contains("'x'", input, StringComparison.Ordinal);

        string window = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 2000, 2000).Output("y")
            .Node("MaxPool", ["x"], ["y"], OnnxFiles.Ints("kernel_shape", 1000, 1000)).Refusal(new OnnxLoadOptions { Limits = Small });
        Assert.Contains(nameof(OnnxLimits.MaxOperations), window, StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_that_hang_together_wrongly_are_refused_by_name()
    {
        var circle = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("a").Node("Add", ["x", "b"], ["a"]).Node("Relu", ["a"], ["b"]);
        Assert.Contains("circle", circle.Refusal(), StringComparison.Ordinal);
        var missing = OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 4, 4).Output("y").Node("Conv", ["x", "w"], ["y"]);
        Assert.Contains("reads 'w'", missing.Refusal(), StringComparison.Ordinal);
        var twice = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("y").Node("Relu", ["x"], ["y"]).Node("Relu", ["x"], ["y"]);
        Assert.Contains("another source", twice.Refusal(), StringComparison.Ordinal);
        var none = OnnxFiles.Model().Input("x", OnnxType.Float, 2).Output("z").Node("Relu", ["x"], ["y"]);
        Assert.Contains("Output 'z'", none.Refusal(), StringComparison.Ordinal);
        var negative = OnnxFiles.Model().Input("x", OnnxType.Float, -2).Output("y").Node("Relu", ["x"], ["y"]);
        Assert.Contains("extent -2", negative.Refusal(), StringComparison.Ordinal);
        var text = OnnxFiles.Model().Input("x", OnnxType.String, 2).Output("y").Node("Relu", ["x"], ["y"]);
        Assert.Contains("string", text.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_known_values_does_not_exhaust_the_stack()
    {
        var model = OnnxFiles.Model().Input("x", OnnxType.Float, 4).Input("v0", OnnxType.Int64, 2).Output("y");
        for (int i = 0; i < 15_000; i++)
            model.Node("Identity", [$"v{i}"], [$"w{i}"]).Node("Neg", [$"w{i}"], [$"v{i + 1}"]);
        model.Node("Reshape", ["x", "v15000"], ["y"]);
        string refusal = model.Refusal(new OnnxLoadOptions { Inputs = new Dictionary<string, OnnxTensor> { ["v0"] = OnnxTensor.Vector(2, 2) }, Limits = new OnnxLimits { MaxNodes = 100_000 } });
        Assert.Contains("Reshape", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_leaks_when_a_file_is_refused()
    {
        long before = Tensor.LiveBytes;
        OnnxFiles.Model().Input("x", OnnxType.Float, 1, 1, 4, 4).Output("z").Constant("w", OnnxFiles.Floats(new Shape(1, 1, 1, 1), 1))
            .Node("Conv", ["x", "w"], ["y"]).Node("NoSuchOperator", ["y"], ["z"]).Refusal();
        Assert.Equal(before, Tensor.LiveBytes);
    }

    private static void Count(bool isLoaded, ref int loaded, ref int refused)
    {
        loaded += isLoaded ? 1 : 0;
        refused += isLoaded ? 0 : 1;
    }

    private static bool TryLoad(byte[] file, string name)
    {
        long before = Tensor.LiveBytes;
        var watch = Stopwatch.StartNew();
        using var model = Load(file, [], name, new OnnxLimits());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{name} took {watch.Elapsed}.");
        Assert.True(model != null || before == Tensor.LiveBytes, $"{name} leaks {Tensor.LiveBytes - before} bytes.");
        return model != null;
    }

    private static OnnxModel? Load(byte[] file, Dictionary<string, OnnxTensor> inputs, string name, OnnxLimits limits)
    {
        try
        {
            return OnnxModel.Load(file, "mutant.onnx", new OnnxLoadOptions { Limits = limits, Inputs = inputs });
        }
        catch (OnnxException problem)
        {
            Assert.NotEmpty(problem.Message);
            return null;
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{name} ends in no clear error.", problem);
        }
    }

    private static bool TryRun(byte[] file, Dictionary<string, OnnxTensor> inputs, string name)
    {
        using var model = Load(file, inputs, name, Small);
        if (model == null)
            return false;
        try
        {
            using var network = new CpuNetwork(model.Graph, new NetworkOptions { Threads = 1 });
            Tensor[] values = [.. model.Inputs.Select(port => new Tensor(port.Shape))];
            var outputs = network.Run(values);
            for (int i = 0; i < outputs.Count; i++)
                model.ReadOutput(i, outputs[i]);
            foreach (var value in values)
                value.Dispose();
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"{name} loads, but does not run.", problem);
        }

        return true;
    }

    /// <summary>The inputs of a node test: they carry the weights.</summary>
    private static Dictionary<string, OnnxTensor> Inputs(byte[] file, string folder)
    {
        var inputs = new Dictionary<string, OnnxTensor>();
        var ports = ModelReader.Read(new MemoryStream(file), new OnnxLimits(), "model.onnx").Graph.Input;
        for (int i = 0; i < ports.Count; i++)
        {
            string path = Path.Combine(folder, "test_data_set_0", $"input_{i}.pb");
            if (!File.Exists(path))
                continue;
            try
            {
                inputs[ports[i].Name] = ModelReader.ReadTensor(File.ReadAllBytes(path), new OnnxLimits(), path);
            }
            catch (OnnxException)
            {
                return [];
            }
        }

        return inputs;
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (uint rest = (uint)value; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                bytes.Add((byte)rest);
                return [.. bytes];
            }

            bytes.Add((byte)(rest | 0x80));
        }
    }
}
