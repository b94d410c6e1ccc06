using System.Text;
using System.Text.RegularExpressions;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.SelfTests;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>docs/onnx.md names what there is; with RTCNN_APPROVE=1 in the environment its lists are written anew.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_operator_is_in_the_documentation_and_nothing_else() => AssertList("### Operators", Operators());

    [Fact]
    public void What_layers_are_written_as_is_in_the_documentation() => AssertList("## What is written", WrittenAs());

    private static void AssertList(string heading, string expected)
    {
        string file = Path.Combine(Repository.Root, "docs", "onnx.md"), text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var list = Generated().Match(text, text.IndexOf(heading + "\n", StringComparison.Ordinal)).Groups["list"];
        bool isApproved = Environment.GetEnvironmentVariable("RTCNN_APPROVE") == "1";
        if (isApproved)
            File.WriteAllText(file, text[..list.Index] + expected + text[(list.Index + list.Length)..]);
        Assert.Equal(expected, isApproved ? expected : list.Value);
    }

    private static string Operators()
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

        return lines.Append(".\n").ToString();
    }

    /// <summary>Each layer that no single operator stands for, by the shortest form of its cases; casts between types go without saying.</summary>
    private static string WrittenAs()
    {
        var rows = new StringBuilder("| Layer | Written as |\n|---|---|\n");
        foreach (var cases in LayerCases.All.Where(one => !one.BlockedInputs).GroupBy(one => one.Layer.GetType().Name).OrderBy(cases => cases.Key, StringComparer.Ordinal))
        {
            string[]? shortest = cases.Where(one => one.Onnx != OnnxForm.None).Select(Exported).MinBy(operators => operators.Length);
            if (shortest == null)
                rows.Append($"| {cases.Key} | not written |\n");
            else if (shortest.Length > 1 || cases.Any(one => one.Onnx == OnnxForm.None))
                rows.Append($"| {cases.Key} | {string.Join(", ", shortest)}{(cases.Any(one => one.Onnx == OnnxForm.None) ? "; not every form" : "")} |\n");
        }

        return rows.ToString();
    }

    private static string[] Exported(LayerCase one)
    {
        using var run = new LayerRun(one);
        return [.. ModelProto.Parser.ParseFrom(OnnxExporter.ToBytes(run.Graph)).Graph.Node.Select(node => node.OpType).Where(operation => operation != "Cast")];
    }

    [GeneratedRegex("<!-- generated -->\n(?<list>.*?)<!-- /generated -->", RegexOptions.Singleline)]
    private static partial Regex Generated();
}
