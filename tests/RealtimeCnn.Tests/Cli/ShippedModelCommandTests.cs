using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Models;
using RealtimeCnn.Images;
using RealtimeCnn.Onnx;
using Spectre.Console;

namespace RealtimeCnn.Tests.Cli;

/// <summary>Commands that take files also take the names of the networks that the tool has inside, and large files say how far they are.</summary>
public sealed class ShippedModelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rtcnn-shipped").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Arrays_go_through_a_network_by_its_name()
    {
        string array = Path.Combine(_folder, "x.npy"), results = Path.Combine(_folder, "results");
        using var x = new Tensor(new Shape(1, 1, 28, 28));
        NpyFile.Write(array, OnnxTensor.From(OnnxType.Float, x));
        var (code, output, error) = CommandLineTests.Run("infer", "digits", "--input", array, "--output", results, "--backend", "cpu");
        Assert.True(code == 0, error);
        Assert.Equal(10, NpyFile.Read(Path.Combine(results, "output_0.npy")).Shape.Count);
        Assert.Contains("[1, 10]", output, StringComparison.Ordinal);
        (code, _, error) = CommandLineTests.Run("infer", "digit", "--input", array, "--backend", "cpu");
        Assert.Equal(2, code);
        Assert.Contains("digits", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_is_evaluated_by_its_name()
    {
        // A board with a written digit, in the folder of its label.
        string label = Directory.CreateDirectory(Path.Combine(_folder, "data", "3")).FullName, report = Path.Combine(_folder, "report.json");
        foreach (string other in Enumerable.Range(0, 10).Where(digit => digit != 3).Select(digit => $"{digit}"))
            Directory.CreateDirectory(Path.Combine(_folder, "data", other));
        var board = new WrittenDigitsSource(64, 64);
        var format = new FrameFormat(64, 64, PixelFormat.Rgba);
        byte[] pixels = new byte[format.Bytes];
        board.Draw((3 * WrittenDigitsSource.PicturesPerDigit) + (WrittenDigitsSource.PicturesPerDigit / 2), pixels);
        Png.Write(Path.Combine(label, "three.png"), pixels, format);
        var (code, _, error) = CommandLineTests.Run("eval", "digits", "--data", $"images:{Path.Combine(_folder, "data")}", "--json", report, "--backend", "cpu");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllBytes(report));
        Assert.Equal(1, json.RootElement.GetProperty("count").GetInt32());
    }

    [Fact]
    public void A_large_file_says_on_a_terminal_how_far_it_is()
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 120;
        Assert.Equal("loaded", LoadingDisplay.Show(terminal, "large[1].onnx", progress =>
        {
            progress!.Report(0.75);
            return "loaded";
        }));
        Assert.Contains("loading large[1].onnx", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("75%", output.ToString(), StringComparison.Ordinal);
        Assert.Null(LoadingDisplay.Show(TextWriter.Null, "digits", progress => progress));
    }
}
