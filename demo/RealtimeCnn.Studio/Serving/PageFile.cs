using System.Reflection;

namespace RealtimeCnn.Studio.Serving;

/// <summary>A file of the page, which lies in this assembly.</summary>
/// <param name="Path">Its address.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record PageFile(string Path, string ContentType, byte[] Bytes)
{
    private const string Folder = "page/", Start = "index.html";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<PageFile> All { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(Read)];

    private static PageFile Read(string resource)
    {
        string name = resource[Folder.Length..];
        using var content = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return new PageFile(name == Start ? "/" : $"/{name}", ContentTypeOf(System.IO.Path.GetExtension(name)), bytes);
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".png" => "image/png",
        _ => throw new InvalidOperationException($"The page has a file of an unknown kind: {extension}."),
    };
}
