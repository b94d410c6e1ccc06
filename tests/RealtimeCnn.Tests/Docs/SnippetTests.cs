using System.Text.RegularExpressions;

namespace RealtimeCnn.Tests.Docs;

/// <summary>All C# in the documentation names the file that it is taken from, which the solution compiles.</summary>
public partial class SnippetTests
{
    public static TheoryData<string> Documents =>
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void All_code_is_taken_from_files_that_compile(string document)
    {
        string text = Read(document);
        var snippets = Snippet().Matches(text);
        Assert.True(snippets.Count == CodeBlock().Count(text), $"{document} has {CodeBlock().Count(text)} blocks of C#, of which {snippets.Count} name their file (<!-- snippet: PATH --> before them).");
        Assert.All(snippets, snippet =>
        {
            Assert.EndsWith(".cs", snippet.Groups["file"].Value, StringComparison.Ordinal);
            string[] lines = Lines(snippet.Groups["code"].Value), file = Lines(Read(snippet.Groups["file"].Value));
            Assert.True(
                Enumerable.Range(0, file.Length).Any(start => file.Skip(start).Take(lines.Length).SequenceEqual(lines)),
                $"{document}: this snippet is not in {snippet.Groups["file"].Value}:\n{snippet.Groups["code"].Value}");
        });
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    // Any fence that says C#, however indented or spelled.
    [GeneratedRegex(@"^\s*(```|~~~)\s*(csharp|c#|cs)\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"<!-- snippet: (?<file>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
