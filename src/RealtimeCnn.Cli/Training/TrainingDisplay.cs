using System.Globalization;
using RealtimeCnn.Training;
using Spectre.Console;

namespace RealtimeCnn.Cli.Training;

/// <summary>
/// What is seen of a training: on a terminal a bar that lives, with loss, accuracy, pictures in a second and the time that is left;
/// anywhere else a line for each epoch.
/// </summary>
internal static class TrainingDisplay
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Trains, and shows how it goes.</summary>
    /// <param name="output">Where it is seen.</param>
    /// <param name="train">Trains with what learns of steps, null where nobody looks, and of epochs.</param>
    public static TrainingResult Show(TextWriter output, Func<Action<StepRecord>?, Action<EpochRecord>, TrainingResult> train)
    {
        var terminal = Terminals.For(output);
        return terminal.IsWatched()
            ? Show(terminal, train)
            : train(null, record => output.WriteLine(Describe(record)));
    }

    /// <summary>The same on a terminal.</summary>
    internal static TrainingResult Show(IAnsiConsole terminal, Func<Action<StepRecord>?, Action<EpochRecord>, TrainingResult> train) =>
        terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("waiting for the first step");
                long shown = 0;
                return train(
                    step =>
                    {
                        // Describing a step costs more than a small one takes.
                        if (step.Step < step.Steps && Environment.TickCount64 - shown < RefreshEvery.TotalMilliseconds)
                            return;
                        shown = Environment.TickCount64;
                        task.Description = Markup.Escape(Describe(step));
                        task.MaxValue = (double)step.Epochs * step.Steps;
                        task.Value = ((step.Epoch - 1.0) * step.Steps) + step.Step;
                    },
                    record => terminal.WriteLine(Describe(record)));
            });

    /// <summary>A line on an epoch that has ended.</summary>
    public static string Describe(EpochRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {record.Epoch}: loss {record.Loss:0.0000}{(record.Accuracy is { } accuracy ? $", accuracy {accuracy:P2}" : string.Empty)}{(record.HeldOutAccuracy is { } heldOut ? $", held out {heldOut:P2}" : string.Empty)}, {record.SamplesPerSecond:0} pictures/s, {record.CpuSeconds:0.0} CPU-seconds");

    private static string Describe(StepRecord step) => string.Create(
        CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs}  loss {step.Loss:0.0000}{(step.Accuracy is { } accuracy ? $"  accuracy {accuracy:P2}" : string.Empty)}  {step.SamplesPerSecond:0} pictures/s");
}
