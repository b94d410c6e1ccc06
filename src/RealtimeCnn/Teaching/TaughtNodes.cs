using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Teaching;

/// <summary>Nodes behind an embedding: the head, and what tells pictures that are like none of the examples (<see cref="Familiarity.Novelty"/>).</summary>
/// <param name="store">Gets their parameters.</param>
internal sealed class TaughtNodes(ParameterStore store)
{
    private const string Familiar = "familiar";

    /// <summary>Of all nodes so far.</summary>
    public List<Parameter> Parameters { get; } = [];

    /// <summary>A linear layer of given numbers.</summary>
    public Node Linear(string name, Node input, float[] weights, float[] biases)
    {
        int rows = biases.Length, features = weights.Length / rows;
        return Add(name, new Linear(features, rows), [input], new Tensor(new Shape(rows, features), weights), new Tensor(new Shape(rows), biases));
    }

    /// <summary>The scores, and one more that says that the picture is none of them: its odds against all the others together are the novelty's power.</summary>
    public Node WithUnfamiliar(Node scores, Node features, Familiarity familiarity)
    {
        Node Of(string name, Layer layer, params Node[] inputs) => Add($"{Familiar}.{name}", layer, inputs);
        Node Constant(string name, Shape shape, params float[] values) => Add($"{Familiar}.{name}", new Constant(shape), [], new Tensor(shape, values));
        Node Number(string name, float value) => Constant(name, new Shape(1, 1), value);
        var away = Of("away", new Subtract(), features, Constant("middle", new Shape(1, familiarity.Middle.Length), familiarity.Middle));
        int directions = familiarity.Directions.Length / familiarity.Middle.Length;
        var along = Linear($"{Familiar}.directions", away, familiarity.Directions, new float[directions]);
        var all = Of("all", new Subtract(), Of("length", new Reduce(ReduceFunction.SumSquare, 1), away), Of("variation", new Reduce(ReduceFunction.SumSquare, 1), along));
        var nearer = Of("nearer", new Reduce(ReduceFunction.Max, 1), Linear($"{Familiar}.means", away, familiarity.Means.Weight, familiarity.Means.Bias));
        var least = Number("least", Familiarity.LeastDistance);
        var distance = Of("distance", new Max(), Of("difference", new Subtract(), all, nearer), least);
        var ratio = Of("ratio", new Divide(), distance, Of("whole", new Max(), all, least));
        var novelty = Of("novelty", new Multiply(), Of("parts", new Multiply(), distance, Of("square", new Square(), ratio)), Number("reach", 1 / familiarity.Reach));
        var odds = Of("odds", new Multiply(), Of("logarithm", new Log(), Of("some", new Max(), novelty, least)), Number("sharpness", Familiarity.Sharpness));
        return Of("scores", new Concat(), scores, Of("unfamiliar", new Add(), Of("together", new Reduce(ReduceFunction.LogSumExp, 1), scores), odds));
    }

    private Node Add(string name, Layer layer, IReadOnlyList<Node> inputs, params Tensor[] values)
    {
        var parameters = values.Length == 0 ? [] : store.Own(name, layer, values);
        Parameters.AddRange(parameters);
        return new Node(name, layer, inputs, parameters);
    }
}
