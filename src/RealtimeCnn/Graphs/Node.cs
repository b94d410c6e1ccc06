using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>A layer in a graph: its name, where its inputs come from, and the values of its parameters. Immutable.</summary>
public sealed class Node
{
    /// <summary>A layer with its inputs and parameters, for whoever puts a graph together without a <see cref="GraphBuilder"/>.</summary>
    /// <param name="name">Unique in the graph it will be in.</param>
    /// <param name="layer">What it computes; whether it fits its inputs is found by <see cref="Graph.InferShapes"/>.</param>
    /// <param name="inputs">The nodes whose outputs it reads, in order.</param>
    /// <param name="parameters">One for each of <see cref="Layer.Parameters"/>; they stay the caller's until a graph owns them.</param>
    public Node(string name, Layer layer, IReadOnlyList<Node> inputs, IReadOnlyList<Parameter> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(parameters);
        (Name, Layer, Inputs, Parameters) = (name, layer, inputs, parameters);
    }

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
