using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Interpretation;

/// <summary>
/// Channels of a network muted or amplified while it runs, to see what its answer owes to them: behind a node, <c>y[n,c,…] = gain[c] · x[n,c,…]</c>.
/// Where nobody asked for gains the network is as it was; where they are, they are parameters, which may be written between runs on any
/// backend. All graphs share the parameters of the network, which must live longer.
/// </summary>
/// <param name="graph">The network.</param>
/// <remarks>Source: Zhou et al. 2018, "Revisiting the Importance of Individual Units in CNNs via Ablation", arXiv:1806.02891.</remarks>
public sealed class ChannelGains(Graph graph) : IDisposable
{
    private readonly Dictionary<string, (BatchNorm2d Layer, Parameter[] Parameters)> _gains = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<Node, Shape> _shapes = graph.InferShapes();

    /// <summary>The network with gains behind some nodes; without any it is a view of the network itself. Nodes keep their names, the gained value that of its node.</summary>
    /// <param name="nodes">Names of nodes whose output is <c>[N, channels, …]</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ArgumentException">A node is an input, or its output has no channels.</exception>
    public Graph Behind(params IEnumerable<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var gained = nodes.Select(name => graph[name]).ToHashSet();
        var copies = new Dictionary<Node, Node>();
        foreach (var node in graph.Nodes)
        {
            bool isMoved = node.Inputs.Any(input => copies[input] != input);
            if (!gained.Contains(node))
            {
                copies[node] = isMoved ? new Node(node.Name, node.Layer, [.. node.Inputs.Select(input => copies[input])], node.Parameters) : node;
                continue;
            }

            var (layer, parameters) = Of(node);
            var inner = new Node(graph.FreeName($"{node.Name} without gains"), node.Layer, [.. node.Inputs.Select(input => copies[input])], node.Parameters);
            copies[node] = new Node(node.Name, layer, [inner], parameters);
        }

        return new Graph(graph.Inputs, [.. graph.Outputs.Select(output => copies[output])], []);
    }

    /// <summary>Takes the gains of a node; the next run of every network of <see cref="Behind"/> sees them.</summary>
    /// <param name="node">Name of a node.</param>
    /// <param name="gains">A factor for each channel: 0 mutes, 1 leaves it as it is.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ArgumentException">The node is an input, or its output has no channels.</exception>
    /// <exception cref="ShapeException">There are more or fewer gains than channels.</exception>
    public void Write(string node, ReadOnlySpan<float> gains) => Of(graph[node]).Parameters[0].Write(gains);

    /// <summary>Frees the gains; dispose what runs with them first.</summary>
    public void Dispose()
    {
        foreach (var (_, parameters) in _gains.Values)
        {
            foreach (var parameter in parameters)
                parameter.Free();
        }
    }

    private (BatchNorm2d Layer, Parameter[] Parameters) Of(Node node)
    {
        if (_gains.TryGetValue(node.Name, out var gain))
            return gain;
        var shape = _shapes[node];
        if (node.Layer is Input || shape.Rank < 2)
            throw new ArgumentException($"{node} has no channels to mute or amplify; it gives {shape}.");
        // At inference it is one factor for each channel, which passes fold into what is beside it.
        var layer = new BatchNorm2d(shape[1]) { Epsilon = 0 };
        var parameters = graph.Store.Own($"{node.Name} gains", layer, [.. layer.Parameters.Select(spec =>
        {
            var tensor = new Tensor(spec.Shape);
            tensor.Span.Fill(spec.Initial);
            return tensor;
        })]);
        return _gains[node.Name] = (layer, parameters);
    }
}
