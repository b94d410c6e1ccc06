using System.Diagnostics;
using RealtimeCnn.Fuzz.Guarding;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Fuzz.Running;

/// <summary>What a child is to run.</summary>
/// <param name="From">First number.</param>
/// <param name="Count">How many.</param>
/// <param name="Gpu">Whether to run on the GPU as well.</param>
/// <param name="Guard">Whether every block of native memory lies between pages that nobody may touch.</param>
/// <param name="Corpus">Folder of files to damage; null for drawn ones alone.</param>
internal sealed record ChildOptions(int From, int Count, bool Gpu = false, bool Guard = false, string? Corpus = null)
{
    /// <summary>As the command line of a child.</summary>
    public IEnumerable<string> Arguments =>
        [$"{From}", $"{Count}", .. Gpu ? ["--gpu"] : Array.Empty<string>(), .. Guard ? ["--guard"] : Array.Empty<string>(), .. Corpus == null ? Array.Empty<string>() : [$"--corpus={Corpus}"]];

    public static ChildOptions Parse(ReadOnlySpan<string> arguments)
    {
        string? corpus = arguments.ToArray().FirstOrDefault(argument => argument.StartsWith("--corpus=", StringComparison.Ordinal));
        return new ChildOptions(int.Parse(arguments[0], null), int.Parse(arguments[1], null), arguments.Contains("--gpu"), arguments.Contains("--guard"), corpus?["--corpus=".Length..]);
    }
}

/// <summary>
/// The side of the child process. It says on its output which case it is about to run and how that ended, a line each, so that the
/// parent knows which one ended the process.
/// </summary>
internal static class ChildMain
{
    private const long MemoryAllowed = 1L << 30;

    /// <summary>Runs the cases of some seeds.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="output">Where to say how it goes.</param>
    /// <param name="make">Makes a case of a seed; drawn and damaged files where null.</param>
    /// <param name="load">What loads a file; null for the product's own loader.</param>
    public static void RunFiles(ChildOptions options, TextWriter output, Func<int, FuzzCase>? make = null, LoadModel? load = null)
    {
        if (options.Guard)
            AlignedMemory.Source = new GuardedMemory();
        using var host = options.Gpu ? EglHost.Create() : null;
        make ??= new CaseSource(CaseSource.Corpus(options.Corpus)).Make;
        var run = new CaseRun(host?.Device, load);
        long peak = Peak();
        for (int seed = options.From; seed < options.From + options.Count; seed++)
        {
            var fuzzCase = make(seed);
            Say(output, ChildLine.Case, seed, fuzzCase.Name);
            int found = 0;
            var outcome = run.Run(fuzzCase, (kind, text) =>
            {
                found++;
                Say(output, ChildLine.Finding, seed, $"{kind} {text}");
            });
            if (Peak() - peak > MemoryAllowed)
                Say(output, ChildLine.Finding, seed, $"{FindingKind.Memory} {(Peak() - peak) >> 20} MiB more than before {found++}");
            peak = Math.Max(peak, Peak());
            Say(output, found > 0 ? ChildLine.Wrong : outcome == CaseRun.Outcome.Agreed ? ChildLine.Agreed : ChildLine.Refused, seed, string.Empty);
        }

        Say(output, ChildLine.End, options.From + options.Count, string.Empty);
    }

    /// <summary>A line of the conversation with the parent.</summary>
    public static void Say(TextWriter output, ChildLine line, int seed, string text)
    {
        output.WriteLine($"{line} {seed} {text.ReplaceLineEndings(" | ")}");
        output.Flush();
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

/// <summary>What a line of a child says.</summary>
internal enum ChildLine
{
    /// <summary>A case begins; the text is its name.</summary>
    Case,

    /// <summary>Something is wrong; the text is the kind and what was seen.</summary>
    Finding,

    /// <summary>The case ended, with findings.</summary>
    Wrong,

    /// <summary>The case ended, all results being the same.</summary>
    Agreed,

    /// <summary>The case ended, the file being refused.</summary>
    Refused,

    /// <summary>All cases are done; the number is the one behind the last.</summary>
    End,
}
