using RealtimeCnn.Graphs;

namespace RealtimeCnn.SelfTests;

/// <summary>Several layers whose result on the GPU is compared with that on the CPU: what no layer alone shows.</summary>
/// <param name="Name">Unique; says what is special.</param>
/// <param name="Create">Makes the graph, of one input; the caller disposes it.</param>
internal sealed record NetworkCase(string Name, Func<Graph> Create)
{
    public static IReadOnlyList<NetworkCase> All { get; } =
    [
        new("with branches", WithBranches),
        new("of few operations", () => OfFewOperations(builder => builder.Tanh().AveragePool2d(2, stride: 2))),
        new("of few operations, maxima", () => OfFewOperations(builder => builder.Relu().MaxPool2d(2, stride: 2))),
        new("of few operations, wide windows", () => OfFewOperations(builder => builder.MaxPool2d(3, stride: 3))),
    ];

    /// <summary>Memory used twice, and reads that have to wait for writes.</summary>
    private static Graph WithBranches()
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Start(new Shape(1, 3, 17, 23)).Conv2d(13, 3, stride: 2, padding: 1);
        var both = x.DepthwiseConv2d(3, padding: 1).Relu().Add(x.PointwiseConv2d(13));
        return builder.Build(both.Concat([x]).PointwiseConv2d(21).MaxPool2d(2, stride: 2).Flatten().Linear(10));
    }

    /// <summary>Layers that one dispatch computes several of.</summary>
    private static Graph OfFewOperations(Func<SymbolicTensor, SymbolicTensor> pooled)
    {
        var builder = new GraphBuilder(seed: 5);
        var x = pooled(builder.Start(new Shape(2, 3, 29, 26)).Conv2d(6, 5, padding: 2));
        var graph = builder.Build(pooled(x.Conv2d(9, 3)).Flatten().Linear(17).Tanh().Linear(10));
        // A new network's biases are zeros, which would hide that they are read from elsewhere.
        foreach (var bias in graph.Nodes.SelectMany(node => node.Parameters).Where(parameter => parameter.Shape.Rank == 1))
            bias.Write([.. Enumerable.Range(1, bias.Shape.Count).Select(i => MathF.Sin(i))]);
        return graph;
    }
}
