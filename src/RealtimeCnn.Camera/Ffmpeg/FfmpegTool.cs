using System.ComponentModel;
using System.Text.RegularExpressions;

namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>The <c>ffmpeg</c> program of this machine.</summary>
/// <param name="Path">Where it is, absolute.</param>
/// <param name="Version">Its version; builds between versions count as newer than all.</param>
internal sealed partial record FfmpegTool(string Path, Version Version)
{
    /// <summary>Environment variable that names another program than the <c>ffmpeg</c> on the search path.</summary>
    public const string Variable = "RTCNN_FFMPEG";

    private static readonly Version Oldest = new(4, 3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Lock FoundLock = new();
    private static readonly Dictionary<string, FfmpegTool> Found = [];

    private static string Remedy =>
        OperatingSystem.IsWindows() ? "winget install Gyan.FFmpeg"
        : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
        : "sudo apt-get install ffmpeg";

    /// <summary>Finds the program and asks its version, once per process and path.</summary>
    /// <param name="path">The program, or null for <c>RTCNN_FFMPEG</c>, else the search path.</param>
    /// <exception cref="CameraException">There is none, it does not run, or it is older than 4.3.</exception>
    public static FfmpegTool Find(string? path = null)
    {
        string program = path ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : "ffmpeg");
        string found = ExecutablePath.Find(program) ?? throw Absent(program, "no such program", null);
        lock (FoundLock)
        {
            if (!Found.TryGetValue(found, out var tool))
                Found[found] = tool = new FfmpegTool(found, AskVersion(found));
            return tool;
        }
    }

    /// <summary>The version in the first line of <c>ffmpeg -version</c>, or null when there is none.</summary>
    internal static Version? ParseVersion(string banner)
    {
        if (ReleaseVersion().Match(banner) is { Success: true } release)
            return new Version(int.Parse(release.Groups[1].ValueSpan, null), int.Parse(release.Groups[2].ValueSpan, null));
        return banner.StartsWith("ffmpeg version ", StringComparison.Ordinal) ? new Version(99, 0) : null;
    }

    /// <summary>Runs the program to its end, or to the end of patience, and returns the lines it wrote.</summary>
    /// <exception cref="CameraException">It is not there, or does not end in ten seconds.</exception>
    public static string[] Ask(string path, params string[] arguments)
    {
        try
        {
            using var process = ChildProcess.Start(path, arguments);
            using var outputPipe = process.StandardOutput;
            using var logPipe = process.StandardError;
            var output = outputPipe.ReadToEndAsync();
            var log = logPipe.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new CameraException($"'{path} {string.Join(' ', arguments)}' did not answer within {Patience.TotalSeconds} s; a camera's driver may hang: plug the camera in again.");
            }

            return (output.Result + log.Result).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception error)
        {
            throw Absent(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static CameraException Absent(string path, string why, Exception? error) =>
        new($"The program '{path}' was not found or does not run ({why}). Cameras, videos and streams need FFmpeg: {Remedy}; or set {Variable} to the program's path.", error!);

    private static Version AskVersion(string path)
    {
        string banner = Ask(path, "-hide_banner", "-version").FirstOrDefault() ?? "";
        var version = ParseVersion(banner)
            ?? throw new CameraException($"The program '{path}' is not FFmpeg: it says '{banner}' to -version. Set {Variable} to the right one.");
        return version >= Oldest
            ? version
            : throw new CameraException($"The program '{path}' is FFmpeg {version}; {Oldest} or later is needed: {Remedy}.");
    }

    [GeneratedRegex(@"^ffmpeg version n?(\d+)\.(\d+)")]
    private static partial Regex ReleaseVersion();
}
