using System.Globalization;
using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli;
using RealtimeCnn.Cli.Inference;
using RealtimeCnn.Drawing;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using Spectre.Console;
using Color = RealtimeCnn.Drawing.Color;

namespace RealtimeCnn.Tests.Cli;

/// <summary><c>rtcnn infer</c> on videos: each picture is answered with its time, things keep their numbers, and what is drawn plays as long as what was asked about.</summary>
public sealed class InferVideoTests : IDisposable
{
    private const int Width = 96, Height = 64, Pictures = 20;
    private const double Rate = 12.5;
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-video-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_thing_in_a_video_is_one_track_in_every_picture_and_is_drawn()
    {
        string video = Video("red.mp4", _ => (255, 20, 20), diameter: 14);
        var (code, output, error) = Run("infer", RedThings(), video, "--json", Path("answers.json"), "--output", Path("drawn"), "--backend", "cpu");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(Path("answers.json")));
        var answers = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal(Pictures, answers.Length);
        for (int i = 0; i < Pictures; i++)
        {
            Assert.Equal((video, i, Width, Height), (answers[i].GetProperty("picture").GetString(), answers[i].GetProperty("frame").GetInt32(), answers[i].GetProperty("width").GetInt32(), answers[i].GetProperty("height").GetInt32()));
            Assert.Equal(i / Rate, answers[i].GetProperty("seconds").GetDouble(), 0.002);
            var thing = Assert.Single(answers[i].GetProperty("detections").EnumerateArray().ToArray());
            Assert.Equal(("ball", 1), (thing.GetProperty("label").GetString(), thing.GetProperty("track").GetInt32()));
            // The dot moves by four pixels in a picture, at 50 pixels per second.
            double x = thing.GetProperty("x").GetDouble() + (thing.GetProperty("width").GetDouble() / 2);
            Assert.Equal(DotX(i), x, 8.0);
        }

