using RealtimeCnn.Camera;
using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Tests.Onnx;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;
using RealtimeCnn.Training.Optimizers;

namespace RealtimeCnn.Tests.Training;

/// <summary>Real data: digits are learned in one epoch, and photographs are read as they are.</summary>
public sealed class SharedDataTrainingTests
{
    [SharedDataFact]
    public void LeNet_with_ReLU_and_maxima_knows_digits_after_an_epoch()
    {
        var digits = IdxFile.Read(SharedData.Path("mnist", "train-images-idx3-ubyte.gz"), SharedData.Path("mnist", "train-labels-idx1-ubyte.gz"));
        Assert.Equal((60_000, new Shape(1, 28, 28)), (digits.Count, digits.SampleShape));
        Assert.Empty(digits.Notes);
        var (learned, heldOut) = digits.Split(heldOut: 0.1);
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 28, 28)).Conv2d(6, 5, padding: 2).Relu().MaxPool2d(2).Conv2d(16, 5).Relu().MaxPool2d(2)
            .Flatten().Linear(120).Relu().Linear(84).Relu().Linear(10));
        var recipe = new TrainerOptions { Epochs = 1, BatchSize = 64, Rule = new Adam { Rate = 0.002f }, Schedule = new CosineSchedule() };
        var record = new Trainer(graph, learned, recipe, heldOut).Run().Epochs[0];
        Assert.True(record.HeldOutAccuracy > 0.975, $"{record}");
    }

    [SharedDataFact]
    public void Every_photograph_of_the_signs_is_read()
    {
        var signs = PhotographFolder.Read(SharedData.Path("signs"), new Preprocessing { Size = 16, Fit = FitMode.Crop });
        Assert.Equal((1642, new Shape(3, 16, 16)), (signs.Count, signs.SampleShape));
        Assert.Equal(Enumerable.Range(0, 10).Select(label => $"{label}"), signs.Classes);
        Assert.Empty(signs.Notes);
    }
}
