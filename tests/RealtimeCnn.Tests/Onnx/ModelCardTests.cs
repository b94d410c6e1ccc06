using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>What is known of a model: its metadata, the JSON beside it, what is recognised, and in that order.</summary>
public sealed class ModelCardTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-card-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_recognised_brings_preprocessing_labels_and_numbers_and_is_said()
    {
        using var model = OnnxModel.Load(Yolox());
        var card = ModelCard.Of(model);
        Assert.Equal(new YoloxHead().Family, card.Head!.Family);
        Assert.Equal(new Preprocessing { Size = 64, Fit = FitMode.Letterbox, Order = ColorOrder.Bgr, Scale = 1, Border = 114 }, card.Preprocessing);
        Assert.Equal(["0", "1", "2"], card.Labels);
        Assert.Equal("Head yolox, recognised by 'out' [1, 84, 8]: 3 classes (0, 1, 2), score from 0.3.", card.Said);
        Assert.Equal(84, card.NewDetectionReader().Places);
        Assert.Throws<InvalidOperationException>(() => card.NewClassification());
    }

    [Fact]
    public void Metadata_go_before_what_is_recognised_and_the_JSON_before_both()
    {
        string path = Yolox(new OnnxMetadata { Labels = ["a", "b", "c"], Fit = "crop", Mean = [10] }.With(new YoloxHead { Threshold = 0.5f, Boxes = 7 }));
        using (var model = OnnxModel.Load(path))
        {
            var card = ModelCard.Of(model);
            Assert.Equal((0.5f, 7), (((DetectionHead)card.Head!).Threshold, ((DetectionHead)card.Head).Boxes));
            // What the file leaves open is the family's.
            Assert.Equal((FitMode.Crop, ColorOrder.Bgr, new Rgb(10, 10, 10), (Rgb)1), (card.Preprocessing.Fit, card.Preprocessing.Order, card.Preprocessing.Mean, card.Preprocessing.Scale));
            Assert.Equal("Head yolox, as 'yolox.onnx' says: 3 classes (a, b, c), score from 0.5.", card.Said);
        }

        Beside("yolox.onnx.json", """{ "head.threshold": 0.25, "labels": ["x", "y", "z"], "input": { "colors": "rgb", "mean": [1, 2, 3] } }""");
        using (var model = OnnxModel.Load(path))
        {
            var card = ModelCard.Of(model);
            Assert.Equal((0.25f, 7), (((DetectionHead)card.Head!).Threshold, ((DetectionHead)card.Head).Boxes));
            Assert.Equal((FitMode.Crop, ColorOrder.Rgb, new Rgb(1, 2, 3)), (card.Preprocessing.Fit, card.Preprocessing.Order, card.Preprocessing.Mean));
            Assert.Equal(["x", "y", "z"], card.Labels);
            Assert.Contains(model.Notes, note => note.Contains("'yolox.onnx.json' beside the model says head.threshold, labels, input.colors, input.mean", StringComparison.Ordinal));
        }

        Assert.Equal(["x", "y", "z"], OnnxModel.ReadMetadata(path).Labels);
    }

    [Fact]
    public void Another_head_in_the_JSON_has_numbers_of_its_own()
    {
        string path = Yolox(new OnnxMetadata().With(new CentreHead()));
        Beside("yolox.json", """{ "head": "yolox", "head.boxes": 3 }""");
        using var model = OnnxModel.Load(path);
        Assert.Equal(3, Assert.IsType<YoloxHead>(ModelCard.Of(model).Head).Boxes);
    }

    [Theory]
    [InlineData("yolox.onnx.json", "{", "'yolox.onnx.json' is no JSON")]
    [InlineData("yolox.onnx.json", "[1]", "'yolox.onnx.json' is no JSON object")]
    [InlineData("yolox.onnx.json", """{ "heads": "ssd" }""", "'yolox.onnx.json' says 'heads', which means nothing; its keys are labels, input.size")]
    [InlineData("yolox.onnx.json", """{ "input": { "fit": "wide" } }""", "'yolox.onnx.json': 'input.fit' is 'wide'; stretch, crop or letterbox is possible")]
    [InlineData("yolox.onnx.json", """{ "labels": null }""", "'yolox.onnx.json': 'labels' is neither text")]
    [InlineData("yolox.json", """{ "head": "yolo9" }""", "'yolox.json': 'head' is 'yolo9'; classification, centres, ssd")]
    [InlineData("yolox.json", """{ "head": "yolox", "head.overlap": 2 }""", "'yolox.json': 'head.overlap' is '2'; a number from 0 to 1 is possible")]
    [InlineData("yolox.json", """{ "head": "yunet" }""", "'yolox.json': The head 'yunet' reads 'cls_8' [N, 64, 1]")]
    [InlineData("yolox.json", """{ "labels": ["one"] }""", "There are 1 labels ('labels'); the model tells 3 classes apart")]
    public void What_is_wrong_beside_a_model_is_named(string name, string json, string said)
    {
        string path = Yolox();
        Beside(name, json);
        string message = Assert.Throws<OnnxException>(() =>
        {
            using var model = OnnxModel.Load(path);
            ModelCard.Of(model);
        }).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_JSON_of_somebody_elses_is_left_alone()
    {
        string path = Yolox();
        Beside("yolox.json", """{ "license": "MIT" }""");
        using var model = OnnxModel.Load(path);
        Assert.Empty(model.Notes);
    }

    [Fact]
    public void Pictures_fill_a_model_that_has_channels_last()
    {
        var builder = new GraphBuilder(3);
        using var graph = builder.Build(builder.Start(new Shape(1, 6, 8, 3), "x").Then(new Transpose(0, 3, 1, 2)).Conv2d(4, kernel: 3, name: "conv").GlobalAveragePool().Flatten());
        OnnxExporter.Write(Path("nhwc.onnx"), graph, new OnnxMetadata());
        using (var declared = OnnxModel.Load(Path("nhwc.onnx")))
            Assert.Contains("this model has 'x' [1, 6, 8, 3]", Assert.Throws<OnnxException>(() => ModelCard.Of(declared)).Message, StringComparison.Ordinal);
        using var model = OnnxModel.Load(Path("nhwc.onnx"), new OnnxLoadOptions { TakesPictures = true });
        Assert.Equal(new Shape(1, 3, 6, 8), model.Inputs[0].Shape);
        Assert.Equal(new Size2d(6, 8), ModelCard.Of(model).Preprocessing.Size);
        using var picture = Noise.Of(new Shape(1, 3, 6, 8));
        using var last = new Tensor(new Shape(1, 6, 8, 3));
        for (int i = 0; i < last.Shape.Count; i++)
            last.Span[i] = picture.Span[(i % 3 * 48) + (i / 3)];
        using var network = new RealtimeCnn.Cpu.CpuNetwork(model.Graph);
        using var original = new RealtimeCnn.Cpu.CpuNetwork(graph);
        Assert.Equal(original.Run(last)[0].Span.ToArray(), network.Run(picture)[0].Span.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Without_a_head_it_is_said_what_to_do()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 3, 8, 8), "x").Conv2d(3, kernel: 3, name: "map"));
        var card = ModelCard.Of(graph, new OnnxMetadata());
        Assert.Null(card.Head);
        Assert.Empty(card.Labels);
        Assert.StartsWith("No head is known for 'map' [1, 3, 6, 6]; say it as 'head' in the metadata or in a JSON file beside the model: classification, centres, ssd", card.Said, StringComparison.Ordinal);
    }

    private string Yolox(OnnxMetadata? metadata = null)
    {
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 3, 64, 64), "picture");
        using var graph = builder.Build(x.GlobalAveragePool().Flatten().Linear(84 * 8, name: "scores").Then(new Reshape(1, 84, 8), "out"));
        OnnxExporter.Write(Path("yolox.onnx"), graph, metadata ?? new OnnxMetadata());
        return Path("yolox.onnx");
    }

    private void Beside(string name, string json) => File.WriteAllText(Path(name), json);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);
}
