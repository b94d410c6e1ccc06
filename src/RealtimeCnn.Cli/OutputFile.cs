namespace RealtimeCnn.Cli;

/// <summary>What can be known of a file to be written before the work whose result it gets.</summary>
internal static class OutputFile
{
    /// <exception cref="InputException">The path names a folder, or lies in one that does not exist.</exception>
    public static void Check(string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
            throw new InputException($"'{path}' is no file that could be written.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new InputException($"'{path}' cannot be written: there is no folder '{folder}'.");
    }

    /// <summary>Writes a text whole or not at all.</summary>
    public static void Write(string path, string text)
    {
        string beside = path + ".new";
        try
        {
            File.WriteAllText(beside, text);
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>The same for a picture, which is written as PNG whatever it is called.</summary>
    /// <exception cref="InputException">It cannot be written, or its name promises another format.</exception>
    public static void CheckPng(string path)
    {
        if (!Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"'{path}' must end in .png: pictures are written as PNG.");
        Check(path);
    }
}
