using RealtimeCnn.Camera;

namespace RealtimeCnn.Cli.Inference;

/// <summary>The pictures and videos that a command line names, by themselves or as folders.</summary>
internal static class PictureFiles
{
    /// <summary>All of them: files in the order in which they are named, those of a folder by name, folders inside it included.</summary>
    /// <exception cref="InputException">One is not there, is neither by its name, or is a folder without any.</exception>
    public static List<string> Find(IEnumerable<string> paths)
    {
        var found = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                string[] inside = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsOne).Order(StringComparer.Ordinal)];
                found.AddRange(inside.Length > 0 ? inside : throw new InputException($"The folder '{path}' has no pictures or videos in it."));
            }
            else if (!File.Exists(path))
            {
                throw new InputException($"There is no picture, video or folder '{path}'.");
            }
            else
            {
                found.Add(IsOne(path) ? path : throw new InputException($"'{path}' is no photograph or video by its name; arrays go to --input."));
            }
        }

        return found;
    }

    private static bool IsOne(string path) => Photograph.HasPhotographExtension(path) || VideoFile.HasVideoExtension(path);
}
