using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// The output of a node while a model is being written: its shape is known, its numbers are not. Chains of them read like the
/// tables of the papers: <c>x.Conv2d(64, kernel: 7, stride: 2, padding: 3).BatchNorm2d().Relu()</c>. Channels and features are
/// those of the shape at hand, and a layer that does not fit fails at its line.
/// </summary>
/// <remarks>The layers are in <see cref="SymbolicLayers"/>; any other goes through <see cref="Then(Layer, string?)"/>.</remarks>
public readonly struct SymbolicTensor
{
    private readonly GraphBuilder _builder;
    private readonly string _scope;

    internal SymbolicTensor(GraphBuilder builder, Node node, Shape shape, string scope) =>
        (_builder, Node, Shape, _scope) = (builder, node, shape, scope);

    /// <summary>The node whose output this is.</summary>
    public Node Node { get; }

    /// <summary>Its shape for the declared inputs.</summary>
    public Shape Shape { get; }

    /// <summary>Second extent of the shape.</summary>
    public int Channels => Shape.Channels;

    /// <summary>The node, where <see cref="GraphBuilder"/> asks for one.</summary>
    public static implicit operator Node(SymbolicTensor tensor) => tensor.Node;

    /// <summary>The same value; layers behind it are named <c>block.name</c>, as parts of a block.</summary>
    /// <param name="block">Name of the block, such as <c>layer1.0</c>; empty for none.</param>
    public SymbolicTensor Within(string block) => new(_builder, Node, Shape, block);

    /// <summary>Adds a layer behind this value.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="name">Its name within the block; null for the type's name and a number.</param>
    /// <exception cref="ShapeException">The layer does not fit this shape.</exception>
    public SymbolicTensor Then(Layer layer, string? name = null) => Then(layer, [], name);

    /// <summary>Adds a layer of several outputs behind this value.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="name">Its name within the block; null for the type's name and a number. The outputs after the first are called <c>name:1</c>, <c>name:2</c> and so on.</param>
    /// <returns>All of its outputs, in order.</returns>
    /// <exception cref="ShapeException">The layer does not fit this shape.</exception>
    public IReadOnlyList<SymbolicTensor> ThenAll(Layer layer, string? name = null)
    {
        var first = Then(layer, name);
        var outputs = new List<SymbolicTensor> { first };
        var shapes = layer.InferShapes([Shape]);
        for (int i = 1; i < shapes.Length; i++)
            outputs.Add(new SymbolicTensor(_builder, _builder.Add(new NodeOutput(i), first.Node, name: $"{first.Node.Name}:{i}"), shapes[i], _scope));
        return outputs;
    }

    /// <summary>Adds a layer behind this value and further ones.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="others">Its inputs after this one.</param>
    /// <param name="name">Its name within the block; null for the type's name and a number.</param>
    /// <exception cref="ShapeException">The layer does not fit these shapes.</exception>
    public SymbolicTensor Then(Layer layer, ReadOnlySpan<SymbolicTensor> others, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var nodes = new Node[others.Length + 1];
        var shapes = new Shape[others.Length + 1];
        (nodes[0], shapes[0]) = (Node, Shape);
        for (int i = 0; i < others.Length; i++)
            (nodes[i + 1], shapes[i + 1]) = (others[i].Node, others[i].Shape);

        string full = _scope.Length == 0 ? name ?? _builder.FreshName(layer.GetType().Name)
            : name == null ? _builder.FreshName($"{_scope}.{layer.GetType().Name}") : $"{_scope}.{name}";
        Shape output;
        try
        {
            output = layer.InferShapes(shapes)[0];
        }
        catch (ShapeException problem)
        {
            throw new ShapeException($"{layer.GetType().Name} '{full}': {problem.Message}", problem);
        }

        return new SymbolicTensor(_builder, _builder.Add(layer, nodes, name: full), output, _scope);
    }
}