        Assert.Contains($"{video} 96x64, 20 pictures, 1.52 s", output, StringComparison.Ordinal);
        Assert.Contains("  ball 1  0.00 to 1.52 s, in 20 pictures", output, StringComparison.Ordinal);
        var drawn = Read(Path("drawn/red.mp4"));
        Assert.Equal(Pictures, drawn.Count);
        Assert.All(drawn, frame => Assert.Equal((Width, Height), (frame.Width, frame.Height)));
        Assert.Equal((Pictures - 1) / Rate, drawn[^1].Time - drawn[0].Time, 0.05);
        Assert.True(drawn[10].Orange > 20, $"{drawn[10].Orange} pixels have the colour of the first track.");
    }

    [Fact]
    public void A_classifier_says_what_a_video_shows_from_when_to_when()
    {
        string video = Video("two.mp4", picture => picture < 10 ? (255, 0, 0) : (0, 0, 255), fill: true);
        var (code, output, error) = Run("infer", Colors(), Path("."), "--json", "--backend", "cpu");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        var answers = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal(Pictures, answers.Length);
        Assert.Equal(("red", "red"), (Top(answers[0]), answers[0].GetProperty("label").GetString()));
        // The label follows half of its memory later than the pictures.
        Assert.Equal(("blue", "red"), (Top(answers[11]), answers[11].GetProperty("label").GetString()));
        Assert.Equal(("blue", "blue"), (Top(answers[19]), answers[19].GetProperty("label").GetString()));
        (code, output, error) = Run("infer", Colors(), video, "--backend", "cpu");
        Assert.True(code == 0, error);
        Assert.Matches(@"  red +0\.00 to 1\.\d\d s, in 1\d pictures", output);
        Assert.Matches(@"  blue +1\.\d\d to 1\.52 s", output);

        static string? Top(JsonElement answer) => answer.GetProperty("classes")[0].GetProperty("label").GetString();
    }

    [Fact]
    public void Videos_and_pictures_of_a_folder_are_answered_and_what_cannot_be_read_is_named()
    {
        Video("a.mp4", _ => (255, 0, 0), fill: true);
        Png.Write(Path("b.png"), new byte[Width * Height * 3], new FrameFormat(Width, Height, PixelFormat.Rgb));
        File.WriteAllText(Path("c.mp4"), "no video");
        var (code, output, error) = Run("infer", Colors(), Path("."), "--output", Path("drawn"), "--backend", "cpu");
        Assert.Equal(1, code);
        Assert.Contains("c.mp4", error, StringComparison.Ordinal);
        Assert.Contains("20 pictures", output, StringComparison.Ordinal);
        Assert.Contains("b.png 96x64", output, StringComparison.Ordinal);
        Assert.Equal(["a.mp4", "b.png"], Directory.GetFiles(Path("drawn")).Select(System.IO.Path.GetFileName).Order());
        File.WriteAllText(Path("d.txt"), "");
        (code, _, error) = Run("infer", Colors(), Path("d.txt"));
        Assert.Equal(2, code);
        Assert.Contains("is no photograph or video by its name", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_video_that_cannot_be_written_is_one_error()
    {
        string video = Video("a.mp4", _ => (255, 0, 0), fill: true);
        Directory.CreateDirectory(Path("drawn/a.mp4"));
        var (code, _, error) = Run("infer", Colors(), video, "--output", Path("drawn"), "--backend", "cpu");
        Assert.Equal(1, code);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'), line => !line.StartsWith("rtcnn: note:", StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_terminal_a_bar_follows_the_answers()
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 120;
        AskingDisplay.Show(terminal, 4, (text, progress) =>
        {
            progress!(1, "/somewhere/first.png");
            text.WriteLine("an answer[bold]");
            progress(3, "/somewhere/film.mp4");
        });
        Assert.Contains("an answer[bold]", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("film.mp4", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("75%", output.ToString(), StringComparison.Ordinal);
        AskingDisplay.Show(TextWriter.Null, ["a.mp4", "b.mp4"], (_, progress) => Assert.Null(progress));
    }

    private static float DotX(int picture) => 16 + (picture * 4);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>Gives eight times the mean of each colour.</summary>
    private string Colors() => Model("colors.onnx", new Shape(1, 3, 32, 32), x => [x.GlobalAveragePool().Flatten().Linear(3, name: "scores")], new OnnxMetadata { Labels = ["red", "green", "blue"] }, graph =>
    {
        Set(graph["scores"].Parameters[0], 8, 0, 0, 0, 8, 0, 0, 0, 8);
        Set(graph["scores"].Parameters[1], 0, 0, 0);
    });

    /// <summary>Finds balls of 16 pixels where it is red.</summary>
    private string RedThings() => Model(
        "red.onnx", new Shape(1, 3, Height, Width), x =>
        {
            var places = x.AveragePool2d(12, stride: 4, padding: 4);
            return [places.Conv2d(1, kernel: 1, name: "heat"), places.Conv2d(2, kernel: 1, name: "classes"), places.Conv2d(4, kernel: 1, name: "boxes")];
        },
        new OnnxMetadata { Labels = ["ball", "box"], Fit = "stretch" }.With(new CentreHead()), graph =>
        {
            Set(graph["heat"].Parameters[0], 8, -8, -8);
            Set(graph["heat"].Parameters[1], -2);
            Set(graph["classes"].Parameters[0], new float[6]);
            Set(graph["classes"].Parameters[1], 9, 0);
            Set(graph["boxes"].Parameters[0], new float[12]);
            Set(graph["boxes"].Parameters[1], 0.5f, 0.5f, 0, 0);
        });

    private static void Set(Parameter parameter, params float[] values)
    {
        using var edit = parameter.Edit();
        values.CopyTo(edit.Values);
    }

    private string Model(string name, Shape input, Func<SymbolicTensor, SymbolicTensor[]> layers, OnnxMetadata metadata, Action<Graph> edit)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build([.. layers(builder.Start(input, "picture")).Select(output => (Node)output)]);
        edit(graph);
        OnnxExporter.Write(Path(name), graph, metadata);
        return Path(name);
    }

    /// <summary>A film of a dot that moves to the right, or of one colour.</summary>
    private string Video(string name, Func<int, (int R, int G, int B)> color, int diameter = 14, bool fill = false)
    {
        var canvas = new CpuCanvas();
        canvas.Begin(Width, Height, Color.Black);
        using var writer = new VideoWriter(Path(name), canvas.Format, Rate);
        for (int picture = 0; picture < Pictures; picture++)
        {
            var (r, g, b) = color(picture);
            var paint = new Color(r / 255f, g / 255f, b / 255f);
            canvas.Begin(Width, Height, fill ? paint : Color.Black);
            if (!fill)
                canvas.Disk(DotX(picture), Height / 2f, diameter / 2f, paint);
            writer.Add(canvas.Pixels, TimeSpan.FromSeconds(picture / Rate));
        }

        writer.Finish();
        return Path(name);
    }

    private static List<(int Width, int Height, double Time, int Orange)> Read(string path)
    {
        var frames = new List<(int, int, double, int)>();
        using var source = FfmpegSource.File(path);
        source.Start(FrameDelivery.Every);
        var reader = new ImageToTensor(new Preprocessing { Size = new(Height, Width) });
        using var pixels = new Tensor(new Shape(1, 3, Height, Width));
        while (source.Take(TimeSpan.FromSeconds(60)) is { } frame)
        {
            using (frame)
            {
                reader.Run(frame, pixels);
                var (r, g, b) = (pixels.Span[..(Height * Width)].ToArray(), pixels.Span.Slice(Height * Width, Height * Width).ToArray(), pixels.Span[(2 * Height * Width)..].ToArray());
                int orange = Enumerable.Range(0, Height * Width).Count(i => r[i] > 0.5f && g[i] is > 0.3f and < 0.8f && b[i] < 0.3f);
                frames.Add((frame.Format.Width, frame.Format.Height, frame.Timestamp.TotalSeconds, orange));
            }
        }

        return frames;
    }
}
