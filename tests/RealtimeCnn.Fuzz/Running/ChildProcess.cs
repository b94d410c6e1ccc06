using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace RealtimeCnn.Fuzz.Running;

/// <summary>
/// The side of the parent: starts a child, follows it, and ends it when a case takes too long. A child that dies is a finding of the
/// case it was at.
/// </summary>
/// <param name="assembly">Path of the child's assembly.</param>
/// <param name="arguments">What to tell it.</param>
internal sealed class ChildProcess(string assembly, IEnumerable<string> arguments)
{
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<string> _errors = [];
    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private (int Seed, string Name)? _current;
    private TimeSpan _processorAtLine;
    private bool _ended;

    /// <summary>Processor time after which a case counts as hanging.</summary>
    public TimeSpan MostProcessorTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number behind the last case that was begun; the first number where none was.</summary>
    public int? Next { get; private set; }

    /// <summary>Runs the child to its end.</summary>
    /// <param name="onCase">Called for each case that ended by itself: its number and how it ended.</param>
    /// <param name="onFinding">Called for each finding.</param>
    /// <param name="cancellation">Ends the child early.</param>
    public void Run(Action<int, ChildLine> onCase, Action<Finding> onFinding, CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", assembly, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_DbgEnableMiniDump"] = "0", ["DOTNET_TieredPGO"] = "0" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The child process does not start.");
        process.OutputDataReceived += (_, line) => Read(line.Data, process, onCase, onFinding);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool hangs = false;
        while (!process.WaitForExit(Pause) && !hangs && !cancellation.IsCancellationRequested)
            hangs = TakesTooLong(process);
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        if (_ended || (cancellation.IsCancellationRequested && !hangs))
            return;
        var (seed, name) = _current ?? (-1, "before the first case");
        string last = string.Join(" | ", _errors.Where(line => line.Length > 0).Take(12));
        onFinding(hangs
            ? new Finding(seed, FindingKind.Hang, name, $"more than {MostProcessorTime.TotalSeconds:F0} s of processor time or {MostTime.TotalSeconds:F0} s of the clock")
            : new Finding(seed, FindingKind.Crash, name, $"exit code {process.ExitCode}: {last}"));
    }

    private bool TakesTooLong(Process process)
    {
        lock (_lock)
        {
            // Before the first case the runtime and the context come up.
            var allowed = _current == null ? MostTime : MostProcessorTime;
            return _sinceLine.Elapsed > MostTime || ProcessorTime(process) - _processorAtLine > allowed;
        }
    }

    /// <summary>What the child has taken so far; nothing where it has just ended, which it may do between any two questions.</summary>
    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }

    private void Read(string? line, Process process, Action<int, ChildLine> onCase, Action<Finding> onFinding)
    {
        string[] parts = line?.Split(' ', 3) ?? [];
        if (parts.Length < 3 || !Enum.TryParse(parts[0], out ChildLine kind) || !int.TryParse(parts[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out int seed))
            return;
        lock (_lock)
        {
            _sinceLine.Restart();
            _processorAtLine = ProcessorTime(process);
            switch (kind)
            {
                case ChildLine.Case:
                    (_current, Next) = ((seed, parts[2]), seed + 1);
                    break;
                case ChildLine.Finding:
                    string[] words = parts[2].Split(' ', 2);
                    onFinding(new Finding(seed, Enum.Parse<FindingKind>(words[0]), _current?.Name ?? string.Empty, words[1]));
                    break;
                case ChildLine.End:
                    _ended = true;
                    break;
                default:
                    onCase(seed, kind);
                    break;
            }
        }
    }

    private void Keep(string? line)
    {
        lock (_lock)
            _errors.Add(line ?? string.Empty);
    }
}
