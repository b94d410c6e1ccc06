using System.Buffers.Binary;
using System.Text.Json;
using RealtimeCnn.Cli;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Layers;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;

namespace RealtimeCnn.Tests.Cli;

/// <summary>The contract of <c>rtcnn train</c> and <c>rtcnn eval</c>: from pictures to a file that says how to be fed, and back.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private const int Side = 16;
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_trained_is_evaluated_from_its_file_alone()
    {
        string data = Idx("train", 160, 1), unseen = Idx("unseen", 60, 2), model = Path("bars.onnx"), report = Path("report.json"), log = Path("log.jsonl");
        var (code, output, error) = Run("train", "lenet5", "--data", data, "--held-out", unseen, "--output", model, "--epochs", "4", "--batch", "8", "--rate", "0.003", "--statistics", "standardised", "--log", log, "--threads", "2");
        Assert.True(code == 0, error);
        Assert.Contains("note: Class '1' has no pictures.", error, StringComparison.Ordinal);
        Assert.Equal(5, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("epoch 4: loss", output, StringComparison.Ordinal);
        using var last = JsonDocument.Parse(File.ReadAllLines(log)[^1]);
        double heldOut = last.RootElement.GetProperty("heldOutAccuracy").GetDouble();
        Assert.True(heldOut > 0.95, $"Accuracy {heldOut}.");

        (code, output, error) = Run("eval", model, "--data", unseen, "--json", report);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        Assert.Equal(heldOut, json.RootElement.GetProperty("accuracy").GetDouble());
        Assert.Equal(60, json.RootElement.GetProperty("count").GetInt32());
        Assert.Equal(60, json.RootElement.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32())));
        Assert.Equal(["0", "1", "2"], json.RootElement.GetProperty("perClass").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("perClass")[1].GetProperty("recall").ValueKind);
        Assert.Contains("of 60 pictures are named right", output, StringComparison.Ordinal);

        using var file = OnnxModel.Load(model);
        Assert.Equal(["0", "1", "2"], file.Metadata.Labels);
        Assert.Equal((new Size2d(Side, Side), "classification", 1), (file.Metadata.InputSize, file.Metadata.Head, file.Metadata.Mean.Count));

        // A file is trained further as it is fed: after one more epoch it is no worse.
        (code, output, error) = Run("train", model, "--data", data, "--output", Path("more.onnx"), "--epochs", "1", "--rate", "0.0001");
        Assert.True(code == 0, error);
        using var more = OnnxModel.Load(Path("more.onnx"));
        Assert.Equal(file.Metadata.Mean, more.Metadata.Mean);
        (_, output, _) = Run("eval", Path("more.onnx"), "--data", unseen, "--json");
        using var after = JsonDocument.Parse(output);
        Assert.InRange(after.RootElement.GetProperty("accuracy").GetDouble(), 0.95, 1);
    }

    [Fact]
    public void A_file_gets_a_new_end_and_then_all_of_it_is_trained_and_drawn()
    {
        string data = Idx("train", 90, 1), first = Path("first.onnx"), second = Path("second.onnx"), picture = Path("picture.png");
        Assert.Equal(0, Run("train", "lenet5", "--data", data, "--output", first, "--epochs", "1", "--threads", "1").Code);
        using var before = OnnxModel.Load(first);
        string node = before.Graph.Nodes.Last(one => one.Layer is ActivationLayer).Name;
        string[] flags = ["train", first, "--data", data, "--validation", "0.2", "--front", node, "--new-end", "--epochs", "3", "--rate", "0.01", "--threads", "1"];
        var (code, output, error) = Run([.. flags, "--output", second]);
        Assert.True(code == 0, error);
        Assert.Contains("epoch 3: loss", output, StringComparison.Ordinal);
        Assert.Contains("CPU-seconds, about", output, StringComparison.Ordinal);
        using var frozen = OnnxModel.Load(second);
        Assert.Equal(Weights(before.Graph, "c1"), Weights(frozen.Graph, "c1"));
        Assert.Equal("classifier", frozen.Graph.Nodes.Last(one => one.Layer is Linear).Name);

        (code, output, error) = Run([.. flags, "--output", second, "--unfreeze", "2", "--picture", picture]);
        Assert.True(code == 0, error);
        Assert.Contains("5 epochs", output, StringComparison.Ordinal);
        using var released = OnnxModel.Load(second);
        Assert.NotEqual(Weights(before.Graph, "c1"), Weights(released.Graph, "c1"));
        using var drawn = File.OpenRead(picture);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], new[] { drawn.ReadByte(), drawn.ReadByte(), drawn.ReadByte(), drawn.ReadByte() }.Select(one => (byte)one));

        (code, _, error) = Run([.. flags, "--output", second, "--augment", "digits"]);
        Assert.Equal((2, true), (code, error.Contains("leave out --augment", StringComparison.Ordinal)));
        (code, _, error) = Run("train", first, "--data", data, "--output", second, "--front", "nothing");
        Assert.Equal((2, true), (code, error.Contains("no node 'nothing'", StringComparison.Ordinal)));
        (code, _, error) = Run("train", first, "--data", data, "--output", second, "--new-end");
        Assert.Equal((2, true), (code, error.Contains("name its last node", StringComparison.Ordinal)));

        static float[] Weights(Graph graph, string name) => graph.Nodes.First(one => one.Name.Contains(name, StringComparison.Ordinal)).Parameters[0].Values.ToArray();
    }

    [Fact]
    public void A_recipe_and_its_flags_give_the_same_file_and_a_resumed_training_too()
    {
        string data = Idx("train", 60, 1), recipe = Path("recipe.json"), checkpoint = Path("checkpoint");
        File.WriteAllText(recipe, """{ "epochs": 2, "batch": 16, "optimizer": "nesterov", "rate": 0.5, "weightDecay": 0.001, "smoothing": 0.1, "warmUp": 0.5, "average": 0.9, "clip": 1, "augmentation": { "shift": 0.1 } }""");
        string[] flags = ["--recipe", recipe, "--rate", "0.02", "--validation", "0.2"];
        Assert.Equal(0, Run(["train", "lenet5", "--data", data, "--output", Path("whole.onnx"), "--threads", "1", .. flags]).Code);
        // Ended as Ctrl+C does, when the first epoch has been reported.
        using (var ended = new CancellationTokenSource())
        {
            using var output = new CancellingWriter(ended);
            Assert.Equal(130, CommandLine.Run(["train", "lenet5", "--data", data, "--output", Path("ended.onnx"), "--checkpoint", checkpoint, .. flags], output, TextWriter.Null, ended.Token));
            Assert.False(File.Exists(Path("ended.onnx")));
        }

        var resumed = Run(["train", "lenet5", "--data", data, "--output", Path("resumed.onnx"), "--checkpoint", checkpoint, "--resume", .. flags]);
        Assert.Equal(0, resumed.Code);
        Assert.DoesNotContain("There is no", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path("whole.onnx")), File.ReadAllBytes(Path("resumed.onnx")));
        var other = Run(["train", "lenet5", "--data", data, "--output", Path("other.onnx"), "--recipe", recipe, "--validation", "0.2", "--checkpoint", Path("none"), "--resume"]);
        Assert.Equal(0, other.Code);
        Assert.Contains($"There is no '{Path("none")}' yet", other.Error, StringComparison.Ordinal);
        Assert.NotEqual(File.ReadAllBytes(Path("whole.onnx")), File.ReadAllBytes(Path("other.onnx")));
        var (code, _, error) = Run(["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--checkpoint", checkpoint, "--resume", .. flags, "--seed", "4"]);
        Assert.Equal(2, code);
        Assert.Contains("Seed was '0' and is '4'", error, StringComparison.Ordinal);
    }

    /// <summary>Of a network of few channels and of one whose channels fill blocks, with all that chance does to pictures.</summary>
    [Theory]
    [InlineData("lenet5", 1)]
    [InlineData("lenet5-relu", 3)]
    [InlineData("mobilenetv2-tiny", 3)]
    public void A_recipe_gives_the_same_file_to_the_bit_on_one_thread_and_on_two(string model, int channels)
    {
        for (int i = 0; i < 12; i++)
        {
            Save($"photos/dark/{i}.png", (byte)(60 + i), 70, 40);
            Save($"photos/skin/{i}.png", 200, (byte)(130 + i), 100);
            Save($"rooms/{i}.png", (byte)(20 * i), 90, 160);
        }

        // Hands are found by the colour of skin.
        double background = channels == 3 ? 0.5 : 0;
        File.WriteAllText(Path("recipe.json"), $$"""
            {
              "epochs": 2, "batch": 8, "seed": 5, "optimizer": "adamw", "rate": 0.002, "schedule": "one-cycle", "smoothing": 0.1, "average": 0.9, "clip": 1, "calibrate": true,
              "augmentation": {
                "rotation": 15, "scale": 0.2, "axisScale": 0.1, "shear": 0.1, "shift": 0.1, "flip": 0.5, "elastic": 0.5, "background": {{background}}, "contrast": 0.3, "brightness": 20,
                "channelGain": 0.1, "fade": 0.3, "blur": 0.3, "noise": 0.3, "cutout": 0.3, "mixup": 0.2
              }
            }
            """);
        string data = channels == 1 ? Idx("train", 40, 1) : $"images:{Path("photos")}";
        byte[] Train(string threads, params string[] flags)
        {
            var (code, _, error) = Run(["train", model, "--data", data, "--size", "32", "--validation", "0.25", "--backgrounds", Path("rooms"), "--recipe", Path("recipe.json"), "--output", Path("x.onnx"), "--threads", threads, .. flags]);
            Assert.True(code == 0, error);
            return File.ReadAllBytes(Path("x.onnx"));
        }

        byte[] file = Train("1");
        Assert.Equal(file, Train("2"));
        Assert.Equal(file, Train("2"));
        Assert.NotEqual(file, Train("2", "--seed", "6"));
    }

    [Fact]
    public void Photographs_in_folders_are_trained_on_and_their_groups_stay_together()
    {
        foreach (var (name, level) in new[] { ("dark", 40), ("light", 200) })
        {
            for (int person = 0; person < 6; person++)
            {
                for (int i = 0; i < 3; i++)
                    Save($"photos/{name}/{person}_{i}.png", Enumerable.Repeat((byte)(level + person + i), 3).ToArray());
            }
        }

        File.WriteAllText(Path("photos/dark/broken.png"), "no picture");
        string model = Path("light.onnx");
        var (code, output, error) = Run("train", "lenet5", "--data", $"images:{Path("photos")}", "--size", "16", "--validation", "0.3", "--group", "/(.*)_", "--output", model, "--epochs", "6", "--batch", "4", "--rate", "0.002");
        Assert.True(code == 0, error);
        Assert.Contains("note: 1 of 37 photographs cannot be read", error, StringComparison.Ordinal);
        Assert.Contains("held out 100.00 %", output, StringComparison.Ordinal);
        // Several groups of six photographs each, one of each class.
        using var file = OnnxModel.Load(model);
        Assert.Equal(["dark", "light"], file.Metadata.Labels);
        Assert.Equal(new Shape(1, 3, 16, 16), file.Inputs[0].Shape);
        (code, output, _) = Run("eval", model, "--data", $"images:{Path("photos")}", "--backend", "cpu");
        Assert.Equal(0, code);
        Assert.Contains("100.00 % of 36 pictures", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "100.00 %")]
    [InlineData(false, "0.00 %")]
    public void Channels_and_their_numbers_are_in_the_order_that_the_file_states(bool isBgr, string right)
    {
        Save("photos/blue/1.png", 0, 0, 150);
        Save("photos/red/1.png", 150, 0, 0);
        var builder = new GraphBuilder();
        // Logits: what blue, the first channel, and red, the last, have above 100 and 20.
        var (weight, bias) = (new Tensor(new Shape(2, 3), [1, 0, 0, 0, 0, 1]), new Tensor(new Shape(2)));
        using var graph = builder.Build(builder.Add(new Linear(3, 2), builder.Start(new Shape(1, 3, 4, 4)).GlobalAveragePool().Flatten().Node, [weight, bias], "logits"));
        OnnxExporter.Write(Path("bgr.onnx"), graph, new OnnxMetadata { Labels = ["blue", "red"], IsBgr = isBgr, Mean = [100, 60, 20], Scale = [1, 1, 0.5f] });
        var (code, output, error) = Run("eval", Path("bgr.onnx"), "--data", $"images:{Path("photos")}");
        Assert.True(code == 0, error);
        Assert.StartsWith($"{right} of 2 pictures", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_said_in_one_line()
    {
        string data = Idx("train", 20, 1), model = Path("model.onnx");
        Assert.Equal(0, Run("export", "lenet5", "--output", model).Code);
        File.WriteAllText(Path("recipe.json"), """{ "epoch": 2 }""");
        File.WriteAllText(Path("background.json"), """{ "augmentation": { "background": 0.4 } }""");
        File.WriteAllText(Path("sides.json"), """{ "sources": [{ "leastSide": 0.5, "mostSide": 0.2 }] }""");
        File.WriteAllText(Path("sources.json"), """{ "sources": [{}, {}] }""");
        (string[] Arguments, string Said)[] cases =
        [
            (["train", "lenet5", "--data", data], "--output"),
            (["train", "lenet6", "--data", data, "--output", Path("x.onnx")], "neither an .onnx file nor one of the networks"),
            (["train", "lenet5", "--data", "nowhere", "--output", Path("x.onnx")], "'nowhere' names no data"),
            (["train", "lenet5", "--data", "mnist:a,b", "--output", Path("x.onnx")], "'a' cannot be read"),
            (["train", "lenet5", "--data", $"images:{Path("absent")}", "--output", Path("x.onnx")], "There is no folder"),
            (["train", model, "--data", data, "--output", Path("x.onnx")], "[1, 10]; 3 classes need"),
            (["train", "lenet5", "--data", data, "--output", Path("absent/x.onnx")], "there is no folder"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--recipe", Path("recipe.json")], "epoch"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--recipe", Path("background.json")], "give Backgrounds"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--backgrounds", Path("absent")], "There is no folder"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--rate", "-1"], "Rate must be above 0"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--optimizer", "best"], "--optimizer 'best'"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--patience", "2"], "held out"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--resume"], "--checkpoint"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--validation", "2"], "--validation"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--validation", "0.2", "--group", "("], "no regular expression"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--hold-out", "x", "--validation", "0.2"], "--hold-out stands in place"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--hold-out", "x"], "None of 20 samples would be held out; the first is '#0'"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--calibrate"], "data that are held out"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--recipe", Path("sides.json")], "leastSide 0.5 and mostSide 0.2 is not possible"),
            (["train", "lenet5", "--data", data, "--output", Path("x.onnx"), "--recipe", Path("sources.json")], "The recipe has 2 sources of data; --data names 1."),
            (["train", "lenet5", "--data", "parts:none", "--output", Path("x.onnx")], "names no data"),
            (["eval", model, "--data", data, "--augmentation", Path("recipe.json")], "is no augmentation"),
            (["eval", model, "--data", data], "[1, 10]; the data have 3 classes"),
            (["eval", "lenet5", "--data", data], "random weights"),
        ];
        foreach (var (arguments, said) in cases)
        {
            var (code, output, error) = Run(arguments);
            Assert.True(code == 2 && error.Contains(said, StringComparison.Ordinal), $"{string.Join(' ', arguments)}: exit code {code}, '{error}' without '{said}'.");
            Assert.Equal(string.Empty, output);
            Assert.False(File.Exists(Path("x.onnx")));
        }
    }

    /// <summary>Green is a class, red is another, and all else, drawn from photographs, is neither.</summary>
    [Fact]
    public void Sources_are_joined_in_their_shares_and_the_result_is_calibrated_and_says_how_it_was_made()
    {
        for (int i = 0; i < 20; i++)
        {
            Save($"signs/green/p{i}.png", 20, (byte)(150 + (3 * i)), 30);
            Save($"signs/red/p{i}.png", (byte)(150 + (3 * i)), 25, 30);
            Save($"photos/p{i}.png", (byte)(10 * i), (byte)(10 * i), (byte)(255 - (10 * i)));
        }

        File.WriteAllText(Path("recipe.json"), """{ "epochs": 12, "batch": 8, "rate": 0.003, "sources": [{}, { "share": 0.5, "leastSide": 0.3 }], "calibrate": true }""");
        string model = Path("sorted.onnx");
        string[] data = ["--data", $"images:{Path("signs")}", "--data", $"parts:nothing={Path("photos")}"];
        var (code, output, error) = Run(["train", "lenet5", .. data, "--hold-out", "p[01].png", "--size", "16", "--recipe", Path("recipe.json"), "--output", model]);
        Assert.True(code == 0, error);
        Assert.Contains("temperature", output, StringComparison.Ordinal);
        using (var file = OnnxModel.Load(model))
        {
            Assert.Equal(["green", "red", "nothing"], file.Metadata.Labels);
            using var recipe = JsonDocument.Parse(file.Metadata.Other["recipe"]);
            Assert.Equal(("lenet5", "p[01].png"), (recipe.RootElement.GetProperty("model").GetString(), recipe.RootElement.GetProperty("heldOut").GetString()));
            Assert.Equal(["images:signs", "parts:nothing=photos"], recipe.RootElement.GetProperty("data").EnumerateArray().Select(name => name.GetString()));
            Assert.Equal(12, recipe.RootElement.GetProperty("recipe").GetProperty("epochs").GetInt32());
        }

        (code, output, error) = Run(["eval", model, .. data, "--only", "p1?[0-5].png", "--backend", "cpu", "--json"]);
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal((36, 1.0), (report.RootElement.GetProperty("count").GetInt32(), report.RootElement.GetProperty("accuracy").GetDouble()));
        Assert.InRange(report.RootElement.GetProperty("calibrationError").GetDouble(), 0, 0.2);
        // Without light nothing is what it was.
        File.WriteAllText(Path("dark.json"), """{ "contrast": 1, "brightness": 255 }""");
        (_, output, _) = Run(["eval", model, .. data, "--augmentation", Path("dark.json"), "--backend", "cpu", "--json"]);
        using var changed = JsonDocument.Parse(output);
        Assert.InRange(changed.RootElement.GetProperty("accuracy").GetDouble(), 0.1, 0.9);
    }

    [Fact]
    public void A_loss_that_is_no_number_fails_and_leaves_a_file_of_numbers()
    {
        var (code, _, error) = Run("train", "lenet5", "--data", Idx("train", 40, 1), "--output", Path("x.onnx"), "--optimizer", "sgd", "--rate", "3e38");
        Assert.Equal(1, code);
        Assert.Contains("no longer finite after 0 epochs", error, StringComparison.Ordinal);
        using var file = OnnxModel.Load(Path("x.onnx"));
        Assert.All(file.Graph.Parameters, parameter => Assert.DoesNotContain(parameter.Values.ToArray(), value => !float.IsFinite(value)));
    }

    [Fact]
    public void A_rate_that_destroys_the_weights_fails_with_one_line()
    {
        var (code, output, error) = Run("train", "lenet5", "--data", Idx("train", 40, 1), "--output", Path("x.onnx"), "--optimizer", "sgd", "--rate", "1e30", "--epochs", "2");
        Assert.Equal(1, code);
        Assert.Matches("\nrtcnn: Nothing was learned, and the weights are destroyed: the loss is .* after 2 epochs and was 1.* before the first step; .* % are named right, no more than by always naming one class. '.*x.onnx' has these weights. A smaller --rate, or --clip, may help.\n$", error);
        Assert.DoesNotContain("x.onnx: ", output, StringComparison.Ordinal);
        (code, output, error) = Run("train", "lenet5", "--data", Idx("train", 40, 1), "--output", Path("x.onnx"), "--optimizer", "sgd", "--rate", "1e-9", "--epochs", "1", "--batch", "64");
        Assert.Equal(0, code);
        Assert.Contains("rtcnn: note: Nothing was learned yet: the loss is ", error, StringComparison.Ordinal);
        Assert.Contains("x.onnx: 1 epochs, ", output, StringComparison.Ordinal);
    }

    private sealed class CancellingWriter(CancellationTokenSource source) : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (buffer.StartsWith("epoch 1"))
                source.Cancel();
        }
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Save(string name, params byte[] colour)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        var format = new FrameFormat(20, 16, PixelFormat.Rgb);
        Png.Write(Path(name), Enumerable.Range(0, format.Bytes).Select(i => colour[i % 3]).ToArray(), format);
    }

    /// <summary>Noise with a bright bar, across (label 0) or down (label 2), as IDX files; label 1 never occurs.</summary>
    private string Idx(string name, int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        for (int n = 0; n < count; n++)
        {
            labels[n] = (byte)(2 * random.Next(2));
            int place = random.Next(Side);
            for (int i = 0; i < Side * Side; i++)
                pixels[(n * Side * Side) + i] = (byte)(random.Next(60) + ((labels[n] == 0 ? i / Side : i % Side) == place ? 190 : 0));
        }

        Write($"{name}-images", pixels, count, Side, Side);
        Write($"{name}-labels", labels, count);
        return $"mnist:{Path($"{name}-images")},{Path($"{name}-labels")}";
    }

    private void Write(string name, byte[] elements, params int[] extents)
    {
        byte[] header = new byte[4 + (4 * extents.Length)];
        (header[2], header[3]) = (8, (byte)extents.Length);
        for (int i = 0; i < extents.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), extents[i]);
        File.WriteAllBytes(Path(name), [.. header, .. elements]);
    }
}
