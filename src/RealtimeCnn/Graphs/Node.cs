using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A layer in a graph: its name, where its inputs come from, and the values of its parameters. Immutable.</summary>
public sealed class Node
{
    internal Node(string name, Layer layer, IReadOnlyList<Node> inputs, IReadOnlyList<Parameter> parameters) =>
        (Name, Layer, Inputs, Parameters) = (name, layer, inputs, parameters);

    /// <summary>Unique in its graph.</summary>
    public string Name { get; }

    /// <summary>What the node computes.</summary>
    public Layer Layer { get; }

    /// <summary>The nodes whose outputs this node reads, in order.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>Its parameters in the order of <see cref="Layer.Parameters"/>; owned by the graph.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Layer.GetType().Name} '{Name}'";
}
