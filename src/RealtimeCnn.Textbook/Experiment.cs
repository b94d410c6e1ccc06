using System.Globalization;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Textbook.Drawing;
using RealtimeCnn.Training;
using RealtimeCnn.Training.Data;

namespace RealtimeCnn.Textbook;

/// <summary>
/// One run of a claim: the path it computes on, the photograph, what it measures and what it draws. Owns every tensor, graph
/// and network that the claim makes through it.
/// </summary>
internal sealed class Experiment(Func<Graph, RunMode, INetwork> bind, Tensor photograph, int seed, Page page) : IDisposable
{
    private const int EvaluationBatch = 64;
    private readonly List<IDisposable> _owned = [];
    private readonly List<Finding> _findings = [];
    private readonly SortedSet<string> _backends = new(StringComparer.Ordinal);

    /// <summary>The photograph, <c>[1, 3, H, W]</c> in [0, 1].</summary>
    public Tensor Photograph { get; } = photograph;

    /// <summary>The source of everything that a claim leaves to chance.</summary>
    public Random Random { get; } = new(seed);

    public Page Page { get; } = page;

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Keeps something until the experiment is over.</summary>
    public T Own<T>(T thing)
        where T : IDisposable
    {
        _owned.Add(thing);
        return thing;
    }

    /// <summary>A tensor with the given elements.</summary>
    public Tensor Tensor(Shape shape, params ReadOnlySpan<float> elements) => Own(new Tensor(shape, elements));

    /// <summary>A picture <c>[1, channels, height, width]</c> of a function.</summary>
    public Tensor Picture(int channels, int height, int width, Func<int, int, int, float> value)
    {
        var tensor = Own(new Tensor(new Shape(1, channels, height, width)));
        for (int i = 0; i < tensor.Shape.Count; i++)
            tensor.Span[i] = value(i / (height * width), i / width % height, i % width);
        return tensor;
    }

    /// <summary>Numbers drawn uniformly from [−1, 1].</summary>
    public Tensor Noise(Shape shape) => Picture(shape, () => (Random.NextSingle() * 2) - 1);

    /// <summary>A tensor filled one element after another.</summary>
    public Tensor Picture(Shape shape, Func<float> next)
    {
        var tensor = Own(new Tensor(shape));
        foreach (ref float value in tensor.Span)
            value = next();
        return tensor;
    }

    /// <summary>A matrix of a function of row and column.</summary>
    public Tensor Picture(Shape shape, Func<int, int, double> value)
    {
        var tensor = Own(new Tensor(shape));
        int columns = shape.Count / shape[0];
        for (int i = 0; i < shape.Count; i++)
            tensor.Span[i] = (float)value(i / columns, i % columns);
        return tensor;
    }

    /// <summary>The photograph's luminance, <c>[1, 1, H, W]</c> (ITU-R BT.601).</summary>
    public Tensor Gray() => Picture(1, Photograph.Shape.Height, Photograph.Shape.Width, (_, row, column) =>
        (0.299f * Photograph[0, 0, row, column]) + (0.587f * Photograph[0, 1, row, column]) + (0.114f * Photograph[0, 2, row, column]));

    /// <summary>A network of layers in a chain behind one input; parameters that are null are drawn at random.</summary>
    public Graph Chain(Shape input, params (Layer Layer, Tensor[]? Parameters)[] layers)
    {
        var builder = new GraphBuilder(Random.Next());
        var node = builder.Input("x", input);
        foreach (var (layer, parameters) in layers)
            node = builder.Add(layer, node, parameters?.Select(parameter => parameter.Clone()).ToArray());
        return Own(builder.Build(node));
    }

    /// <summary>The layers of a chain up to a node, with its parameters: what <see cref="Chain"/> takes.</summary>
    public IEnumerable<(Layer Layer, Tensor[]? Parameters)> LayersUpTo(Graph graph, string name) => graph.Nodes.Skip(1).TakeWhile(node => node.Name != name).Append(graph[name])
        .Select(node => (node.Layer, (Tensor[]?)[.. node.Parameters.Select(parameter => Tensor(parameter.Shape, parameter.Values))]));

    /// <summary>Where its networks run, each once.</summary>
    public IReadOnlyCollection<string> Backends => _backends;

    /// <summary>A network bound to the path.</summary>
    public INetwork Bind(Graph graph, RunMode mode = default) => Own(Make(graph, mode));

    /// <summary>What a graph of one output computes.</summary>
    public Tensor Run(Graph graph, params ReadOnlySpan<Tensor> inputs) => RunAll(graph, inputs)[0];

