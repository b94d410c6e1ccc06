using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.OpenGL.Caching;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>What is written is what was meant: it loads again and computes the same.</summary>
public sealed class ExportTests
{
    public static TheoryData<string> LayerTypes() => [.. LayerCases.All.Select(layerCase => layerCase.Layer.GetType().Name).Distinct()];

    [Theory]
    [MemberData(nameof(LayerTypes))]
    public void Every_layer_computes_the_same_after_export_and_import(string type)
    {
        int written = 0;
        LayerCase[] cases = [.. LayerCases.All.Where(layerCase => layerCase.Layer.GetType().Name == type)];
        foreach (var layerCase in cases)
        {
            if (layerCase.Onnx == OnnxForm.SameOfNumbers)
                continue;
            using var run = new LayerRun(layerCase);
            if (layerCase.Onnx == OnnxForm.None)
            {
                var problem = Assert.Throws<OnnxException>(() => OnnxExporter.ToBytes(run.Graph));
                Assert.Contains($"{type} '", problem.Message, StringComparison.Ordinal);
                Assert.Contains("cannot be written as ONNX", problem.Message, StringComparison.Ordinal);
                continue;
            }

            using var back = OnnxModel.Load(OnnxExporter.ToBytes(run.Graph), "exported.onnx");
            Assert.Equal(run.Graph.Inputs.Select(input => input.Name), back.Inputs.Select(input => input.Name));
            AssertEqual(Run(run.Graph, run.Inputs), Run(back.Graph, run.Inputs), layerCase.Id);
            written++;
        }

        Assert.True(written > 0 || cases.All(layerCase => layerCase.Onnx == OnnxForm.None), $"No case of {type} was written.");
    }

    [SharedDataTheory]
    [InlineData("mnist-8")]
    [InlineData("resnet20_cifar10")]
    [InlineData("squeezenet-fp16")]
    [InlineData("ultraface-rfb-320")]
    [InlineData("yunet_n_320_320")]
    public void Import_export_import_loses_nothing(string name)
    {
        using var model = OnnxModel.Load(SharedData.Path("models", $"{name}.onnx"));
        byte[] first = model.ToBytes();
        using var again = OnnxModel.Load(first, "again.onnx");
        AssertSameGraph(model.Graph, again.Graph);
        Assert.Equal(model.Inputs, again.Inputs);
        Assert.Equal(model.Outputs, again.Outputs);
        Assert.Equal(first, again.ToBytes());
    }

    [Theory]
    [InlineData("lenet5")]
    [InlineData("squeezenet1.1")]
    [InlineData("mobilenetv2")]
    [InlineData("shufflenetv2")]
    [InlineData("googlenet")]
    public void Networks_of_the_catalogue_are_written_and_read_back(string name)
    {
        using var graph = ModelCatalog.Create(name);
        using var back = OnnxModel.Load(OnnxExporter.ToBytes(graph), $"{name}.onnx");
        Assert.Equal(graph.ParameterCount, back.Graph.ParameterCount);
        Tensor[] inputs = [.. graph.InputShapes.Select(shape => new Tensor(shape))];
        var random = new Random(5);
        foreach (ref float value in inputs[0].Span)
            value = random.NextSingle();
        AssertEqual(Run(graph, inputs), Run(back.Graph, inputs), name);
        foreach (var input in inputs)
            input.Dispose();
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_the_one_before()
    {
        using var graph = ModelCatalog.Create("lenet5", new ModelOptions { Classes = 3, Seed = 1 });
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "net.onnx");
        OnnxExporter.Write(path, graph);
        byte[] before = File.ReadAllBytes(path);
        Directory.CreateDirectory(path + ".new");
        Assert.ThrowsAny<SystemException>(() => OnnxExporter.Write(path, graph, new OnnxMetadata { Labels = ["a", "b", "c"] }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Directory.Delete(path + ".new");
        OnnxExporter.Write(path, graph, new OnnxMetadata { Labels = ["a", "b", "c"] });
        Assert.NotEqual(before, File.ReadAllBytes(path));
        Assert.Equal(["net.onnx"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Labels_preprocessing_and_head_travel_with_the_file()
    {
        var metadata = new OnnxMetadata
        {
            Labels = ["cat", "größer, \"dog\""], InputSize = new Size2d(48, 64), Mean = [104, 117.5f, 123], Scale = [1f / 58], IsBgr = true, Fit = "crop", Head = "classification",
            Other = new Dictionary<string, string> { ["author"] = "me" },
        };
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Add(new Relu(), builder.Input("x", new Shape(1, 3, 48, 64))));
        using var back = OnnxModel.Load(OnnxExporter.ToBytes(graph, metadata), "described.onnx");
        Assert.Equal(metadata.Labels, back.Metadata.Labels);
        Assert.Equal(metadata.Mean, back.Metadata.Mean);
        Assert.Equal(metadata.Scale, back.Metadata.Scale);
        Assert.Equal(metadata.Other, back.Metadata.Other);
        Assert.Equal((metadata.InputSize, metadata.IsBgr, metadata.Fit, metadata.Head), (back.Metadata.InputSize, back.Metadata.IsBgr, back.Metadata.Fit, back.Metadata.Head));
    }

    [Fact]
    public void Everything_that_cannot_be_written_is_said_at_once()
    {
        var builder = new GraphBuilder();
        var x = builder.Input("x", new Shape(1, 2, 4, 4));
        var first = builder.Add(new LocallyConnected2d(2, 2, 1, new Size2d(4, 4)), x, name: "first");
        using var graph = builder.Build(builder.Add(new LocallyConnected2d(2, 2, 2, new Size2d(4, 4)), first, name: "unshared"));
        var problem = Assert.Throws<OnnxException>(() => OnnxExporter.ToBytes(graph));
        Assert.Contains("'first'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'unshared'", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertSameGraph(Graph expected, Graph given)
    {
        Assert.Equal(expected.Nodes.Select(Text), given.Nodes.Select(Text));
        foreach (var (a, b) in expected.Nodes.Zip(given.Nodes))
        {
            Assert.Equal(a.Inputs.Select(input => input.Name), b.Inputs.Select(input => input.Name));
            foreach (var (p, q) in a.Parameters.Zip(b.Parameters))
                Assert.True(p.Values.SequenceEqual(q.Values), $"Parameters of {a} differ.");
        }
    }

    private static string Text(Node node) => $"{node.Name}: {node.Layer} {string.Join(' ', node.Parameters.Select(parameter => parameter.Shape))}";

    private static float[][] Run(Graph graph, Tensor[] inputs)
    {
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = 1 });
        return [.. network.Run(inputs).Select(output => output.Span.ToArray())];
    }

    private static void AssertEqual(float[][] expected, float[][] given, string what)
    {
        Assert.Equal(expected.Length, given.Length);
        for (int output = 0; output < expected.Length; output++)
        {
            Assert.Equal(expected[output].Length, given[output].Length);
            for (int i = 0; i < expected[output].Length; i++)
            {
                float a = expected[output][i], b = given[output][i];
                Assert.True(a.Equals(b) || Math.Abs(a - b) <= 1e-5 + (2e-5 * Math.Abs(a)), $"{what}: element {i} of output {output} is {b}; it was {a}.");
            }
        }
    }
}
