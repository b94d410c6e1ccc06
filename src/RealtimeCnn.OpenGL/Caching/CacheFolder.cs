using System.Security.Cryptography;

namespace RealtimeCnn.OpenGL.Caching;

/// <summary>
/// A folder of files that spare a later start its work. Nothing depends on them: one that is missing, damaged or cannot be written is
/// the same as one that was never there, so that the folder may be deleted at any time and used by several programs at once.
/// </summary>
/// <param name="path">The folder; made with its first file.</param>
internal sealed class CacheFolder(string path)
{
    /// <summary>The environment variable that says where the folder is; empty for none.</summary>
    public const string Variable = "RTCNN_CACHE";

    /// <summary>How long what nobody has used any more is kept beside what is new.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>The folder that an option names.</summary>
    /// <param name="option">A path; empty for none; null for what <see cref="Variable"/> says, else the user's own.</param>
    /// <returns>The folder; null for none.</returns>
    public static CacheFolder? Find(string? option)
    {
        string place = option ?? Environment.GetEnvironmentVariable(Variable) ?? OfUser();
        return place.Length == 0 ? null : new CacheFolder(place);
    }

    /// <summary>The folder of one user of this one, such as a device. Where it is new, what was not written to for a month beside it is deleted.</summary>
    /// <param name="key">All that its files depend on.</param>
    public CacheFolder For(params ReadOnlySpan<string> key)
    {
        string own = Path.Combine(path, Name(key));
        if (!Directory.Exists(own))
            Try(() => DeleteOlderThan(DateTime.UtcNow - Kept));
        return new CacheFolder(own);
    }

    /// <summary>A file's content, or null where there is none that is whole.</summary>
    /// <param name="key">All that the content depends on.</param>
    public byte[]? Read(params ReadOnlySpan<string> key)
    {
        string file = Path.Combine(path, Name(key));
        byte[]? bytes = null;
        Try(() => bytes = File.Exists(file) ? File.ReadAllBytes(file) : null);
        return bytes is { Length: >= SHA256.HashSizeInBytes } && SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes..)).AsSpan().SequenceEqual(bytes.AsSpan(..SHA256.HashSizeInBytes))
            ? bytes[SHA256.HashSizeInBytes..] : null;
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="key">All that the content depends on.</param>
    public void Write(byte[] content, params ReadOnlySpan<string> key)
    {
        string file = Path.Combine(path, Name(key)), beside = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        Try(() =>
        {
            Directory.CreateDirectory(path);
            File.WriteAllBytes(beside, [.. SHA256.HashData(content), .. content]);
            File.Move(beside, file, overwrite: true);
        });
    }

    // What a hash of 256 bits names is of this key and of no other.
    private static string Name(ReadOnlySpan<string> key) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', key))));

    private static string OfUser()
    {
        string? linux = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
        return !string.IsNullOrEmpty(linux) ? Path.Combine(linux, "realtimecnn")
            : home.Length == 0 ? ""
            : OperatingSystem.IsWindows() ? Path.Combine(home, "RealtimeCnn", "Cache")
            : Path.Combine(home, ".cache", "realtimecnn");
    }

    /// <summary>Deletes folders of ours, which alone have such names.</summary>
    private void DeleteOlderThan(DateTime time)
    {
        if (!Directory.Exists(path))
            return;
        foreach (string other in Directory.EnumerateDirectories(path))
        {
            bool isOurs = Path.GetFileName(other) is { Length: 2 * SHA256.HashSizeInBytes } name && name.All(char.IsAsciiHexDigitLower);
            if (isOurs && Directory.GetLastWriteTimeUtc(other) < time)
                Directory.Delete(other, recursive: true);
        }
    }

    private static void Try(Action use)
    {
        try
        {
            use();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be used is one without files.
        }
    }
}
