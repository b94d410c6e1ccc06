using Spectre.Console;

namespace RealtimeCnn.Cli;

/// <summary>Terminals to draw on.</summary>
internal static class Terminals
{
    /// <summary>What draws on where text goes to.</summary>
    public static IAnsiConsole For(TextWriter output) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output is PrintableWriter printed ? printed.Inner : output) });

    /// <summary>Whether somebody looks at it who can see a line change.</summary>
    public static bool IsWatched(this IAnsiConsole terminal) => terminal.Profile.Out.IsTerminal && terminal.Profile.Capabilities.Interactive;
}
