namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>
/// Finds programs without the system's help: that would look in the working folder first, or in the folder of this
/// program, where anybody may have put something of that name.
/// </summary>
internal static class ExecutablePath
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>The absolute path of a program, or null when there is none.</summary>
    /// <param name="program">A name, which is looked for in the folders of <paramref name="searchPath"/>; or a path, which is taken as it is.</param>
    /// <param name="searchPath">Folders, separated as in <c>PATH</c>; empty and relative ones are passed over. Null for the environment's.</param>
    public static string? Find(string program, string? searchPath = null)
    {
        if (program.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0)
            return Path.GetFullPath(program) is var named && IsExecutable(named) ? named : null;
        string name = program.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? program : program + Suffix;
        return (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => folder.Trim('"'))
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
