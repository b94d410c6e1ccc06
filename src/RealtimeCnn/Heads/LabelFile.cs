namespace RealtimeCnn.Heads;

/// <summary>Names of classes in a text file, one in each line, in the order of the outputs.</summary>
public static class LabelFile
{
    /// <summary>Reads a file; lines that are empty do not count.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string[] Read(string path) => [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
}
