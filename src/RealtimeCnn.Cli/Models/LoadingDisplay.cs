using Spectre.Console;

namespace RealtimeCnn.Cli.Models;

/// <summary>What is seen while a file is loaded: a bar on a terminal, where the file is so large that one would wonder; else nothing.</summary>
internal static class LoadingDisplay
{
    // Smaller ones are there before anybody wonders.
    private const long ShortBytes = 64 << 20;

    /// <summary>Loads, and shows how far it is.</summary>
    /// <param name="output">Gets the bar.</param>
    /// <param name="path">The file; there may be none.</param>
    /// <param name="load">Loads, telling how much of it is done in [0, 1]; null where nobody looks.</param>
    /// <returns>What was loaded.</returns>
    public static T Show<T>(TextWriter output, string path, Func<IProgress<double>?, T> load)
    {
        if (!File.Exists(path) || new FileInfo(path).Length < ShortBytes)
            return load(null);
        var terminal = Terminals.For(output);
        return terminal.IsWatched() ? Show(terminal, Path.GetFileName(path), load) : load(null);
    }

    /// <summary>The same on a terminal.</summary>
    internal static T Show<T>(IAnsiConsole terminal, string name, Func<IProgress<double>?, T> load) =>
        terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context => load(new Bar(context.AddTask(Markup.Escape($"loading {name}"), maxValue: 1))));

    // At once, on the thread that loads: Progress<T> would tell it to another one, later.
    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
