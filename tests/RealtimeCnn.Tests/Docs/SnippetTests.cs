using System.Text.RegularExpressions;

namespace RealtimeCnn.Tests.Docs;

/// <summary>Code in the documentation that names a file is code of that file, which the solution compiles.</summary>
public partial class SnippetTests
{
    private static readonly string Root = FindRoot();

    [Theory]
    [InlineData("README.md", 3)]
    public void Snippets_are_taken_from_files_that_compile(string document, int fewest)
    {
        var snippets = Snippet().Matches(Read(document));
        Assert.True(snippets.Count >= fewest, $"{document} has {snippets.Count} snippets that name a file.");
        Assert.All(snippets, snippet =>
        {
            string[] lines = Lines(snippet.Groups["code"].Value), file = Lines(Read(snippet.Groups["file"].Value));
            Assert.True(
                Enumerable.Range(0, file.Length).Any(start => file.Skip(start).Take(lines.Length).SequenceEqual(lines)),
                $"{document}: this snippet is not in {snippet.Groups["file"].Value}:\n{snippet.Groups["code"].Value}");
        });
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "RealtimeCnn.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"<!-- snippet: (?<file>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
