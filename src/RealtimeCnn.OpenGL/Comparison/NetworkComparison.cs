using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealtimeCnn.OpenGL;

/// <summary>One node on both backends.</summary>
/// <param name="Name">Name of the node, after fusion.</param>
/// <param name="Layer">Name of its layer type.</param>
/// <param name="Shape">Shape of its output.</param>
/// <param name="OnGpu">Whether a shader computed it; else the CPU did, for want of a kernel.</param>
/// <param name="Difference">From the CPU's value, with the errors of all nodes before it.</param>
public sealed record NodeComparison(string Name, string Layer, Shape Shape, bool OnGpu, TensorDifference Difference);

/// <summary>A network on both backends with the same input. <see cref="ToString"/> is a table, <see cref="ToJson"/> the same as data.</summary>
/// <param name="Tolerance">Largest relative L2 that counts as equal.</param>
/// <param name="Nodes">Every computed node, each after its inputs, in a run that keeps all values.</param>
/// <param name="Outputs">The outputs, in order, of a run as it is in use: values share memory.</param>
/// <param name="Culprit">The node whose kernel is to blame: outputs are right when the CPU computes up to it, and wrong when the GPU does; null where all is well.</param>
public sealed record NetworkComparison(double Tolerance, IReadOnlyList<NodeComparison> Nodes, IReadOnlyList<TensorDifference> Outputs, string? Culprit)
{
    /// <summary>The first node that is out of tolerance, or null.</summary>
    public NodeComparison? FirstBad => Nodes.FirstOrDefault(node => !IsEqual(node.Difference));

    /// <summary>Whether every node and every output is within tolerance.</summary>
    public bool Agrees => FirstBad == null && Outputs.All(IsEqual);

    /// <summary>A line for each node and a verdict.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["node", "layer", "shape", "relative L2", "max abs", "at", "expected", "got"]];
        rows.AddRange(Nodes.Select(node => Cells(node.Name, node.OnGpu ? node.Layer : $"{node.Layer} (CPU)", node.Shape.ToString(), node.Difference)));
        rows.AddRange(Outputs.Select((difference, i) => Cells($"output {i}", "", "", difference)));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        text.AppendLine(Verdict);
        return text.ToString();
    }

    /// <summary>Everything as JSON.</summary>
    public string ToJson() => new JsonObject
    {
        ["agrees"] = Agrees,
        ["tolerance"] = Tolerance,
        ["firstBad"] = FirstBad?.Name,
        ["culprit"] = Culprit,
        ["nodes"] = new JsonArray([.. Nodes.Select(node => Data(node.Difference, new JsonObject
        {
            ["name"] = node.Name,
            ["layer"] = node.Layer,
            ["shape"] = Data(node.Shape.ToArray()),
            ["onGpu"] = node.OnGpu,
        }))]),
        ["outputs"] = new JsonArray([.. Outputs.Select(difference => Data(difference, []))]),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private string Verdict
    {
        get
        {
            string tolerance = Tolerance.ToString("0.0e+0", CultureInfo.InvariantCulture);
            if (Agrees)
                return $"CPU and GPU agree within {tolerance} (relative L2).";
            string bad = FirstBad == null ? "Every node agrees when all values are kept, the outputs of a normal run do not: memory is shared wrongly" : $"'{FirstBad.Name}' is the first node out of tolerance {tolerance}";
            return Culprit == null ? $"{bad}." : $"{bad}; outputs are right when the CPU computes up to '{Culprit}'.";
        }
    }

    internal bool IsEqual(TensorDifference difference) => difference.RelativeL2 <= Tolerance;

    private static string[] Cells(string name, string layer, string shape, TensorDifference difference) =>
    [
        name, layer, shape, difference.RelativeL2.ToString("0.00e+00", CultureInfo.InvariantCulture),
        difference.MaxAbsolute.ToString("0.00e+00", CultureInfo.InvariantCulture), $"({string.Join(", ", difference.At)})",
        difference.Expected.ToString("G6", CultureInfo.InvariantCulture), difference.Actual.ToString("G6", CultureInfo.InvariantCulture),
    ];

    private static JsonObject Data(TensorDifference difference, JsonObject into)
    {
        into["relativeL2"] = Number(difference.RelativeL2);
        into["maxAbsolute"] = Number(difference.MaxAbsolute);
        into["at"] = Data(difference.At);
        into["expected"] = Number(difference.Expected);
        into["actual"] = Number(difference.Actual);
        return into;
    }

    private static JsonArray Data(IEnumerable<int> numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    // JSON has no NaN and no infinity; null is neither equal nor a number.
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
