using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.OpenGL.Tuning;

/// <summary>One way to compute what is measured: kernels for calls, by name.</summary>
/// <param name="Name">The kernel's, or <see cref="KernelChoice.Apart"/>.</param>
/// <param name="Kernels">For each call (<see cref="KernelChoice.Key"/>) the kernel's name.</param>
internal sealed record TunedWay(string Name, IReadOnlyDictionary<string, string> Kernels);

/// <summary>What is measured at once: nodes that a step computes, or several steps, one behind the other.</summary>
/// <param name="Nodes">In order; what lies between is read by them alone.</param>
/// <param name="Key">Names them and the shapes they read (<see cref="KernelChoice.Key"/>).</param>
/// <param name="Inputs">Shapes of what they read.</param>
/// <param name="Output">Shape of the result.</param>
/// <param name="ReadsBlocks">Whether what they read lies channel-blocked in the network.</param>
/// <param name="WritesRows">Whether the network has the result row-major.</param>
/// <param name="Plain">The way that is right: each node by its plain kernel.</param>
/// <param name="Ways">Those to measure, the one that a plan takes without a measurement first.</param>
internal sealed record TunedCall(
    IReadOnlyList<Node> Nodes, string Key, Shape[] Inputs, Shape Output, bool ReadsBlocks, bool WritesRows, TunedWay Plain, IReadOnlyList<TunedWay> Ways)
{
    /// <summary>The nodes as reports name them.</summary>
    public string Name => string.Join(" + ", Nodes.Select(node => node.Name));

    /// <summary>The nodes as a graph of their own, which reads their parameters where they are, all outputs included.</summary>
    /// <param name="outputs">Tensors that the last node gives.</param>
    public Graph Alone(int outputs)
    {
        var sources = OutputWishes.Sources([.. Nodes]).Distinct().Select((source, i) => (source, Input: new Node($"input {i}", new Layers.Input(ShapeOf(source)), [], []))).ToList();
        var copies = sources.ToDictionary(pair => pair.source, pair => pair.Input);
        foreach (var node in Nodes)
            copies[node] = new Node(node.Name, node.Layer, [.. node.Inputs.Select(input => copies[input])], node.Parameters);
        var last = copies[Nodes[^1]];
        return new Graph([.. sources.Select(pair => pair.Input)], [last, .. Enumerable.Range(1, outputs - 1).Select(i => new Node($"{last.Name}, output {i}", new Layers.NodeOutput(i), [last], []))], []);

        Shape ShapeOf(Node source) => Inputs[Array.IndexOf(OutputWishes.Sources([.. Nodes]), source)];
    }
}
