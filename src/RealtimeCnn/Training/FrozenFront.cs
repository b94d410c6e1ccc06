using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Training;

/// <summary>
/// A network cut at a node: the front, up to that node, stays as it is, and what it makes of each sample is computed once
/// (<see cref="Apply"/>); the end behind it is a graph of its own (<see cref="End"/>), which a <see cref="Trainer"/> trains on that. The
/// end shares its parameters with the network, which is trained as if its front had been frozen, at the cost of its end.
/// </summary>
/// <remarks>Source: Yosinski et al. 2014, "How transferable are features in deep neural networks?", arXiv:1411.1792.</remarks>
public sealed class FrozenFront
{
    /// <summary>Most bytes of kept outputs unless more are allowed: 1 GiB.</summary>
    public const long DefaultMostBytes = 1L << 30;

    private const int Batch = 32;
    private readonly Graph _graph;
    private readonly Node _cut;

    /// <summary>Cuts a network.</summary>
    /// <param name="graph">A network of one input. It must live as long as this.</param>
    /// <param name="node">Name of the last node of the front.</param>
    /// <exception cref="KeyNotFoundException">There is no such node; the message lists those there are.</exception>
    /// <exception cref="ArgumentException">The network has several inputs, or something passes the node by, or nothing is behind it.</exception>
    public FrozenFront(Graph graph, string node)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var cut = graph[node];
        if (graph.Inputs.Count != 1 || cut.Layer is Input || graph.Outputs.Contains(cut))
            throw new ArgumentException($"'{node}' does not cut the network into a front and an end: it needs one input, and nodes before and behind the cut.", nameof(node));
        (_graph, _cut) = (graph, cut);
        End = graph.TryCut(cut, out var end, out var passing) ? end
            : throw new ArgumentException($"'{node}' does not cut the network: '{passing.Reader.Name}' reads '{passing.Source.Name}', which lies before it.", nameof(node));
        Names = [.. new Graph(graph.Inputs, [cut], []).Nodes.Select(one => one.Name)];
    }

    /// <summary>What is trained: everything behind the cut, with the outputs of the front as its input.</summary>
    public Graph End { get; }

    /// <summary>The nodes of the front: what <see cref="TrainerOptions.Frozen"/> names to train the whole network to the same result.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// A network with another end: behind a node, means over what is left of the picture, and a linear layer of random weights for other
    /// classes. It shares all other parameters with the network that it is made of, which must live longer.
    /// </summary>
    /// <param name="graph">A network of one input.</param>
    /// <param name="node">Name of the last node that is kept; its output is <c>[N, C, H, W]</c> or <c>[N, features]</c>.</param>
    /// <param name="classes">Classes to tell apart.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="KeyNotFoundException">There is no such node; the message lists those there are.</exception>
    /// <exception cref="ShapeException">The node gives neither feature maps nor features.</exception>
    public static Graph NewEnd(Graph graph, string node, int classes, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var end = graph[node];
        var shape = graph.InferShapes()[end];
        if (shape.Rank is not (2 or 4))
            throw new ShapeException($"A classifier is put behind feature maps [N, C, H, W] or features [N, F]; '{node}' gives {shape}.");
        var kept = new Graph(graph.Inputs, [end], []);
        string Free(string name) => kept.Nodes.Any(other => other.Name == name) ? Free($"{name}_new") : name;
        if (shape.Rank == 4)
        {
            end = new Node(Free("means"), new GlobalAveragePool(), [end], []);
            end = new Node(Free("features"), new Flatten(), [end], []);
        }

        var layer = new Linear(shape[1], classes);
        var (logits, random) = (Free("classifier"), new Random(seed));
        var parameters = kept.Store.Own(logits, layer, [.. layer.Parameters.Select(spec =>
        {
            var tensor = new Tensor(spec.Shape);
            Initializer.KaimingUniform().Fill(tensor.Span, spec, random);
            return tensor;
        })]);
        return new Graph(graph.Inputs, [new Node(logits, layer, [end], parameters)], parameters);
    }

    /// <summary>Runs the front over data, once, and keeps what it gives, in memory.</summary>
    /// <param name="data">Samples that the network takes, and their targets; not augmented, because each is seen once.</param>
    /// <param name="statistics">How pixels become inputs; null for <see cref="InputStatistics.Range"/> of pictures, and no change of other samples, as in a <see cref="Trainer"/>.</param>
    /// <param name="threads">Threads that compute it.</param>
    /// <param name="mostBytes">Most bytes to keep.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>The same samples as the end takes them, with their targets, classes and names.</returns>
    /// <exception cref="DataSetException">The outputs would take more bytes; the message says how many.</exception>
    /// <exception cref="ShapeException">The samples do not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IDataSet Apply(IDataSet data, InputStatistics? statistics = null, int? threads = null, long mostBytes = DefaultMostBytes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var front = new Graph(_graph.Inputs, [_cut], []);
        var given = front.InferShapes(new Shape([1, .. data.SampleShape.ToArray()]))[_cut];
        var shape = new Shape([.. given.ToArray().Skip(1)]);
        long bytes = (long)data.Count * shape.Count * sizeof(float);
        if (bytes > mostBytes)
            throw new DataSetException($"What '{_cut.Name}' gives for {data.Count} samples takes {bytes} bytes, more than the {mostBytes} that may be kept: cut where less comes out, or freeze the front without keeping its outputs.");
        float[][] kept = new float[data.Count][];
        // As frozen nodes run in training, step for step, so that the result is the same to the bit.
        using var network = new CpuNetwork(front, new NetworkOptions { Threads = threads ?? Environment.ProcessorCount, Optimize = false });
        using var loader = new BatchLoader(data, new BatchOptions { Size = Batch, IsShuffled = false, Statistics = statistics ?? InputStatistics.UsualFor(data) });
        int next = 0;
        foreach (var batch in loader.Epoch(0))
        {
            var output = network.Run([batch.Samples], cancellation)[0].Span;
            for (int n = 0; n < batch.Count; n++)
                kept[next++] = output.Slice(n * shape.Count, shape.Count).ToArray();
        }

        return new KeptOutputs(data, shape, kept);
    }
}

/// <summary>What a frozen front made of the samples of a set.</summary>
internal sealed class KeptOutputs(IDataSet data, Shape shape, float[][] outputs) : IDataSet
{
    private readonly float[][] _targets = [.. Enumerable.Range(0, data.Count).Select(index =>
    {
        float[] target = new float[data.TargetShape.Count];
        data.Read(index, new float[data.SampleShape.Count], target);
        return target;
    })];

    public int Count => outputs.Length;

    public Shape SampleShape => shape;

    public Shape TargetShape => data.TargetShape;

    public IReadOnlyList<string> Classes => data.Classes;

    public IReadOnlyList<string> Notes => data.Notes;

    public string NameOf(int index) => data.NameOf(index);

    public void Read(int index, Span<float> sample, Span<float> target)
    {
        outputs[index].CopyTo(sample);
        _targets[index].CopyTo(target);
    }
}
