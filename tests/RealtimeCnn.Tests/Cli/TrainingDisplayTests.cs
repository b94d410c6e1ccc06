using RealtimeCnn.Cli.Training;
using RealtimeCnn.Training;
using Spectre.Console;

namespace RealtimeCnn.Tests.Cli;

/// <summary>What is seen of a training, on a terminal and elsewhere.</summary>
public sealed class TrainingDisplayTests
{
    private static readonly EpochRecord Epoch = new(1, 0.25, 0.9, 0.8, 0.1, 2, 3, 1000);

    [Fact]
    public void Without_a_terminal_each_epoch_is_a_line_and_steps_are_not_looked_at()
    {
        using var output = new StringWriter();
        TrainingDisplay.Show(output, (onStep, onEpoch) =>
        {
            Assert.Null(onStep);
            onEpoch(Epoch);
            return new TrainingResult(TrainingEnd.Complete, [Epoch], Epoch);
        });
        Assert.Equal($"epoch 1: loss 0.2500, accuracy 90.00 %, held out 80.00 %, 1000 pictures/s, 3.0 CPU-seconds{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public void On_a_terminal_a_bar_shows_where_the_training_is()
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 160;
        TrainingDisplay.Show(terminal, (onStep, onEpoch) =>
        {
            onStep!(new StepRecord(2, 4, 10, 10, 0.5, 0.75, 1234));
            onEpoch(Epoch);
            return new TrainingResult(TrainingEnd.Complete, [Epoch], Epoch);
        });
        Assert.Contains("epoch 2/4  loss 0.5000  accuracy 75.00 %  1234 pictures/s", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("50%", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("epoch 1: loss 0.2500", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_is_an_hour_of_a_core() => Assert.Equal("3600.0 CPU-seconds, about 12 Wh at 12 W a core", Energy.Describe(3600));
}
