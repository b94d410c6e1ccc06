using System.CommandLine;
using System.CommandLine.Parsing;
using RealtimeCnn.Camera;
using RealtimeCnn.Cli.Commands;
using RealtimeCnn.Onnx;
using RealtimeCnn.OpenGL;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Cli;

/// <summary>The table of commands, and what they have in common: results on standard output, one line per error, exit codes.</summary>
internal static class CommandLine
{
    // Every command there is. A new one is a file in Commands/ and a line here.
    private static readonly Func<Command>[] Table =
    [
        InfoCommand.Create,
        SelfTestCommand.Create,
        FilterCommand.Create,
        InferCommand.Create,
        BenchCommand.Create,
        TuneCommand.Create,
        LatencyCommand.Create,
        ExportCommand.Create,
        ConformanceCommand.Create,
        InspectCommand.Create,
        VerifyCommand.Create,
        ExplainCommand.Create,
        TrainCommand.Create,
        EvalCommand.Create,
        ScenesCommand.Create,
    ];

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What stands behind <c>rtcnn</c> on the command line.</param>
    /// <param name="output">The command's result, and nothing else.</param>
    /// <param name="error">Where the one line about wrong usage or input goes.</param>
    /// <param name="cancellation">Ends the command; nothing is half-written then.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        using TextWriter printed = new PrintableWriter(output), said = new PrintableWriter(error);
        return RunPrintable(arguments, printed, said, cancellation);
    }

    /// <summary>Tells the user something that is no result and no error, in one line.</summary>
    public static void Note(TextWriter error, string message) => error.WriteLine($"rtcnn: note: {OneLine(message)}");

    /// <summary>Has a command run on the thread that asked for it, until it is cancelled.</summary>
    public static void SetAction(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(run(parsed, cancellation)));

    private static int RunPrintable(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var root = new RootCommand("rtcnn: run, compare and measure convolutional networks on the CPU and in OpenGL.");
        foreach (var create in Table)
            root.Subcommands.Add(create());
        root.Subcommands.Add(StudioEntry.Create(arguments));
        var parsed = root.Parse(arguments);
        string path = parsed.CommandResult.Command == root ? "rtcnn" : $"rtcnn {parsed.CommandResult.Command.Name}";
        if (parsed.Errors.Count > 0)
        {
            // An argument may be missing because an option took it: what is wrong with an option comes first.
            var first = parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult) ?? parsed.Errors[0];
            string problem = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command or option of {path}." : first.Message;
            return Fail(error, $"{OneLine(problem)} '{path} --help' shows what there is.");
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("rtcnn: The command was cancelled; no file was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception problem) when (IsBadInput(problem))
        {
            string help = problem is OnnxException { IsLimit: true } ? " --trust lifts the limits." : string.Empty;
            return Fail(error, OneLine(problem.Message) + help);
        }
    }

    // What can only come from the user's input or machine. Anything else is a mistake of ours and keeps its stack trace.
    private static bool IsBadInput(Exception problem) =>
        problem is InputException or DataSetException or CheckpointException or OnnxException or CameraException or ShapeException or GlException or IOException or UnauthorizedAccessException or OutOfMemoryException;

    private static int Fail(TextWriter error, string message)
    {
        error.WriteLine($"rtcnn: {message}");
        return ExitCode.BadInput;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
