using System.Text.RegularExpressions;
using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>docs/onnx.md names what there is.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_operator_is_in_the_documentation_and_nothing_else()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "onnx.md"));
        string list = text[text.IndexOf("### Operators", StringComparison.Ordinal)..text.IndexOf("Evaluated at load only", StringComparison.Ordinal)];
        Assert.Equal(OnnxLayers.Operators, Names().Matches(list.Replace("### Operators", string.Empty, StringComparison.Ordinal)).Select(match => match.Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Names();
}
