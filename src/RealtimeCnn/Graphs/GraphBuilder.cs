using RealtimeCnn.Layers;

namespace RealtimeCnn.Graphs;

/// <summary>
/// Builds a graph node by node. Parameters that are not given are initialised from the seed: weights uniform in
/// <c>±sqrt(6 / fan-in)</c>, everything else as its <see cref="ParameterSpec"/> says.
/// </summary>
/// <param name="seed">Seed of the initial values; equal seeds give equal networks.</param>
/// <remarks>Source of the initialiser: He et al. 2015, "Delving Deep into Rectifiers", arXiv:1502.01852.</remarks>
public sealed class GraphBuilder(int seed = 0)
{
    private readonly List<Node> _inputs = [];
    private readonly List<Tensor> _owned = [];
    private readonly HashSet<string> _names = [];
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
        parameters ??= [.. layer.Parameters.Select(Initialise)];
        _owned.AddRange(parameters.Where(parameter => !_owned.Contains(parameter)));
        return new Node(name, layer, inputs, parameters);
    }

    /// <summary>The finished graph, with every shape checked against the declared inputs.</summary>
    /// <param name="outputs">The nodes whose values are the result; at least one.</param>
    /// <exception cref="ShapeException">Shapes that do not fit; all independent problems are listed.</exception>
    public Graph Build(params IReadOnlyList<Node> outputs)
    {
        var graph = new Graph(_inputs, outputs, _owned);
        graph.InferShapes();
        return graph;
    }

    private string FreshName(string type)
    {
        for (int number = 1; ; number++)
        {
            string name = $"{type}{number}";
            if (!_names.Contains(name))
                return name;
        }
    }

    private Tensor Initialise(ParameterSpec spec)
    {
        var tensor = new Tensor(spec.Shape);
        if (spec.FanIn == 0)
        {
            tensor.Span.Fill(spec.Initial);
            return tensor;
        }

        float bound = MathF.Sqrt(6f / spec.FanIn);
        foreach (ref float value in tensor.Span)
            value = ((_random.NextSingle() * 2) - 1) * bound;
        return tensor;
    }
}
