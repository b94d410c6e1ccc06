using System.Buffers.Binary;
using System.Text.Json;
using RealtimeCnn.Cli;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using RealtimeCnn.Tests.Training.Data;

namespace RealtimeCnn.Tests.Cli;

/// <summary>Detectors on the command line: scenes are composed, learned from, written with their boxes and evaluated; tables that are wrong are named by line.</summary>
public sealed class DetectorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-boxes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_detector_is_trained_in_parts_and_evaluated_from_its_file_alone()
    {
        string scenes = Scenes(), model = Path("finder.onnx"), whole = Path("whole.onnx"), recipe = Path("recipe.json"), boxes = Path("boxes");
        File.WriteAllText(recipe, """{ "epochs": 3, "batch": 4, "optimizer": "adamw", "rate": 0.002, "average": 0.9, "threshold": 0.25, "sources": [{ "samples": 12, "window": "48x32" }] }""");
        var (code, output, error) = Run("scenes", $"{scenes},held-out", "--output", boxes, "--count", "6", "--size", "128x96", "--seed", "3");
        Assert.True(code == 0, error);
        Assert.Contains("6 scenes with", output, StringComparison.Ordinal);
        Assert.Equal(6, Directory.GetFiles(boxes, "*.png").Length);

        string[] train = ["train", "centre-detector", "--data", scenes, "--size", "64x48", "--recipe", recipe];
        Assert.Equal(0, Run([.. train, "--output", whole, "--threads", "2"]).Code);
        // On one thread, and with checkpoints in between: the recipe gives the same file to the bit.
        string[] parts = [.. train, "--output", model, "--threads", "1", "--checkpoint", Path("checkpoint"), "--resume", "--epochs-now"];
        (code, output, error) = Run([.. parts, "1"]);
        Assert.True(code == 0, error);
        Assert.Contains("1 epochs", output, StringComparison.Ordinal);
        byte[] early = File.ReadAllBytes(model);
        // What the checkpoint has is written without another epoch.
        Assert.Equal(0, Run([.. parts, "0"]).Code);
        Assert.Equal(early, File.ReadAllBytes(model));
        Assert.Equal(0, Run([.. parts, "5"]).Code);
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(model));

        using var file = OnnxModel.Load(model);
        Assert.Equal(new CentreHead { Threshold = 0.25f }, file.Metadata.ReadHead());
        Assert.Equal(("centres", "letterbox", new Size2d(48, 64), 10), (file.Metadata.Head, file.Metadata.Fit, file.Metadata.InputSize, file.Metadata.Labels.Count));
        Assert.Contains("\"samples\":12", file.Metadata.Other["recipe"], StringComparison.Ordinal);

        // Another threshold is no other training.
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("0.25", "0.5", StringComparison.Ordinal));
        Assert.Equal(0, Run([.. train, "--output", Path("other.onnx"), "--checkpoint", Path("checkpoint"), "--resume", "--epochs-now", "0"]).Code);
        using var other = OnnxModel.Load(Path("other.onnx"));
        Assert.Equal(0.5f, ((CentreHead)other.Metadata.ReadHead()!).Threshold);
        Assert.Equal(file.Graph.Parameters[0].Values.ToArray(), other.Graph.Parameters[0].Values.ToArray());

        foreach (string backend in new[] { "cpu", "gpu" })
        {
            (code, _, error) = Run("eval", model, "--data", $"boxes:{boxes}", "--backend", backend, "--json", Path($"{backend}.json"));
            Assert.True(code == 0, error);
        }

        using var cpu = JsonDocument.Parse(File.ReadAllText(Path("cpu.json")));
        using var gpu = JsonDocument.Parse(File.ReadAllText(Path("gpu.json")));
        Assert.Equal(6, cpu.RootElement.GetProperty("count").GetInt32());
        Assert.InRange(cpu.RootElement.GetProperty("meanAveragePrecision").GetDouble(), 0, 1);
        Assert.True(cpu.RootElement.TryGetProperty("falseBoxesPerPicture", out _));
        Assert.Equal(cpu.RootElement.GetProperty("meanAveragePrecision").GetDouble(), gpu.RootElement.GetProperty("meanAveragePrecision").GetDouble(), 0.02);
    }

    [Theory]
    [InlineData("wide", "no size such as 320x240")]
    [InlineData("64x64", "window 64x64 is no part of pictures of 64x48")]
    public void A_window_that_cannot_be_is_refused(string window, string said)
    {
        File.WriteAllText(Path("recipe.json"), $$"""{ "epochs": 1, "sources": [{ "samples": 2, "window": "{{window}}" }] }""");
        var (code, _, error) = Run("train", "centre-detector", "--data", Scenes(), "--size", "64x48", "--recipe", Path("recipe.json"), "--output", Path("x.onnx"));
        Assert.True(code == 2 && error.Contains(said, StringComparison.Ordinal), $"exit code {code}, '{error}' without '{said}'.");
    }

    [Fact]
    public void Boxes_of_photographs_are_learned_from_too()
    {
        Picture("a.png");
        Picture("b.png");
        Table("a.png,4,4,10,12,cat", "a.png, 20 ,4.5,8,9.25,dog");
        var (code, output, error) = Run("train", "centre-detector", "--data", $"boxes:{Path("boxes")}", "--size", "32", "--epochs", "1", "--output", Path("x.onnx"), "--held-out", $"boxes:{Path("boxes")}");
        Assert.True(code == 0, error);
        Assert.Contains("held out", output, StringComparison.Ordinal);
        using var file = OnnxModel.Load(Path("x.onnx"));
        Assert.Equal(["cat", "dog"], file.Metadata.Labels);
    }

    [Theory]
    [InlineData("line 2 is no image,x,y,width,height,label", "a.png,1,2,3,cat")]
    [InlineData("line 3 is no image,x,y,width,height,label", "a.png,1,2,3,4,cat", "a.png,1,2,x,4,cat")]
    [InlineData("line 2 is no image,x,y,width,height,label", "a.png,1,2,0,4,cat")]
    [InlineData("line 2 is no image,x,y,width,height,label", "a.png,1,2,3,4,")]
    [InlineData("line 2 is no image,x,y,width,height,label", "a.png,NaN,2,3,4,cat")]
    [InlineData("line 2: there is no picture 'c.png'", "c.png,1,2,3,4,cat")]
    [InlineData("line 2: the box 30,2,30,4 lies outside 'a.png', which has 40x32 pixels", "a.png,30,2,30,4,cat")]
    [InlineData("line 2: the box -5,2,9,4 lies outside", "a.png,-5,2,9,4,cat")]
    public void A_line_that_is_wrong_is_named(string said, params string[] lines)
    {
        Picture("a.png");
        Table(lines);
        Refused(said);
    }

    [Fact]
    public void A_folder_that_is_wrong_is_named()
    {
        Refused("There is no folder");
        Picture("a.png");
        Refused("has no labels.csv");
        File.WriteAllText(Path("boxes/labels.csv"), "name,box\n");
        Refused("must begin with the line image,x,y,width,height,label");
        Table();
        Refused("nobody knows the classes");
        Table("a.png,1,2,3,4,cat");
        Refused("is neither an .onnx file", "lenet6");
        Refused("a detector of 1 classes has", "lenet5");
    }

    [Fact]
    public void A_photograph_that_is_none_is_left_out_with_its_boxes_and_one_without_lines_counts()
    {
        Picture("a.png");
        Picture("empty.png");
        Directory.CreateDirectory(Path("boxes/deeper"));
        File.WriteAllText(Path("boxes/broken.png"), "no picture");
        Table("a.png,1,2,3,4,cat", "broken.png,1,2,3,4,cat");
        Assert.Equal(0, Run("train", "centre-detector", "--data", $"boxes:{Path("boxes")}", "--size", "32", "--epochs", "1", "--output", Path("x.onnx")).Code);
        var (code, output, error) = Run("eval", Path("x.onnx"), "--data", $"boxes:{Path("boxes")}", "--json");
        Assert.True(code == 0, error);
        Assert.Contains("note: 1 of 3 photographs cannot be read", error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        Assert.Equal((2, 1), (json.RootElement.GetProperty("count").GetInt32(), json.RootElement.GetProperty("countWithoutBoxes").GetInt32()));
        Assert.Equal(1, json.RootElement.GetProperty("perClass")[0].GetProperty("count").GetInt32());
        Table("a.png,1,2,3,4,cow");
        (code, _, error) = Run("eval", Path("x.onnx"), "--data", $"boxes:{Path("boxes")}");
        Assert.Equal(2, code);
        Assert.Contains("line 2: label 'cow' is none of cat", error, StringComparison.Ordinal);
        Assert.Equal(0, Run("export", "lenet5", "--output", Path("classifier.onnx")).Code);
        (code, _, error) = Run("eval", Path("classifier.onnx"), "--data", $"boxes:{Path("boxes")}");
        Assert.Equal(2, code);
        Assert.Contains("does not say that it is a detector", error, StringComparison.Ordinal);
    }

    private void Refused(string said, string model = "centre-detector")
    {
        var (code, output, error) = Run("train", model, "--data", $"boxes:{Path("boxes")}", "--size", "32", "--output", Path("x.onnx"));
        Assert.True(code == 2 && error.Contains(said, StringComparison.Ordinal), $"exit code {code}, '{error}' without '{said}'.");
        Assert.Equal(string.Empty, output);
        Assert.False(File.Exists(Path("x.onnx")));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Picture(string name) => Picture("boxes", name);

    private void Picture(string folder, string name)
    {
        Directory.CreateDirectory(Path(folder));
        var format = new FrameFormat(40, 32, PixelFormat.Rgb);
        byte[] pixels = new byte[format.Bytes];
        new Random(name.Length).NextBytes(pixels);
        Png.Write(Path($"{folder}/{name}"), pixels, format);
    }

    private void Table(params string[] lines) => File.WriteAllLines(Path("boxes/labels.csv"), ["image,x,y,width,height,label", .. lines]);

    /// <summary>Marks as IDX files, and a folder of photographs.</summary>
    private string Scenes()
    {
        var marks = SceneSetTests.Marks();
        // Six of each kind, so that the last sixth, which is held out, has all of them.
        byte[] images = new byte[16 + (60 * 28 * 28)], labels = new byte[8 + 60];
        int[] header = [0x803, 60, 28, 28];
        for (int i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4 * i), header[i]);
        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), 60);
        for (int i = 0; i < 60; i++)
        {
            marks.Pixels(i % 10).CopyTo(images.AsSpan(16 + (i * 28 * 28)));
            labels[8 + i] = (byte)(i % 10);
        }

        File.WriteAllBytes(Path("marks"), images);
        File.WriteAllBytes(Path("labels"), labels);
        for (int i = 0; i < 10; i++)
            Picture("photographs", $"{i}.png");
        return $"scenes:{Path("marks")},{Path("labels")},{Path("photographs")}";
    }
}
