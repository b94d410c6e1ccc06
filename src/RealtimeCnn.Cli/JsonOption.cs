using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using RealtimeCnn.Models;

namespace RealtimeCnn.Cli;

/// <summary>
/// <c>--json [FILE]</c>, the same in every command that reports: alone, standard output is the JSON and nothing else; with a
/// file, the JSON goes there and the text stays where it was.
/// </summary>
internal sealed class JsonOption
{
    private readonly Option<string?> _option = new("--json")
    {
        Description = "Report as JSON: to the file, or to standard output in place of the text.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="aliases">Other names of the option.</param>
    public JsonOption(params string[] aliases)
    {
        foreach (string alias in aliases)
            _option.Aliases.Add(alias);
        _option.Validators.Add(Verify);
    }

    private static void Verify(OptionResult result)
    {
        if (result.Tokens is [var token] && (ModelCatalog.Contains(token.Value) || token.Value.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)))
            result.AddError($"--json takes the word behind it for a file to write: put '{token.Value}' before it.");
    }

    public void AddTo(Command command) => command.Options.Add(_option);

    public bool IsGiven(CommandResult result) => result.GetResult(_option) is { Implicit: false };

    /// <exception cref="InputException">The file cannot be written.</exception>
    public JsonReport Read(ParseResult parsed)
    {
        string? file = parsed.GetValue(_option);
        if (file != null)
            OutputFile.Check(file);
        return new JsonReport(parsed.GetResult(_option) is { Implicit: false }, file, parsed.InvocationConfiguration.Output);
    }
}

/// <summary>Where a command's report goes.</summary>
/// <param name="IsWanted">Whether JSON was asked for.</param>
/// <param name="File">Where it goes; null for standard output.</param>
/// <param name="Output">Standard output.</param>
internal sealed record JsonReport(bool IsWanted, string? File, TextWriter Output)
{
    /// <summary>Gets the report for people; goes nowhere where the JSON takes its place.</summary>
    public TextWriter Text => IsWanted && File == null ? TextWriter.Null : Output;

    /// <summary>Writes the report as JSON if that was asked for.</summary>
    public void Write<T>(T report, JsonSerializerOptions? options = null) => Write(() => JsonSerializer.Serialize(report, options ?? Json.Indented));

    /// <summary>Writes the report as JSON if that was asked for.</summary>
    public void Write(Func<string> json)
    {
        if (!IsWanted)
            return;
        if (File == null)
            Output.WriteLine(json());
        else
            OutputFile.Write(File, json() + Environment.NewLine);
    }
}