    /// <summary>What a graph computes.</summary>
    public Tensor[] RunAll(Graph graph, params ReadOnlySpan<Tensor> inputs)
    {
        using var network = Make(graph, RunMode.Inference);
        return RunAll(network, inputs);
    }

    /// <summary>What a bound network computes.</summary>
    public Tensor[] RunAll(INetwork network, params ReadOnlySpan<Tensor> inputs) => [.. network.Run(inputs).Select(output => Own(output.Clone()))];

    /// <summary>What one layer computes.</summary>
    public Tensor Run(Layer layer, Tensor input, params Tensor[] parameters) => Run(Chain(input.Shape, (layer, parameters)), input);

    /// <summary>What a bound network of one output computes.</summary>
    public Tensor Run(INetwork network, params ReadOnlySpan<Tensor> inputs) => RunAll(network, inputs)[0];

    /// <summary>A graph with weights of chance, written as the tables of the papers are.</summary>
    public Graph Model(Shape input, Func<SymbolicTensor, SymbolicTensor> layers, Initializer? initializer = null)
    {
        var builder = new GraphBuilder(Random.Next(), initializer);
        return Own(builder.Build(layers(builder.Start(input))));
    }

    /// <summary>A graph to be trained step by step. Training runs on the CPU, and the networks of claims are too small to share threads.</summary>
    public TrainingNetwork Trainable(Graph graph, Loss? loss = null, params IReadOnlyCollection<string> inputGradients) =>
        Own(new TrainingNetwork(graph, loss ?? new SoftmaxCrossEntropy(), new TrainingOptions { Threads = 1, Seed = Random.Next(), InputGradients = inputGradients }));

    /// <summary>Trains a graph by a recipe.</summary>
    public TrainingResult Train(Graph graph, IDataSet data, TrainerOptions recipe, IDataSet? heldOut = null) =>
        new Trainer(graph, data, recipe with { Threads = 1, Seed = Random.Next() }, heldOut).Run();

    /// <summary>Share of labelled pictures that a graph names right on the path, pixels becoming numbers from −1 to 1 unless other statistics are given.</summary>
    public double Accuracy(Graph graph, IDataSet data, InputStatistics? statistics = null)
    {
        using var network = Make(graph, RunMode.Inference);
        return Evaluation.Of(network, data, new EvaluationOptions { Statistics = statistics ?? InputStatistics.Range(data.SampleShape[0]), BatchSize = EvaluationBatch }).Accuracy;
    }

    /// <summary>Notes a whole number that must be as stated.</summary>
    public void Equal(string what, long measured, long expected) =>
        Note(what, Group(measured), measured == expected ? "as stated" : $"should be {Group(expected)}", measured == expected);

    /// <summary>Notes a text, such as a shape, that must be as stated.</summary>
    public void Equal(string what, string measured, string expected) =>
        Note(what, measured, measured == expected ? "as stated" : $"should be {expected}", measured == expected);

    /// <summary>Notes a number with an upper bound. NaN does not keep it.</summary>
    public void AtMost(string what, double measured, double bound) => Note(what, Number(measured), $"at most {Number(bound)}", measured <= bound);

    /// <summary>Notes a number with a lower bound. NaN does not keep it.</summary>
    public void AtLeast(string what, double measured, double bound) => Note(what, Number(measured), $"at least {Number(bound)}", measured >= bound);

    /// <summary>Notes a number that must lie near another.</summary>
    public void Near(string what, double measured, double expected, double within) =>
        Note(what, Number(measured), $"{Number(expected)} ± {Number(within)}", Math.Abs(measured - expected) <= within);

    /// <summary>Notes a number that depends on the machine, and is not judged.</summary>
    public void Observe(string what, string measured) => Note(what, measured, "measured, not judged", true);

    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }

    /// <summary>A number for people: three digits, small ones with a power of ten.</summary>
    internal static string Number(double value) => value == 0 ? "0"
        : Math.Abs(value) is >= 1e-3 and < 1e4 ? value.ToString("0.###", CultureInfo.InvariantCulture)
        : Math.Abs(value) >= 1e4 && double.IsFinite(value) ? Group((long)Math.Round(value))
        : value.ToString("0.#e-0", CultureInfo.InvariantCulture);

    /// <summary>A whole number in groups of three digits.</summary>
    internal static string Group(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private INetwork Make(Graph graph, RunMode mode)
    {
        var network = bind(graph, mode);
        _backends.Add(network.Backend);
        return network;
    }

    private void Note(string what, string measured, string expected, bool holds) => _findings.Add(new Finding(what, measured, expected, holds));
}
