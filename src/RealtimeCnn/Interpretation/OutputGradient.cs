using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Training;

namespace RealtimeCnn.Interpretation;

/// <summary>The gradient of a weighted sum of a node's elements by the graph's input, with every layer as at inference.</summary>
internal sealed class OutputGradient : IDisposable
{
    // Far below anything that a network gives: the slope of |x − t| is 1 there.
    private const float FarBelow = -1e30f;

    private readonly Graph _graph;
    private readonly TrainingNetwork _network;
    private readonly Tensor _weights, _target;

    /// <param name="graph">A graph of one input; it must live longer.</param>
    /// <param name="output">A node of it.</param>
    /// <param name="threads">That work on it.</param>
    /// <exception cref="NotSupportedException">A layer on the way has no gradient; comes out of <see cref="Run"/>.</exception>
    public OutputGradient(Graph graph, Node output, int threads)
    {
        var shape = graph.InferShapes()[output];
        var weights = new Node(graph.FreeName("weights"), new Input(shape), [], []);
        var product = new Node(graph.FreeName("weighted"), new Multiply(), [output, weights], []);
        _graph = new Graph([.. graph.Inputs, weights], [product], []);
        (_weights, _target) = (new Tensor(shape), new Tensor(shape));
        _target.Span.Fill(FarBelow);
        _network = new TrainingNetwork(_graph, new MeanAbsoluteError(), new TrainingOptions
        {
            Threads = threads, PlansKept = 1, Frozen = [.. _graph.Nodes.Select(node => node.Name)], InputGradients = [graph.Inputs[0].Name],
        });
    }

    /// <summary>One element of the node has weight 1 from now on, the others 0.</summary>
    public void Choose(int element)
    {
        _weights.Span.Clear();
        // The loss is the mean over the elements.
        _weights.Span[element] = _weights.Shape.Count;
        Chosen = element;
    }

    /// <summary>The element that was chosen.</summary>
    public int Chosen { get; private set; }

    /// <summary>The value of the chosen element in the last run.</summary>
    public float Value => _network.Outputs[0].Span[Chosen] / _weights.Shape.Count;

    /// <summary>The gradient for an input; the caller's.</summary>
    public Tensor Run(Tensor input, CancellationToken cancellation)
    {
        _network.Backpropagate([input, _weights], _target, cancellation);
        return _network.InputGradient(_graph.Inputs[0].Name);
    }

    public void Dispose()
    {
        _network.Dispose();
        _weights.Dispose();
        _target.Dispose();
    }
}
