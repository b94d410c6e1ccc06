using RealtimeCnn.Cli;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Cli;

/// <summary>Ctrl+C: a command that is cancelled ends with one sentence and exit code 130, and leaves no file behind.</summary>
[Collection(GlTests.Name)]
public sealed class CancellationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-cancelled").FullName;

    [Theory]
    [InlineData("bench", "lenet5")]
    [InlineData("bench", "lenet5", "--backend", "gpu")]
    [InlineData("verify", "lenet5")]
    [InlineData("selftest", "--read-path", "buffer")]
    [InlineData("latency", "--frames", "100000")]
    [InlineData("explain", "equivariance", "--output", "{folder}/claim.png")]
    [InlineData("infer", "{folder}/model.onnx", "--input", "x={folder}/x.npy", "--output", "{folder}/results")]
    [InlineData("inspect", "{folder}/model.onnx", "--json", "{folder}/model.json")]
    [InlineData("export", "{folder}/model.onnx", "--output", "{folder}/again.onnx")]
    public void A_command_that_is_cancelled_says_so_and_writes_nothing(params string[] arguments)
    {
        WriteModel();
        string[] before = Directory.GetFileSystemEntries(_folder);
        using var source = new CancellationTokenSource();
        source.Cancel();
        var (code, error) = Run(arguments, TextWriter.Null, source.Token);
        Assert.Equal((130, "rtcnn: The command was cancelled; no file was written.\n"), (code, error));
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Conformance_tests_end_behind_the_one_that_runs()
    {
        foreach (string name in new[] { "a", "b", "c" })
        {
            string test = Path.Combine(_folder, name);
            Directory.CreateDirectory(Path.Combine(test, "test_data_set_0"));
            File.WriteAllBytes(Path.Combine(test, "model.onnx"), [1]);
        }

        using var source = new CancellationTokenSource();
        using var output = new CancellingWriter(source);
        var (code, _) = Run(["conformance", _folder, "--json", Path.Combine(_folder, "report.json")], output, source.Token);
        Assert.Equal(130, code);
        Assert.StartsWith("fail a:", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("b:", output.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "report.json")));
    }

    [Fact]
    public void A_model_that_loads_can_be_cancelled_and_frees_what_it_has()
    {
        string path = WriteModel();
        long before = Tensor.LiveBytes;
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => OnnxModel.Load(path, null, source.Token));
        Assert.Equal(before, Tensor.LiveBytes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string WriteModel()
    {
        var builder = new GraphBuilder(seed: 1);
        using var graph = builder.Build(builder.Add(new Conv2d(3, 4, 3), builder.Input("x", new Shape(1, 3, 8, 8))));
        string path = Path.Combine(_folder, "model.onnx");
        OnnxExporter.Write(path, graph, new OnnxMetadata());
        using var input = new Tensor(new Shape(1, 3, 8, 8));
        NpyFile.Write(Path.Combine(_folder, "x.npy"), OnnxTensor.From(OnnxType.Float, input));
        return path;
    }

    private (int Code, string Error) Run(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run([.. arguments.Select(argument => argument.Replace("{folder}", _folder, StringComparison.Ordinal))], output, error, cancellation);
        return (code, error.ToString());
    }

    /// <summary>Cancels as soon as a line is written.</summary>
    private sealed class CancellingWriter(CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine()
        {
            base.WriteLine();
            source.Cancel();
        }
    }
}
