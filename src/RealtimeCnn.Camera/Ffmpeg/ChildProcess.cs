using System.ComponentModel;
using System.Diagnostics;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// Starts programs that do not outlive this process. On Linux the kernel kills them when the thread that started them
/// ends (<c>setpriv --pdeathsig</c>, which becomes the program), so that thread has to stay for as long as the program is
/// wanted. Elsewhere a program whose pipes are gone ends at its next picture, or at its time-out.
/// </summary>
internal static class ChildProcess
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly Lazy<string?> Setpriv = new(FindSetpriv);

    /// <summary>Starts a program with its output and its log on pipes, and without a window.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="hasInput">Whether its input is a pipe, too.</param>
    /// <exception cref="Win32Exception">It does not start.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, bool hasInput = false) =>
        Setpriv.Value is { } setpriv ? Launch(setpriv, ["--pdeathsig", "KILL", program, .. arguments], hasInput) : Launch(program, arguments, hasInput);

    private static Process Launch(string program, IEnumerable<string> arguments, bool hasInput) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = hasInput,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        CreateNoWindow = true,
    })!;

    // Not every setpriv has this option: busybox's and those before util-linux 2.33 do not.
    private static string? FindSetpriv()
    {
        if (!OperatingSystem.IsLinux() || ExecutablePath.Find("setpriv") is not { } setpriv)
            return null;
        try
        {
            using var probe = Launch(setpriv, ["--pdeathsig", "KILL", setpriv, "--version"], hasInput: false);
            using var output = probe.StandardOutput;
            using var log = probe.StandardError;
            return probe.WaitForExit(ProbeTimeout) && probe.ExitCode == 0 ? setpriv : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
