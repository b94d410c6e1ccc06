using RealtimeCnn.Camera;
using RealtimeCnn.Demo;
using RealtimeCnn.Demo.Modes;
using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Demo.Scenes;
using RealtimeCnn.Demo.Views;
using RealtimeCnn.Graphs;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Tests.OpenGL;

namespace RealtimeCnn.Tests.Demo;

/// <summary>The view that the demo opens with says what is in the picture.</summary>
[Collection(GlTests.Name)]
public sealed class RecognitionTests(GlFixture gl) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-recognition-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_written_digit_is_called_by_its_name_however_it_sways()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        using var scene = new CpuScene(new RunStats());
        for (long number = 0; number < 20 * WrittenDigitsSource.PicturesPerDigit; number += 7)
        {
            ShowDigit(scene, models.Own!, number);
            Assert.Equal($"{WrittenDigitsSource.DigitAt(number)}", Classifier(models).Answers[0].Name);
        }
    }

    [Fact]
    public void Numbers_on_a_sheet_are_found_where_they_are()
    {
        const int Pictures = 25, Step = 53;
        using var models = new ModelShelf(ShippedModels.DigitFinder);
        using var scene = new CpuScene(new RunStats());
        var format = new FrameFormat(640, 480, PixelFormat.Rgba);
        using var sheet = new WrittenNumbersSource(format.Width, format.Height);
        var written = new WrittenDigit[WrittenNumbersSource.Count];
        int right = 0, wrong = 0;
        for (int i = 0; i < Pictures; i++)
        {
            Show(scene, models.Own!, format, i * Step, (number, pixels) => sheet.Draw(number, pixels, written));
            foreach (var box in Assert.IsType<ShownDetector>(models.Own!).Found)
            {
                bool isRight = written.Any(digit => digit.Value == box.Class && box.Overlap(new Detection(digit.Left, digit.Top, digit.Right, digit.Bottom, digit.Value, 1)) > 0.5f);
                (right, wrong) = isRight ? (right + 1, wrong) : (right, wrong + 1);
            }
        }

        Assert.True(right > 0.8 * Pictures * written.Length && wrong < 0.02 * Pictures * written.Length, $"{right} of {Pictures * written.Length} digits are found, and {wrong} that are not there.");
    }

    [Fact]
    public void The_GPU_gives_the_same_answers()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        gl.Run(device =>
        {
            using var scene = new GpuScene(device, new RunStats());
            for (long number = 20; number < 10 * WrittenDigitsSource.PicturesPerDigit; number += WrittenDigitsSource.PicturesPerDigit)
            {
                ShowDigit(scene, models.Own!, number);
                Assert.Equal($"{WrittenDigitsSource.DigitAt(number)}", Classifier(models).Answers[0].Name);
            }
        });
    }

    [Fact]
    public void A_board_and_a_test_pattern_are_no_hand_signs()
    {
        using var models = new ModelShelf(ShippedModels.HandSigns);
        using var scene = new CpuScene(new RunStats());
        ShowDigit(scene, models.Own!, 200);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "no sign"], models.Own!.Classes);
        Assert.Equal("no sign", Classifier(models).Answers[0].Name);
    }

    [Fact]
    public void Until_the_user_chooses_the_source_has_the_model_that_suits_it()
    {
        using var models = new ModelShelf();
        var mode = new ModelMode(new ModelChoice(models));
        mode.Suit(PictureContent.Digit);
        Assert.Equal("digits", mode.Shown.Name);
        mode.Suit(PictureContent.Numbers);
        Assert.Equal("digit-finder", mode.Shown.Name);
        mode.Suit(PictureContent.Anything);
        Assert.Equal("hand-signs", mode.Shown.Name);
        Assert.True(KeyBinding.Press(mode.Keys, ConsoleKey.M));
        mode.Suit(PictureContent.Anything);
        Assert.Equal("digit-finder", mode.Shown.Name);
        Assert.True(KeyBinding.Press(mode.Keys, ConsoleKey.M));
        Assert.Equal("digits", mode.Shown.Name);
    }

    [Fact]
    public void A_file_that_is_dropped_is_shown_and_one_that_cannot_be_leaves_the_model_and_says_why()
    {
        using var models = new ModelShelf();
        var mode = new ModelMode(new ModelChoice(models));
        string own = Model("own.onnx", x => x.GlobalAveragePool().Flatten().Linear(3));
        Assert.Equal("own.onnx is shown.", mode.Drop([own]));
        Assert.Equal("own", mode.Shown.Name);
        Assert.Contains("broken.onnx", mode.Drop([Write("broken.onnx", "no model")]), StringComparison.Ordinal);
        Assert.Contains("ends in .onnx", mode.Drop(["a.txt"]), StringComparison.Ordinal);
        Assert.Equal("own", mode.Shown.Name);
        // Nothing that the source shows takes it away again.
        mode.Suit(PictureContent.Digit);
        Assert.Equal("own", mode.Shown.Name);
    }

    [Fact]
    public void Changing_modes_changes_networks_and_back()
    {
        using var models = new ModelShelf(ShippedModels.Digits);
        using var modes = new ModeList(models);
        var controls = new DemoControls(modes, "model");
        using var scene = new CpuScene(new RunStats());
        ShowDigit(scene, controls.Mode.Network, 10);
        foreach (string mode in (string[])["filters", "model"])
        {
            controls.Choose(mode);
            Assert.True(scene.TryRecompute(controls.Mode.Network));
            // The other network's result is on its way.
            Screen.Draw(scene, controls, new RunStats(), "digits", new Size2d(240, 320));
            scene.Finish();
            Assert.Same(controls.Mode.Network, scene.Network);
            Screen.Draw(scene, controls, new RunStats(), "digits", new Size2d(240, 320));
        }

        Assert.Equal("0", Classifier(models).Answers[0].Name);
    }

    [Fact]
    public void A_model_of_the_users_own_is_shown_with_labels_from_a_file()
    {
        string labels = Write("labels.txt", "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");
        using var models = new ModelShelf(Repository.Model(ShippedModels.Digits), labels);
        using var scene = new CpuScene(new RunStats());
        ShowDigit(scene, models.Own!, 3 * WrittenDigitsSource.PicturesPerDigit);
        Assert.Equal("three", Classifier(models).Answers[0].Name);
    }

    [Fact]
    public void A_model_or_labels_that_cannot_be_shown_are_one_line_and_exit_code_2()
    {
        string digits = Repository.Model(ShippedModels.Digits);
        Refused("no-such.onnx", "--model", Path.Combine(_folder, "no-such.onnx"));
        Refused("text.onnx", "--model", Write("text.onnx", "no model"));
        Refused("2 labels ('labels'); the model tells 10 classes apart", "--model", digits, "--labels", Write("two.txt", "a\nb\n"));
        Refused("cannot be read", "--model", digits, "--labels", Path.Combine(_folder, "missing.txt"));
        Refused("--labels", "--labels", Write("lone.txt", "a"));
        Refused("which the demo shows", "--model", Model("map.onnx", x => x.Conv2d(3, kernel: 3)));
        Refused("'centres' reads heat [N, 1, H, W]", "--model", Model("no-detector.onnx", x => x.GlobalAveragePool().Flatten().Linear(3), metadata: new OnnxMetadata().With(new CentreHead())));
        Refused("this model has 'picture' [1, 4, 8, 8]", "--model", Model("four.onnx", x => x.GlobalAveragePool().Flatten().Linear(3), channels: 4));
    }

    private static void Refused(string mention, params string[] arguments)
    {
        using var messages = new StringWriter();
        string[] all = ["--source", "digits", "--frames", "1", "--window", "none", "--backend", "cpu", "--size", "320x240", .. arguments];
        Assert.Equal(2, DemoOptions.Parse(all, messages, options => new DemoApp(options, messages).Run(CancellationToken.None)));
        Assert.Contains(mention, messages.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, messages.ToString().Count(character => character == '\n'));
    }

    private static ShownClassifier Classifier(ModelShelf models) => Assert.IsType<ShownClassifier>(models.Own!);

    private static void ShowDigit(Scene scene, ISceneNetwork network, long number)
    {
        var format = new FrameFormat(640, 480, PixelFormat.Rgba);
        using var board = new WrittenDigitsSource(format.Width, format.Height);
        Show(scene, network, format, number, board.Draw);
    }

    private static void Show(Scene scene, ISceneNetwork network, FrameFormat format, long number, DrawPicture draw)
    {
        using var pool = new FramePool(1);
        var buffer = pool.TryRent(format.Bytes)!;
        draw(number, buffer.Bytes);
        using var frame = new Frame(buffer, format, default, number);
        Assert.True(scene.TrySubmit(frame, network));
        scene.Finish();
    }

    private delegate void DrawPicture(long number, Span<byte> pixels);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Model(string name, Func<SymbolicTensor, SymbolicTensor> layers, int channels = 3, OnnxMetadata? metadata = null)
    {
        var builder = new GraphBuilder();
        string path = Path.Combine(_folder, name);
        var x = builder.Start(new Shape(1, channels, 8, 8), "picture");
        using var graph = builder.Build(layers(x));
        OnnxExporter.Write(path, graph, metadata ?? new OnnxMetadata());
        return path;
    }
}
