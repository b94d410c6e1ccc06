using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Interpretation;

/// <summary>What one channel of a layer answers to a picture.</summary>
/// <param name="Least">Its least value; NaN where one of its values is.</param>
/// <param name="Greatest">Its greatest value; NaN where one of its values is.</param>
/// <param name="Row">Row of the greatest, the first of several.</param>
/// <param name="Column">Column of the greatest.</param>
/// <param name="Field">What the unit with the greatest sees of the picture.</param>
public readonly record struct Response(float Least, float Greatest, int Row, int Column, ReceptiveField Field);

/// <summary>
/// Runs a network up to one layer, on the CPU, to find how strongly its channels answer to a picture, and which part of it the strongest
/// unit sees: of many pictures, those parts with the strongest answers show what a channel looks for. One thread at a time; the graph must
/// live as long.
/// </summary>
/// <remarks>Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", arXiv:1311.2901, section 4 (the nine strongest).</remarks>
public sealed class ChannelResponse : IDisposable
{
    private readonly Graph _front;
    private readonly CpuNetwork _network;

    /// <summary>Prepares a layer.</summary>
    /// <param name="graph">A graph of one input, <c>[1, C, H, W]</c>.</param>
    /// <param name="node">Name of a node whose output is <c>[1, channels, H, W]</c> or <c>[1, channels]</c>.</param>
    /// <param name="threads">That compute; null for all processors.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    /// <exception cref="ArgumentException">The graph has several inputs, or the node no channels.</exception>
    public ChannelResponse(Graph graph, string node, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Inputs.Count != 1)
            throw new ArgumentException($"Channels answer to one picture; this network has {graph.Inputs.Count} inputs.", nameof(graph));
        _front = new Graph(graph.Inputs, [graph[node]], []);
        var shape = _front.InferShapes()[_front.Outputs[0]];
        if (shape.Rank is not (2 or 4) || shape[0] != 1)
            throw new ArgumentException($"{graph[node]} has no channels for one picture: it gives {shape}.", nameof(node));
        _network = new CpuNetwork(_front, new NetworkOptions { Threads = threads ?? Environment.ProcessorCount, PlansKept = 1 });
    }

    /// <summary>What a channel answers.</summary>
    /// <param name="input">What the network takes, of the declared size.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="cancellation">Ends it between two layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such channel.</exception>
    /// <exception cref="ShapeException">The input does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Response Run(Tensor input, int channel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        var output = _network.Run([input], cancellation)[0];
        int channels = output.Shape[1], area = output.Shape.Count / channels;
        if ((uint)channel >= (uint)channels)
            throw new ArgumentOutOfRangeException(nameof(channel), channel, $"Channels are numbered from 0 to {channels - 1}.");
        var map = output.Span.Slice(channel * area, area);
        float least = float.PositiveInfinity, greatest = float.NegativeInfinity;
        int at = 0;
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] > greatest)
                at = i;
            (least, greatest) = (Math.Min(least, map[i]), Math.Max(greatest, map[i]));
        }

        int width = output.Shape.Rank == 4 ? output.Shape.Width : 1;
        return new Response(least, greatest, at / width, at % width, output.Shape.Rank == 4
            ? _front.ReceptiveField(_front.Outputs[0], at / width, at % width)
            : ReceptiveField.Whole(_front.InputShapes[0]));
    }

    /// <summary>Frees what it made; the graph stays.</summary>
    public void Dispose() => _network.Dispose();
}
