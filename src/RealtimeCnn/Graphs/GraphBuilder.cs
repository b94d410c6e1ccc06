using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Graphs;

/// <summary>
/// Builds a graph node by node. Parameters that are not given are initialised from the seed.
/// </summary>
/// <param name="seed">Seed of the initial values; equal seeds give equal networks.</param>
/// <param name="initializer">Starting values of weights; null for <see cref="Initializer.KaimingUniform"/>.</param>
public sealed class GraphBuilder(int seed = 0, Initializer? initializer = null)
{
    private readonly Initializer _initializer = initializer ?? Initializer.KaimingUniform();
    private readonly List<Node> _inputs = [];
    private readonly ParameterStore _store = new();
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, int> _lastNumbers = [];
    private readonly Random _random = new(seed);

    /// <summary>Adds an input.</summary>
    /// <param name="name">Unique in the graph.</param>
    /// <param name="shape">The declared shape, usually <c>[N, C, H, W]</c>.</param>
    public Node Input(string name, Shape shape)
    {
        var node = Add(new Input(shape), [], name: name);
        _inputs.Add(node);
        return node;
    }

    /// <summary>Adds an input and returns it as the start of a chain of layers.</summary>
    /// <param name="shape">The declared shape, usually <c>[N, C, H, W]</c>.</param>
    /// <param name="name">Unique in the graph.</param>
    public SymbolicTensor Start(Shape shape, string name = "input") => new(this, Input(name, shape), shape, "");

    /// <summary>Adds a layer with one input.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="input">Where its input comes from.</param>
    /// <param name="parameters">Values in the order of <see cref="Layer.Parameters"/>, which the graph takes over; null to initialise them.</param>
    /// <param name="name">Unique in the graph; null for the type's name and a number.</param>
    public Node Add(Layer layer, Node input, IReadOnlyList<Tensor>? parameters = null, string? name = null) => Add(layer, [input], parameters, name);

    /// <summary>Adds a layer.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="inputs">Where its inputs come from.</param>
    /// <param name="parameters">Values in the order of <see cref="Layer.Parameters"/>, which the graph takes over; null to initialise them.</param>
    /// <param name="name">Unique in the graph; null for the type's name and a number.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Node Add(Layer layer, IReadOnlyList<Node> inputs, IReadOnlyList<Tensor>? parameters = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        name ??= FreshName(layer.GetType().Name);
        if (!_names.Add(name))
            throw new ArgumentException($"The graph already has a node '{name}'; names are unique.");
        parameters ??= layer.Parameters.Map(Initialise);
        return new Node(name, layer, inputs, _store.Own(name, layer, parameters));
    }

    /// <summary>Adds a layer with the parameters of another node: weight tying. What is written to them changes both.</summary>
    /// <param name="layer">What to compute.</param>
    /// <param name="input">Where its input comes from.</param>
    /// <param name="like">A node of this builder, whose parameters have the shapes that the layer asks for.</param>
    /// <param name="name">Unique in the graph; null for the type's name and a number.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Node AddTied(Layer layer, Node input, Node like, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        return Add(layer, input, like.Parameters.Map(parameter => parameter.Tensor), name);
    }

    /// <summary>The finished graph, with every shape checked against the declared inputs.</summary>
    /// <param name="outputs">The nodes whose values are the result; at least one.</param>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public Graph Build(params IReadOnlyList<Node> outputs) => Build(_inputs, outputs);

    /// <summary>As <see cref="Build(IReadOnlyList{Node})"/>, with inputs in another order, or without some that turned out to be needless.</summary>
    /// <param name="inputs">Nodes of <see cref="Input"/>; all that the outputs read.</param>
    /// <param name="outputs">The nodes whose values are the result; at least one.</param>
    /// <exception cref="ArgumentException">An output reads an input that is left out, or there is no output.</exception>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public Graph Build(IReadOnlyList<Node> inputs, IReadOnlyList<Node> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        var graph = new Graph(inputs, outputs, [.. _store.Owned]);
        var given = inputs.ToHashSet();
        if (graph.Nodes.FirstOrDefault(node => node.Layer is Input && !given.Contains(node)) is { } missing)
            throw new ArgumentException($"The outputs read input '{missing.Name}', which is left out.", nameof(inputs));
        graph.InferShapes();
        return graph;
    }

    /// <summary>A name that no node has: the given one and the lowest free number.</summary>
    internal string FreshName(string stem)
    {
        for (int number = _lastNumbers.GetValueOrDefault(stem) + 1; ; number++)
        {
            string name = $"{stem}{number}";
            if (_names.Contains(name))
                continue;
            _lastNumbers[stem] = number;
            return name;
        }
    }

    private Tensor Initialise(ParameterSpec spec)
    {
        var tensor = new Tensor(spec.Shape);
        _initializer.Fill(tensor.Span, spec, _random);
        return tensor;
    }
}
