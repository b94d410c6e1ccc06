using System.Globalization;
using System.Text.Json;
using RealtimeCnn.Camera;
using RealtimeCnn.Cpu;
using RealtimeCnn.Images;
using RealtimeCnn.Models;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Tests.Onnx;
using RealtimeCnn.Tests.OpenGL;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Models;

/// <summary>The models that the demo ships: what they say of a known picture, on both backends, and how often they are right.</summary>
[Collection(GlTests.Name)]
public sealed class ShippedModelTests(GlFixture gl)
{
    // A number of the logits' own size: other processors sum in another order.
    private const float Tolerance = 2e-3f;

    /// <summary>Logits of a written 3, as they were when the model was made: <c>answers.json</c> beside it.</summary>
    [Theory]
    [InlineData(ShippedModels.Digits)]
    [InlineData(ShippedModels.HandSigns)]
    public void A_known_picture_gives_the_recorded_answers_on_both_backends(string name)
    {
        using var model = OnnxModel.Load(Repository.Model(name));
        using var picture = Picture(model);
        using var onCpu = new CpuNetwork(model.Graph);
        float[] cpu = onCpu.Run(picture)[0].Span.ToArray(), gpu = gl.Run(device =>
        {
            using var network = new GpuNetwork(device, model.Graph);
            return network.Run(picture)[0].Span.ToArray();
        });
        using var answers = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Repository.Model(name))!, "answers.json")));
        float[] expected = [.. answers.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        bool isSo = expected.Length == cpu.Length && expected.Zip(cpu).All(pair => Math.Abs(pair.First - pair.Second) < Tolerance);
        Assert.True(isSo, string.Create(CultureInfo.InvariantCulture, $"{name} says [{string.Join(", ", cpu.Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)))}]"));
        for (int k = 0; k < cpu.Length; k++)
            Assert.Equal(cpu[k], gpu[k], Tolerance);
    }

    [Fact]
    public void Each_model_of_the_folder_is_inside_under_its_name()
    {
        string[] files = Directory.GetFiles(Path.GetDirectoryName(Repository.Model(ShippedModels.Digits))!, "*.onnx");
        Assert.Equal(files.Select(Path.GetFileNameWithoutExtension).Order(), ShippedModels.Names.Order());
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), ShippedModels.Read(Path.GetFileName(file))));
    }

    [Theory]
    [InlineData(ShippedModels.Digits, 1, 28, "0 1 2 3 4 5 6 7 8 9")]
    [InlineData(ShippedModels.HandSigns, 3, 64, "0 1 2 3 4 5 6 7 8 9 no_sign")]
    public void The_file_says_how_it_is_fed_what_it_tells_apart_and_how_it_was_made(string name, int channels, int side, string labels)
    {
        string path = Repository.Model(name);
        Assert.InRange(new FileInfo(path).Length, 1, 1 << 20);
        using var model = OnnxModel.Load(path);
        Assert.Equal(labels.Split(' ').Select(label => label.Replace('_', ' ')), model.Metadata.Labels);
        Assert.Equal((new Size2d(side, side), "crop", "classification"), (model.Metadata.InputSize, model.Metadata.Fit, model.Metadata.Head));
        Assert.Equal(Enumerable.Repeat(127.5f, channels), model.Metadata.Mean);
        Assert.InRange(model.Graph.Summary().MultiplyAccumulates, 1, 60_000_000);
        using var made = JsonDocument.Parse(model.Metadata.Other["recipe"]);
        using var recipe = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        foreach (var entry in recipe.RootElement.EnumerateObject().Where(entry => entry.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String))
            Assert.Equal(entry.Value.ToString(), made.RootElement.GetProperty("recipe").GetProperty(entry.Name).ToString());
    }

    /// <summary>The tenth that chance holds out, as the recipe says.</summary>
    [SharedDataFact]
    public void Digits_that_were_held_out_are_read()
    {
        var digits = IdxFile.Read(SharedData.Path("mnist", "train-images-idx3-ubyte.gz"), SharedData.Path("mnist", "train-labels-idx1-ubyte.gz"));
        var evaluation = Evaluate(ShippedModels.Digits, digits.Split(0.1, seed: 1).HeldOut, InputStatistics.Range(1));
        Assert.True(evaluation.Accuracy >= 0.994, $"{evaluation.Accuracy}");
        Assert.True(evaluation.CalibrationError <= 0.03, $"{evaluation.CalibrationError}");
    }

    [SharedDataFact]
    public void Hand_signs_of_students_that_were_held_out_are_named()
    {
        var signs = PhotographFolder.Read(SharedData.Path("signs"), new Preprocessing { Size = 64, Fit = FitMode.Crop }, [.. Enumerable.Range(0, 10).Select(label => $"{label}"), "no sign"]);
        var evaluation = Evaluate(ShippedModels.HandSigns, signs.SplitByName(name => name.Contains("IMG_46", StringComparison.Ordinal) || name.Contains("IMG_47", StringComparison.Ordinal)).HeldOut, InputStatistics.Range(3));
        Assert.Equal(148, evaluation.Count);
        Assert.True(evaluation.Accuracy >= 0.985, $"{evaluation.Accuracy}");
    }

    private static Evaluation Evaluate(string name, IDataSet data, InputStatistics statistics)
    {
        using var model = OnnxModel.Load(Repository.Model(name));
        using var network = new CpuNetwork(model.Graph);
        return Evaluation.Of(network, data, new EvaluationOptions { Statistics = statistics });
    }

    private static Tensor Picture(OnnxModel model)
    {
        using var board = new WrittenDigitsSource(96, 96);
        byte[] pixels = new byte[96 * 96 * 4];
        board.Draw(3 * WrittenDigitsSource.PicturesPerDigit, pixels);
        var preprocessing = model.Metadata.PreprocessingFor(model.Metadata.InputSize!.Value, model.Inputs[0].Shape.Channels);
        var picture = new Tensor(preprocessing.Shape);
        new ImageToTensor(preprocessing).Run(pixels, new FrameFormat(96, 96, PixelFormat.Rgba), default, picture);
        return picture;
    }
}
