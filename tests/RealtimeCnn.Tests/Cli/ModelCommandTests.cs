using System.Text.Json;
using Google.Protobuf;
using RealtimeCnn.Cli;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Tests.Onnx;

namespace RealtimeCnn.Tests.Cli;

/// <summary>The contract of <c>rtcnn infer</c>, <c>conformance</c>, <c>bench</c> and <c>export</c>.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    [InlineData("auto")]
    public void Infer_writes_outputs_in_order_and_says_where_nodes_ran(string backend)
    {
        string model = Save("two.onnx", OnnxFiles.Model(opset: 19).Input("a", OnnxType.Float, 2).Input("b", OnnxType.Float, 2).Output("sum").Output("whole", OnnxType.Int64)
            .Node("Add", ["a", "b"], ["sum"]).Node("Cast", ["sum"], ["whole"], OnnxFiles.Int("to", (int)OnnxType.Int64)));
        string first = Array("a.npy", OnnxFiles.Floats(new Shape(2), 1.5, 2)), second = Array("b.npy", OnnxFiles.Floats(new Shape(2), 1, -4));
        var (code, output, error) = Run("infer", model, "--input", first, "--input", $"b={second}", "--output", Folder("out"), "--backend", backend);
        Assert.Equal(0, code);
        Assert.Contains("note: int64 values are computed in float32", error, StringComparison.Ordinal);
        Assert.Contains("sum: float [2]", output, StringComparison.Ordinal);
        Assert.Equal([2.5, -2], NpyFile.Read(Path.Combine(Folder("out"), "output_0.npy")).ToDoubles());
        var whole = NpyFile.Read(Path.Combine(Folder("out"), "output_1.npy"));
        Assert.Equal((OnnxType.Int64, 2, -2), (whole.Type, whole.Int64At(0), whole.Int64At(1)));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder("out"), "outputs.json")));
        Assert.Equal(["sum", "whole"], json.RootElement.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([2], json.RootElement.GetProperty("shapes")[0].EnumerateArray().Select(extent => extent.GetInt32()));
        int gpu = json.RootElement.GetProperty("gpuNodes").GetInt32(), cpu = json.RootElement.GetProperty("cpuNodes").GetInt32();
        Assert.True(gpu + cpu > 0 && (backend != "cpu" || gpu == 0) && (backend != "gpu" || cpu == 0), $"{gpu} nodes on the GPU, {cpu} on the CPU.");
        Assert.Equal(cpu > 0, json.RootElement.GetProperty("cpuOps").GetArrayLength() > 0);
    }

    [Fact]
    public void Infer_says_in_one_line_what_is_wrong()
    {
        string text = Path.Combine(_folder, "photo.onnx");
        File.WriteAllText(text, "this is no model");
        string relu = Save("relu.onnx", OnnxFiles.Model().Input("x", OnnxType.Float, 1, 2).Output("y").Node("Relu", ["x"], ["y"]));
        string unknown = Save("unknown.onnx", OnnxFiles.Model().Input("x", OnnxType.Float, 1, 2).Output("y").Node("Frobnicate", ["x"], ["y"]));
        string good = Array("x.npy", OnnxFiles.Floats(new Shape(1, 2), 1, 2)), wide = Array("wide.npy", OnnxFiles.Floats(new Shape(1, 3), 1, 2, 3));
        (string[] Arguments, string Said)[] cases =
        [
            (["infer", text, "--input", good], "is not an ONNX model"),
            (["infer", unknown, "--input", good], "Frobnicate"),
            (["infer", relu, "--input", wide], "Input 'x' is [1, 2]; [1, 3] was given."),
            (["infer", relu], "needs 'x'"),
            (["infer", relu, "--input", good, "--input", good], "one input too many"),
            (["infer", relu, "--input", $"z={good}"], "no input 'z'"),
            (["infer", relu, "--input", Path.Combine(_folder, "absent.npy")], "There is no file"),
            (["infer", Path.Combine(_folder, "absent.onnx"), "--input", good], "There is no file"),
            (["infer", relu, "--input", good, "--size", "ten"], "--size 'ten'"),
            (["infer", relu, "--input", good, "--letterbox", "--stretch"], "--letterbox"),
            (["infer", "lenet5", "--input", good], "rtcnn export lenet5"),
            (["infer", _folder, "--input", good], "is a folder"),
        ];
        foreach (var (arguments, said) in cases)
        {
            var (code, output, error) = Run(arguments);
            Assert.Equal((2, string.Empty), (code, output));
            Assert.Contains(said, error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void What_goes_beyond_a_limit_is_refused_and_read_when_trusted()
    {
        var chain = OnnxFiles.Model().Input("x0", OnnxType.Float, 1, 2).Output("x20100");
        for (int i = 0; i < 20_100; i++)
            chain = chain.Node("Relu", [$"x{i}"], [$"x{i + 1}"]);
        string model = Save("long.onnx", chain);
        var (code, _, error) = Run("inspect", model);
        Assert.Equal(2, code);
        Assert.Contains("OnnxLimits.MaxNodes", error, StringComparison.Ordinal);
        Assert.EndsWith("--trust lifts the limits.", error.TrimEnd(), StringComparison.Ordinal);
        (code, string output, error) = Run("inspect", model, "--trust");
        Assert.True(code == 0, error);
        Assert.Contains("x20100", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Conformance_writes_a_line_for_each_test_totals_and_JSON()
    {
        Test("good", "Relu", 2);
        Test("bad", "Relu", 3);
        Test("odd", "Frobnicate", 2);
        string json = Path.Combine(_folder, "results.json");
        var (code, output, _) = Run("conformance", Folder("suite"), "--json", json);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(1, code);
        Assert.StartsWith("fail bad: output 'y'", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("pass good: 1 nodes on the CPU", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("unsupported odd: Frobnicate", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("3 tests: 1 pass, 1 fail, 1 unsupported", lines[3], StringComparison.Ordinal);
        using var results = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(["bad", "good", "odd"], results.RootElement.EnumerateArray().Select(result => result.GetProperty("name").GetString()));
        Assert.Equal(1, results.RootElement[1].GetProperty("cpuNodes").GetInt32());
        Assert.Equal("pass", results.RootElement[1].GetProperty("status").GetString());

        using (var printed = JsonDocument.Parse(Run("conformance", Folder("suite"), "--json").Output))
            Assert.Equal(3, printed.RootElement.GetArrayLength());
        Directory.Delete(Path.Combine(Folder("suite"), "bad"), recursive: true);
        Assert.Equal(0, Run("conformance", Folder("suite")).Code);
    }

    [Fact]
    public void Bench_measures_what_its_contract_names()
    {
        string model = Save("relu.onnx", OnnxFiles.Model().Input("x", OnnxType.Float, 1, 2).Output("y").Node("Relu", ["x"], ["y"]));
        string json = Path.Combine(_folder, "bench.json");
        var (code, table, _) = Run("bench", model, "--runs", "3", "--warmup", "1", "--threads", "1", "--json", json);
        Assert.Equal(0, code);
        Assert.Contains(" ms median of 3, ", table, StringComparison.Ordinal);
        using (var printed = JsonDocument.Parse(Run("bench", model, "--runs", "1", "--warmup", "0", "--json").Output))
            Assert.Equal(1, printed.RootElement.GetProperty("runs").GetInt32());
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        foreach (string name in new[] { "model", "backend", "threads", "runs", "medianMs", "minMs", "p95Ms", "cpuMs", "minCpuMs", "loadMs", "firstRunMs", "peakBytes" })
            Assert.True(report.RootElement.TryGetProperty(name, out _), $"The report lacks '{name}'.");
        Assert.True(report.RootElement.GetProperty("minMs").GetDouble() <= report.RootElement.GetProperty("medianMs").GetDouble());
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("gpu", "mixed")]
    [InlineData("auto", "cpu")] // No device gets less than half of the work.
    public void Bench_and_infer_name_the_backend_that_the_network_took(string asked, string taken)
    {
        var equation = new AttributeProto { Name = "equation", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8("nchw->nchw") };
        string model = Save("einsum.onnx", OnnxFiles.Model().Input("x", OnnxType.Float, 1, 2, 3, 4).Output("y").Node("Einsum", ["x"], ["y"], equation));
        string json = Path.Combine(_folder, "bench.json");
        var (code, table, error) = Run("bench", model, "--runs", "1", "--warmup", "0", "--backend", asked, "--json", json);
        Assert.True(code == 0, error);
        Assert.Matches($"backend +{taken}, 1 thread", table);
        using (var report = JsonDocument.Parse(File.ReadAllText(json)))
            Assert.Equal(taken, report.RootElement.GetProperty("backend").GetString());
        string x = Array("x.npy", OnnxFiles.Floats(new Shape(1, 2, 3, 4), [.. Enumerable.Range(0, 24).Select(i => (double)i)]));
        string named = Run("infer", model, "--input", x, "--backend", asked).Output;
        Assert.Equal(taken == "mixed", named.Contains("0 nodes on the GPU, 1 on the CPU (Einsum)", StringComparison.Ordinal));
    }

    [Fact]
    public void Export_writes_a_classic_network_that_loads()
    {
        string file = Path.Combine(_folder, "lenet.onnx");
        Assert.Equal(0, Run("export", "lenet5", "--output", file).Code);
        using var model = OnnxModel.Load(file);
        Assert.Equal(61_706, model.Graph.ParameterCount);
    }

    private void Test(string name, string op, double expected)
    {
        string test = Directory.CreateDirectory(Path.Combine(Folder("suite"), name)).FullName, set = Directory.CreateDirectory(Path.Combine(test, "test_data_set_0")).FullName;
        Save(Path.Combine(test, "model.onnx"), OnnxFiles.Model().Input("x", OnnxType.Float, 1).Output("y").Node(op, ["x"], ["y"]));
        File.WriteAllBytes(Path.Combine(set, "input_0.pb"), OnnxFiles.Tensor("x", OnnxFiles.Floats(new Shape(1), 2)).ToByteArray());
        File.WriteAllBytes(Path.Combine(set, "output_0.pb"), OnnxFiles.Tensor("y", OnnxFiles.Floats(new Shape(1), expected)).ToByteArray());
    }

    private string Folder(string name) => Path.Combine(_folder, name);

    private string Save(string name, ModelProto model)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private string Array(string name, OnnxTensor tensor)
    {
        string path = Path.Combine(_folder, name);
        NpyFile.Write(path, tensor);
        return path;
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
