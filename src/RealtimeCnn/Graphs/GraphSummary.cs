using System.Globalization;
using System.Text;

namespace RealtimeCnn.Graphs;

/// <summary>The size and the cost of one node. Connections count one batch item, borders as if every window lay inside.</summary>
/// <param name="Name">Name of the node.</param>
/// <param name="Layer">Name of its layer type.</param>
/// <param name="Output">Shape of its output.</param>
/// <param name="Parameters">Trainable values.</param>
/// <param name="Statistics">Values that are measured, not trained: running means and variances.</param>
/// <param name="MultiplyAccumulates">Of one run, over the whole batch.</param>
/// <param name="DenseConnections">m·n: weights if each of n outputs saw each of m inputs; 0 for a layer without weights.</param>
/// <param name="SparseConnections">k·n: weights if each output had its own, for the k inputs it sees.</param>
/// <param name="SharedWeights">k: weights there are, shared by all positions.</param>
public sealed record NodeSummary(
    string Name, string Layer, Shape Output, long Parameters, long Statistics, long MultiplyAccumulates,
    long DenseConnections, long SparseConnections, long SharedWeights);

/// <summary>What a graph consists of and what it costs, node by node and in total. <see cref="ToString"/> is a table.</summary>
public sealed class GraphSummary
{
    private const int LongestName = 26, LongestLayer = 20, LongestShape = 20;
    private const string Powers = " kMGTPE";

    internal GraphSummary(Graph graph, ReadOnlySpan<Shape> inputShapes)
    {
        var shapes = graph.InferShapes(inputShapes);
        Nodes = graph.Nodes.Map(node => Summarise(node, shapes));
        Parameters = graph.ParameterCount;
        Statistics = graph.StatisticCount;
        MultiplyAccumulates = Nodes.Sum(node => node.MultiplyAccumulates);
    }

    /// <summary>All nodes, each after its inputs.</summary>
    public IReadOnlyList<NodeSummary> Nodes { get; }

    /// <summary>Trainable values; those that several nodes share count once.</summary>
    public long Parameters { get; }

    /// <summary>Values that are measured, not trained; those that several nodes share count once.</summary>
    public long Statistics { get; }

    /// <summary>Multiply-accumulates of one run.</summary>
    public long MultiplyAccumulates { get; }

    /// <summary>
    /// One line a node and one of totals, in columns that fit a terminal: connections to three digits, long names without their
    /// middle. <see cref="Nodes"/> has everything in full.
    /// </summary>
    public override string ToString()
    {
        string[] titles = ["node", "layer", "output", "parameters", "MACs", "dense m·n", "sparse k·n", "shared k"];
        List<string[]> rows = [titles];
        rows.AddRange(Nodes.Select(node => new[]
        {
            Shorten(node.Name, LongestName), Shorten(node.Layer, LongestLayer), Shorten(node.Output.ToString(), LongestShape),
            Number(node.Parameters), Number(node.MultiplyAccumulates), Rounded(node.DenseConnections), Rounded(node.SparseConnections), Rounded(node.SharedWeights),
        }));
        rows.Add(["total", "", "", Number(Parameters), Number(MultiplyAccumulates), "", "", ""]);

        int[] widths = [.. Enumerable.Range(0, titles.Length).Select(column => rows.Max(row => row[column].Length))];
        var table = new StringBuilder();
        foreach (string[] row in rows)
        {
            // Text starts at the left of its column, numbers end at the right.
            var cells = row.Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            table.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return table.ToString();
    }

    private static string Shorten(string text, int longest) =>
        text.Length <= longest ? text : $"{text[..(longest / 2)]}…{text[^(longest - (longest / 2) - 1)..]}";

    // Three digits and a power of a thousand: 999, 2.42k, 102M, 1.05G.
    private static string Rounded(long value)
    {
        if (value < 1000)
            return Number(value);
        int power = 0;
        double scaled = value;
        for (; scaled >= 999.5 && power < Powers.Length - 1; power++)
            scaled /= 1000;
        string digits = scaled.ToString(scaled < 9.995 ? "0.00" : scaled < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return $"{digits}{Powers[power]}";
    }

    private static string Number(long value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);

    private static NodeSummary Summarise(Node node, IReadOnlyDictionary<Node, Shape> shapes)
    {
        Shape output = shapes[node];
        Shape[] inputs = node.Inputs.Map(input => shapes[input]);
        long parameters = 0, statistics = 0, weights = 0;
        foreach (var spec in node.Layer.Parameters)
        {
            (parameters, statistics) = spec.IsStatistic ? (parameters, statistics + spec.Shape.Count) : (parameters + spec.Shape.Count, statistics);
            weights += spec.FanIn > 0 ? spec.Shape.Count : 0;
        }

        long macs = node.Layer.MultiplyAccumulates(inputs, output), batch = Math.Max(output.Batch, 1);
        long dense = weights == 0 ? 0 : inputs[0].Count / batch * (output.Count / batch);
        return new NodeSummary(
            node.Name, node.Layer.GetType().Name, output, parameters, statistics, macs, dense, weights == 0 ? 0 : macs / batch, weights);
    }
}
