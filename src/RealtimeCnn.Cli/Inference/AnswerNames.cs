namespace RealtimeCnn.Cli.Inference;

/// <summary>Names of the files in which answers are drawn.</summary>
/// <param name="folder">Where; null where none are drawn.</param>
internal sealed class AnswerNames(string? folder)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where they lie; null where none are drawn.</summary>
    public string? Folder => folder;

    /// <summary>Path of a file named like another, with a number where one of this run has that name; null where none are drawn.</summary>
    public string? For(string file, string extension)
    {
        if (folder == null)
            return null;
        string name = Path.GetFileNameWithoutExtension(file), free = name + extension;
        for (int number = 2; !_taken.Add(free); number++)
            free = $"{name}-{number}{extension}";
        return Path.Combine(folder, free);
    }
}
