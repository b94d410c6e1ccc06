using System.Text.Json;
using RealtimeCnn.Cli;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Cli;

/// <summary><c>rtcnn infer</c> on pictures: classes and boxes as text, JSON and drawn, in pixels of the picture; what cannot be read is named, and the rest is answered.</summary>
[Collection(GlTests.Name)]
public sealed class InferPictureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-infer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_classifier_says_the_most_likely_classes_of_each_picture(string backend)
    {
        Directory.CreateDirectory(Path("folder/deeper"));
        string[] pictures = [Picture("first.png", 255, 0, 0), Picture("folder/second.png", 0, 0, 255), Picture("folder/deeper/third.png", 0, 255, 0)];
        var (code, output, error) = Run("infer", Colors(), pictures[0], Path("folder"), "--json", Path("answers.json"), "--output", Path("drawn"), "--backend", backend);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        var answers = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal([pictures[0], pictures[2], pictures[1]], answers.Select(answer => answer.GetProperty("picture").GetString()!));
        Assert.Equal(["red", "green", "blue"], answers.Select(answer => answer.GetProperty("classes")[0].GetProperty("label").GetString()!));
        Assert.All(answers, answer =>
        {
            Assert.Equal((40, 32, 0), (answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32(), answer.GetProperty("detections").GetArrayLength()));
            // Softmax of 8 and two zeros.
            Assert.Equal(Math.Exp(8) / (Math.Exp(8) + 2), answer.GetProperty("classes")[0].GetProperty("score").GetDouble(), 1e-4);
        });
        Assert.Contains($"{pictures[0]} 40x32", output, StringComparison.Ordinal);
        Assert.Contains("  red    0.999", output, StringComparison.Ordinal);
        Assert.Equal(["first.png", "second.png", "third.png"], Directory.GetFiles(Path("drawn")).Select(file => System.IO.Path.GetFileName(file)!).Order());
    }

    [Fact]
    public void A_detector_says_boxes_in_pixels_of_the_picture_and_draws_them()
    {
        string picture = Picture("wide.png", 9, 9, 9, width: 64, height: 32);
        var (code, output, error) = Run("infer", OneBox(), picture, picture, "--json", Path("answers.json"), "--output", Path("drawn"));
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        var thing = json.RootElement[0].GetProperty("detections")[0];
        // At 20, 12 in an input of 32x32 with a side of 16, of which the picture's 64x32 fill the middle half.
        Assert.Equal((24, 0, 32, 24), (thing.GetProperty("x").GetDouble(), thing.GetProperty("y").GetDouble(), thing.GetProperty("width").GetDouble(), thing.GetProperty("height").GetDouble()));
        Assert.Equal("cat", thing.GetProperty("label").GetString());
        Assert.Equal(0, json.RootElement[0].GetProperty("classes").GetArrayLength());
        Assert.Contains("  cat  0.9", output, StringComparison.Ordinal);
        Assert.Contains("32x24 at 24,0", output, StringComparison.Ordinal);
        // The same picture twice keeps both answers, and the box is drawn.
        Assert.Equal(2, Directory.GetFiles(Path("drawn")).Length);
        using var drawn = RealtimeCnn.Camera.Photograph.Load(Path("drawn/wide.png"));
        Assert.True(drawn.Pixels[((20 * 64) + 24) * 3] > 200, "The box's left edge is not drawn.");
        Assert.Equal(9, drawn.Pixels[(30 * 64 * 3) + 6]);
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_the_others_are_answered()
    {
        string good = Picture("good.png", 255, 0, 0);
        File.WriteAllText(Path("broken.png"), "no picture");
        var (code, output, error) = Run("infer", Colors(), Path("broken.png"), good, "--json", Path("answers.json"));
        Assert.Equal(1, code);
        Assert.Contains("broken.png", error, StringComparison.Ordinal);
        Assert.Contains("red", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        Assert.Equal(1, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void Labels_come_from_a_file_and_must_be_as_many_as_classes()
    {
        string picture = Picture("red.png", 255, 0, 0);
        File.WriteAllText(Path("labels.txt"), "rot\n\ngrün\nblau\n");
        Assert.Contains("rot", Run("infer", Colors(), picture, "--labels", Path("labels.txt")).Output, StringComparison.Ordinal);
        File.WriteAllText(Path("labels.txt"), "rot\n");
        Refused("1 labels ('labels'); the model tells 3 classes apart", Colors(), picture, "--labels", Path("labels.txt"));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_by_name()
    {
        string picture = Picture("red.png", 255, 0, 0);
        Directory.CreateDirectory(Path("empty"));
        File.WriteAllText(Path("text.txt"), "text");
        Refused("no picture or folder", Colors(), Path("absent.png"));
        Refused("has no pictures in it", Colors(), Path("empty"));
        Refused("no photograph by its name", Colors(), Path("text.txt"));
        Refused("is a file; --output names a folder", Colors(), picture, "--output", picture);
        Refused("give one of them", Colors(), picture, "--input", picture);
        Refused("--labels and --json are for pictures", Colors(), "--input", picture, "--json");
        Refused("No head is known for", Model("map.onnx", x => [x.Conv2d(3, kernel: 3)], new OnnxMetadata()), picture);
        Refused("'centres' reads heat [N, 1, H, W]", Model("two.onnx", x => [x], new OnnxMetadata().With(new CentreHead())), picture);
    }

    private static void Refused(string said, params string[] arguments)
    {
        var (code, output, error) = Run(["infer", .. arguments]);
        Assert.True(code == 2 && error.Contains(said, StringComparison.Ordinal), $"exit code {code}, '{error}' without '{said}'.");
        Assert.Equal(string.Empty, output);
    }

    /// <summary>Gives eight times the mean of each colour.</summary>
    private string Colors() => Model("colors.onnx", x => [x.GlobalAveragePool().Flatten().Linear(3, name: "scores")], new OnnxMetadata { Labels = ["red", "green", "blue"] }, graph =>
    {
        Set(graph["scores"].Parameters[0], 8, 0, 0, 0, 8, 0, 0, 0, 8);
        Set(graph["scores"].Parameters[1], 0, 0, 0);
    });

    /// <summary>Finds a cat at 20, 12 with sides of 16, whatever it sees: where all places are alike, the first is the peak.</summary>
    private string OneBox() => Model(
        "box.onnx", x =>
        {
            var places = x.AveragePool2d(4);
            return [places.Conv2d(1, kernel: 1, name: "heat"), places.Conv2d(2, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes")];
        },
        new OnnxMetadata { Labels = ["cat", "dog"], Fit = "letterbox" }.With(new CentreHead()), graph =>
        {
            foreach (var (name, biases) in new (string, float[])[] { ("heat", [4]), ("classes", [9, 0]), ("boxes", [5, 3, 0, 0]) })
            {
                Set(graph[name].Parameters[0], new float[graph[name].Parameters[0].Shape.Count]);
                Set(graph[name].Parameters[1], biases);
            }
        });

    private static void Set(Parameter parameter, params float[] values)
    {
        using var edit = parameter.Edit();
        values.CopyTo(edit.Values);
    }

    private string Model(string name, Func<SymbolicTensor, SymbolicTensor[]> layers, OnnxMetadata metadata, Action<Graph>? edit = null)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build([.. layers(builder.Start(new Shape(1, 3, 32, 32), "picture")).Select(output => (Node)output)]);
        edit?.Invoke(graph);
        OnnxExporter.Write(Path(name), graph, metadata);
        return Path(name);
    }

    private string Picture(string name, byte red, byte green, byte blue, int width = 40, int height = 32)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        Png.Write(Path(name), pixels, new FrameFormat(width, height, PixelFormat.Rgb));
        return Path(name);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
