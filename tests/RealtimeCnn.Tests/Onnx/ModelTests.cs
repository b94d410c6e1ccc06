using RealtimeCnn.Cli.Models;
using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Published models: equal to what two other engines agree on, and right about pictures.</summary>
public sealed class ModelTests
{
    public static TheoryData<string, string, double> Goldens()
    {
        var data = new TheoryData<string, string, double>();
        foreach (string backend in new[] { "cpu", "gpu" })
        {
            data.Add("resnet20_cifar10", backend, 1e-5);
            data.Add("squeezenet-fp16", backend, 2e-3);
            data.Add("ultraface-rfb-320", backend, 1e-5);
            data.Add("yunet_n_320_320", backend, 1e-5);
        }

        return data;
    }

    [SharedDataTheory]
    [MemberData(nameof(Goldens))]
    public void Models_equal_their_goldens(string name, string where, double tolerance)
    {
        using var host = NetworkHost.Open(new NetworkHost.Place(where, new()), TextWriter.Null);
        using var model = OnnxModel.Load(SharedData.Path("models", $"{name}.onnx"));
        using var network = host.Create(model.Graph, 1);
        using var input = NpyFile.Read(SharedData.Path("models", "golden", name, "input.npy")).ToTensor();
        var outputs = network.Run([input]);
        Assert.Equal(Directory.GetFiles(SharedData.Path("models", "golden", name), "output_*.npy").Length, outputs.Count);
        Assert.NotEmpty(outputs);
        for (int i = 0; i < outputs.Count; i++)
        {
            var expected = NpyFile.Read(SharedData.Path("models", "golden", name, $"output_{i}.npy"));
            Assert.Equal(expected.Shape, outputs[i].Shape);
            Assert.InRange(TensorDifference.Between<double>(expected.Shape, expected.ToDoubles(), outputs[i].Span).RelativeL2, 0, tolerance);
        }

        if (where == "gpu")
            Assert.DoesNotContain(NodePlaces.Of(network).CpuOps, op => op.Contains("Conv", StringComparison.Ordinal));
    }

    [SharedDataTheory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void The_digit_model_gives_its_test_data(string where)
    {
        using var host = NetworkHost.Open(new NetworkHost.Place(where, new()), TextWriter.Null);
        using var model = OnnxModel.Load(SharedData.Path("models", "mnist-8.onnx"));
        using var network = host.Create(model.Graph, 1);
        string folder = SharedData.Path("models", "mnist-8.test_data_set_0");
        using var input = OnnxTensor.FromProto(File.ReadAllBytes(Path.Combine(folder, "input_0.pb")), "input_0.pb").ToTensor();
        var expected = OnnxTensor.FromProto(File.ReadAllBytes(Path.Combine(folder, "output_0.pb")), "output_0.pb");
        Assert.InRange(TensorDifference.Between<double>(expected.Shape, expected.ToDoubles(), network.Run([input])[0].Span).RelativeL2, 0, 1e-5);
    }

    [SharedDataTheory]
    [InlineData("caffe_cat.jpg", "tabby")]
    [InlineData("bald_eagle.jpeg", "bald eagle")]
    [InlineData("parrot.jpg", "macaw")]
    public void SqueezeNet_names_what_is_on_the_picture(string photograph, string expected)
    {
        var options = new PhotographOptions(null, [104, 117, 123], [1], IsBgr: true, Letterbox: false, Stretch: false);
        var inputs = ModelInputs.Read(SharedData.Path("models", "squeezenet-fp16.onnx"), [SharedData.Path("images", photograph)], options, new OnnxLimits());
        using var model = OnnxModel.Load(SharedData.Path("models", "squeezenet-fp16.onnx"), new OnnxLoadOptions { Inputs = inputs });
        using var host = NetworkHost.Open(new NetworkHost.Place("cpu", new()), TextWriter.Null);
        using var network = host.Create(model.Graph, 2);
        using var input = inputs[model.Inputs[0].Name].ToTensor();
        float[] scores = network.Run([input])[0].Span.ToArray();
        string[] labels = File.ReadAllLines(SharedData.Path("labels", "imagenet_synset.txt"));
        Assert.Contains(expected, labels[Array.IndexOf(scores, scores.Max())], StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void UltraFace_finds_nineteen_faces()
    {
        var options = new PhotographOptions(null, [127], [1f / 128], IsBgr: false, Letterbox: false, Stretch: true);
        string path = SharedData.Path("models", "ultraface-rfb-320.onnx");
        var inputs = ModelInputs.Read(path, [SharedData.Path("images", "ultraface_1.jpg")], options, new OnnxLimits());
        using var model = OnnxModel.Load(path, new OnnxLoadOptions { Inputs = inputs });
        using var host = NetworkHost.Open(new NetworkHost.Place("cpu", new()), TextWriter.Null);
        using var network = host.Create(model.Graph, 2);
        using var input = inputs[model.Inputs[0].Name].ToTensor();
        var outputs = network.Run([input]);

        // Scores [1, 4420, 2] are of background and face; NonMaxSuppression takes [1, classes, boxes].
        int count = outputs[0].Shape[1];
        float[] faces = [.. Enumerable.Range(0, count).Select(i => outputs[0].Span[(i * 2) + 1])];
        using var scores = new Tensor(new Shape(1, 1, count), faces);
        using var boxes = outputs[1].Clone();
        var builder = new GraphBuilder();
        var node = builder.Add(new NonMaxSuppression(200, 0.3f, 0.7f), [builder.Input("boxes", boxes.Shape), builder.Input("scores", scores.Shape)]);
        using var graph = builder.Build(node);
        using var suppression = new CpuNetwork(graph);
        var kept = suppression.Run(boxes, scores)[0];
        Assert.Equal(19, Enumerable.Range(0, kept.Shape[0]).Count(row => kept.Span[row * 3] >= 0));
    }
}
