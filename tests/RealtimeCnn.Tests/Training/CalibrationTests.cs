using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Tests.Training;

/// <summary>How far confidence is from accuracy, and how one factor brings them together.</summary>
public sealed class CalibrationTests
{
    private const int Count = 2000;

    /// <summary>The definition of the paper, summed by hand: two bins of three samples.</summary>
    [Fact]
    public void The_calibration_error_is_the_mean_distance_over_bins()
    {
        var bins = new ConfidenceBins();
        bins.Add(0.90f, true);
        bins.Add(0.92f, false);
        bins.Add(0.55f, true);
        // (|1.82 − 1| + |0.55 − 1|) / 3.
        Assert.Equal((0.82 + 0.45) / 3, bins.Error, 1e-6);
        bins.Add(1, true);
        Assert.Equal((0.82 + 0.45) / 4, bins.Error, 1e-6);
    }

    /// <summary>Logits are three times too large for how often they are right; the fit finds the three, and answers stay.</summary>
    [Fact]
    public void The_temperature_of_overconfident_logits_is_found_and_folded_into_the_last_layer()
    {
        using var graph = Overconfident(3);
        var data = Noisy();
        using var network = new CpuNetwork(graph);
        var before = Evaluation.Of(network, data);
        double temperature = TemperatureScaling.Fit(network, data, new EvaluationOptions());
        Assert.InRange(temperature, 2.6, 3.4);
        TemperatureScaling.Fold(graph, temperature);
        var after = Evaluation.Of(network, data);
        Assert.Equal(before.Accuracy, after.Accuracy);
        Assert.True(before.CalibrationError > 0.1, $"{before.CalibrationError}");
        Assert.True(after.CalibrationError < 0.04, $"{after.CalibrationError}");
        Assert.Equal(1, TemperatureScaling.Fit(network, data, new EvaluationOptions()), 1e-3);
    }

    [Fact]
    public void Only_a_last_linear_layer_can_be_calibrated()
    {
        var builder = new GraphBuilder();
        using var graph = builder.Build(builder.Start(new Shape(1, 1, 1, 1)).Flatten().Linear(3).Softmax());
        Assert.Contains("last linear layer", Assert.Throws<ArgumentException>(() => TemperatureScaling.Verify(graph)).Message, StringComparison.Ordinal);
        using var linear = Overconfident(1);
        TemperatureScaling.Verify(linear);
        Assert.Contains("held out", Assert.Throws<ArgumentException>(() => new Trainer(linear, Noisy(), new TrainerOptions { IsCalibrated = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_calibrates_its_result()
    {
        using var graph = Overconfident(1);
        var result = new Trainer(graph, Noisy(), new TrainerOptions { Epochs = 1, IsCalibrated = true, Statistics = new InputStatistics([0], [1]) }, Noisy()).Run();
        Assert.NotNull(result.Temperature);
        using var network = new CpuNetwork(graph);
        Assert.Equal(1, TemperatureScaling.Fit(network, Noisy(), new EvaluationOptions { Statistics = new InputStatistics([0], [1]) }), 1e-3);
    }

    /// <summary>Logits <c>(factor·z, 0)</c>, z being (x − 128) / 32.</summary>
    private static Graph Overconfident(float factor)
    {
        var builder = new GraphBuilder();
        var (weight, bias) = (new Tensor(new Shape(2, 1), [factor / 32, 0]), new Tensor(new Shape(2), [-4 * factor, 0]));
        return builder.Build(builder.Add(new Linear(1, 2), builder.Start(new Shape(1, 1, 1, 1)).Flatten().Node, [weight, bias], "logits"));
    }

    /// <summary>Pixels x of which a share 1 / (1 + e^−z) is of the first class.</summary>
    private static PictureSet Noisy()
    {
        var random = new Random(7);
        byte[] pixels = new byte[Count];
        random.NextBytes(pixels);
        int[] labels = [.. pixels.Select(x => random.NextDouble() < 1 / (1 + Math.Exp(-(x - 128) / 32.0)) ? 0 : 1)];
        return new PictureSet(new Shape(1, 1, 1), pixels, labels, ["first", "second"]);
    }
}
