using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Cli;

/// <summary><c>rtcnn infer</c> with models that answer for pixels: what covers how much, masks drawn on pictures and videos, and pictures that a model makes.</summary>
[Collection(GlTests.Name)]
public sealed class InferPixelTests : IDisposable
{
    private const int Width = 80, Height = 60;
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-pixels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void A_segmentation_says_what_covers_how_much_and_draws_it(string backend)
    {
        string picture = HalfRed(20);
        var (code, output, error) = Run("infer", RedThings(), picture, "--json", Path("answers.json"), "--output", Path("drawn"), "--backend", backend);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        var areas = json.RootElement[0].GetProperty("areas").EnumerateArray().Select(area => (area.GetProperty("label").GetString(), Math.Round(area.GetProperty("percent").GetDouble()))).ToArray();
        Assert.Equal([("else", 75), ("red", 25)], areas);
        Assert.Contains("  red  25", output, StringComparison.Ordinal);
        using var drawn = Photograph.Load(Path("drawn/half.png"));
        Assert.Equal((Width, Height), (drawn.Format.Width, drawn.Format.Height));

        // Half red and half the first colour at the lower left; as it was at the right.
        var color = ClassColors.Of(0);
        var (r, g, b) = At(drawn, 5, 55);
        Assert.Equal(((230 / 255f) + color.R) / 2 * 255, r, 3.0);
        Assert.Equal(color.G / 2 * 255, g, 3.0);
        Assert.Equal(0, b, 3.0);
        Assert.Equal((0, 40, 40), At(drawn, 75, 55));
    }

    [Fact]
    public void A_segmentation_of_a_video_is_answered_and_drawn_picture_by_picture()
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.Black);
        using (var writer = new VideoWriter(Path("film.mp4"), canvas.Format, 10))
        {
            for (int i = 0; i < 5; i++)
            {
                canvas.Begin(Width, Height, Color.Black);
                canvas.Fill(new Area(0, 0, 16 * (i + 1), Height), new Color(1, 0, 0));
                writer.Add(canvas.Pixels, TimeSpan.FromSeconds(i / 10.0));
            }

            writer.Finish();
        }

        var (code, output, error) = Run("infer", RedThings(), Path("film.mp4"), "--json", Path("answers.json"), "--output", Path("drawn"), "--backend", "cpu");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        for (int i = 0; i < 5; i++)
        {
            var red = json.RootElement[i].GetProperty("areas").EnumerateArray().Single(area => area.GetProperty("label").GetString() == "red");
            Assert.Equal(20 * (i + 1), red.GetProperty("percent").GetDouble(), 4.0);
        }

        Assert.Matches(@"film\.mp4 80x60, 5 pictures, 0\.40 s\n  red  (5[789]|6[0-3])\.\d % on average\n  else  \d+\.\d % on average", output.ReplaceLineEndings("\n"));
        Assert.True(new FileInfo(Path("drawn/film.mp4")).Length > 500);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(255, null)]
    [InlineData(30, "30")]
    public void A_picture_that_a_model_makes_is_written_in_its_range(float scale, string? white)
    {
        string picture = HalfRed(40);
        var entries = white == null ? [] : new Dictionary<string, string> { ["head.white"] = white };
        string model = Model("same.onnx", x => x.Conv2d(3, kernel: 1, name: "same"), new OnnxMetadata { Head = "picture", Fit = "stretch", Other = entries }, graph =>
        {
            Set(graph["same"].Parameters[0], scale, 0, 0, 0, scale, 0, 0, 0, scale);
            Set(graph["same"].Parameters[1], 0, 0, 0);
        });
        var (code, output, error) = Run("infer", model, picture, "--output", Path("drawn"), "--backend", "cpu");
        Assert.True(code == 0, error);
        Assert.Contains(": a picture of 40x30", output, StringComparison.Ordinal);
        using var made = Photograph.Load(Path("drawn/half.png"));
        Assert.Equal((40, 30), (made.Format.Width, made.Format.Height));
        Assert.Equal(((230, 0, 0), (0, 40, 40)), (At(made, 5, 15), At(made, 35, 15)));
    }

    [Fact]
    public void What_does_not_go_together_is_named()
    {
        string picture = HalfRed(40);
        Refused("labels", Model("labels.onnx", x => x.Conv2d(3, kernel: 1), new OnnxMetadata { Head = "segmentation", Labels = ["one"] }), picture);
        Refused("'maybe'", Model("flag.onnx", x => x.Conv2d(3, kernel: 1), new OnnxMetadata { Head = "segmentation", Other = new Dictionary<string, string> { ["head.logits"] = "maybe" } }), picture);
        Refused("class 9", Model("background.onnx", x => x.Conv2d(3, kernel: 1), new OnnxMetadata { Head = "segmentation", Other = new Dictionary<string, string> { ["head.background"] = "9" } }), picture);
        Refused("A picture is an output", Model("picture.onnx", x => x.Conv2d(2, kernel: 1), new OnnxMetadata { Head = "picture" }), picture);

        void Refused(string said, params string[] arguments)
        {
            var (code, _, error) = Run(["infer", .. arguments]);
            Assert.True(code == 2 && error.Contains(said, StringComparison.Ordinal), $"exit code {code}, '{error}' without '{said}'.");
        }
    }

    private static (byte R, byte G, byte B) At(Frame frame, int x, int y)
    {
        var pixel = frame.Pixels.Slice(((y * frame.Format.Width) + x) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    /// <summary>Red at the left, for so many columns.</summary>
    private string HalfRed(int columns)
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, new Color(0, 40 / 255f, 40 / 255f));
        canvas.Fill(new Area(0, 0, columns, Height), new Color(230 / 255f, 0, 0));
        Png.Write(Path("half.png"), canvas.Pixels, canvas.Format);
        return Path("half.png");
    }

    private string RedThings() => Model(
        "red.onnx", x => x.Conv2d(2, kernel: 1, name: "scores"), new OnnxMetadata { Head = "segmentation", Labels = ["else", "red"], Fit = "stretch" }, graph =>
        {
            Set(graph["scores"].Parameters[0], 0, 0, 0, 40, -40, 0);
            Set(graph["scores"].Parameters[1], 0, -16);
        });

    private static void Set(Parameter parameter, params float[] values)
    {
        using var edit = parameter.Edit();
        values.CopyTo(edit.Values);
    }

    private string Model(string name, Func<SymbolicTensor, SymbolicTensor> layers, OnnxMetadata metadata, Action<Graph>? edit = null)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(layers(builder.Start(new Shape(1, 3, 30, 40), "picture")));
        edit?.Invoke(graph);
        OnnxExporter.Write(Path(name), graph, metadata);
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
