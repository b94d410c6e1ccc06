using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeCnn.Demo;

/// <summary>What the demo remembers from one start to the next: the mode and the window. Nothing depends on it: a file that cannot be read is ignored.</summary>
/// <param name="Mode">The mode that was shown last.</param>
/// <param name="Width">Of the window, in screen coordinates.</param>
/// <param name="Height">Of the window, in screen coordinates.</param>
/// <param name="IsFullscreen">Whether it filled the screen.</param>
internal sealed record UserSettings(string? Mode = null, int Width = 0, int Height = 0, bool IsFullscreen = false)
{
    private const int LeastSide = 240, MostSide = 8192;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The file of the user who runs this.</summary>
    public static string DefaultPath => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "RealtimeCnn", "demo.json");

    /// <summary>Size of the window; null where none is remembered that a window can have.</summary>
    [JsonIgnore]
    public Size2d? Size => Width is >= LeastSide and <= MostSide && Height is >= LeastSide and <= MostSide ? new Size2d(Height, Width) : null;

    /// <summary>Reads the file; what is remembered where there is none is nothing.</summary>
    /// <param name="path">The file; null for nothing.</param>
    /// <param name="notice">Told of a file that cannot be read.</param>
    public static UserSettings Load(string? path, Action<string> notice)
    {
        if (path == null || !File.Exists(path))
            return new UserSettings();
        try
        {
            return JsonSerializer.Deserialize<UserSettings>(File.ReadAllText(path)) ?? new UserSettings();
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            notice($"What was remembered in '{path}' cannot be read and is ignored: {problem.Message}");
            return new UserSettings();
        }
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="notice">Told where that fails.</param>
    public void Save(string? path, Action<string> notice)
    {
        if (path == null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            notice($"Mode and window cannot be remembered: {problem.Message}");
        }
    }
}
