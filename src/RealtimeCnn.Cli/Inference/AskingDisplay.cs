using Spectre.Console;

namespace RealtimeCnn.Cli.Inference;

/// <summary>What is seen while a model is asked: on a terminal a bar under the answers, if there is more than a picture; anywhere else the answers alone.</summary>
internal static class AskingDisplay
{
    /// <summary>Asks, and shows how far it is.</summary>
    /// <param name="output">Gets the answers.</param>
    /// <param name="files">What is asked about.</param>
    /// <param name="ask">Asks, with where answers go, and with what is told how many files are done, parts of one included, and which is next; null where nobody looks.</param>
    public static void Show(TextWriter output, IReadOnlyList<string> files, Action<TextWriter, Action<double, string>?> ask)
    {
        var terminal = Terminals.For(output);
        bool isLong = files.Count > 1 || Camera.VideoFile.HasVideoExtension(files[0]);
        if (isLong && terminal.IsWatched())
            Show(terminal, files.Count, ask);
        else
            ask(output, null);
    }

    /// <summary>The same on a terminal.</summary>
    internal static void Show(IAnsiConsole terminal, int files, Action<TextWriter, Action<double, string>?> ask) =>
        terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("opening", maxValue: files);
                using var above = new LinesAbove(terminal);
                using var printable = new PrintableWriter(above);
                ask(printable, (done, file) =>
                {
                    task.Description = Markup.Escape(Path.GetFileName(file));
                    task.Value = done;
                });
            });

    /// <summary>Lines that go above what lives at the end of a terminal, each when it is whole.</summary>
    private sealed class LinesAbove(IAnsiConsole terminal) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override void WriteLine()
        {
            terminal.WriteLine(ToString());
            GetStringBuilder().Clear();
        }
    }
}
