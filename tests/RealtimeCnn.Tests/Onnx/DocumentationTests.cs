using System.Text;
using System.Text.RegularExpressions;
using RealtimeCnn.Onnx;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>docs/onnx.md names what there is; with RTCNN_APPROVE=1 in the environment its list is written anew.</summary>
public sealed partial class DocumentationTests
{
    private const string Heading = "### Operators\n", Behind = "\n\nEvaluated at load only";

    [Fact]
    public void Every_operator_is_in_the_documentation_and_nothing_else()
    {
        string file = Path.Combine(Repository.Root, "docs", "onnx.md"), text = File.ReadAllText(file).ReplaceLineEndings("\n");
        int from = text.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length, to = text.IndexOf(Behind, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1")
            File.WriteAllText(file, text[..from] + Lines() + text[to..]);
        Assert.Equal(OnnxLayers.Operators, Names().Matches(text[from..to]).Select(match => match.Value));
    }

    private static string Lines()
    {
        var lines = new StringBuilder();
        int column = 0;
        foreach (string name in OnnxLayers.Operators)
        {
            if (column > 0)
                lines.Append(column + name.Length > 117 ? ",\n" : ", ");
            column = lines.Length - lines.ToString().LastIndexOf('\n') - 1;
            lines.Append(name);
            column += name.Length;
        }

        return lines.Append('.').ToString();
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Names();
}
