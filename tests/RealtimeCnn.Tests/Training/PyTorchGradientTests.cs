using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests;
using RealtimeCnn.Tests.Oracles;
using RealtimeCnn.Training;

namespace RealtimeCnn.Tests.Training;

/// <summary>Gradients against numbers recorded from PyTorch: catches a misreading that oracles share, and what is agreed at kinks. Recipe and numbers: tests/fixtures/pytorch_layers.py and .json.</summary>
public sealed class PyTorchGradientTests
{
    /// <summary>Recorded numbers have nine digits; a gradient is a sum of a few products of rounded numbers.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Names => [.. LayerCases.Recorded
        .Where(one => Enumerable.Range(0, PyTorchFixture.All[one.Name].Inputs.Length).Any(one.Layer.HasSlopes) && PyTorchFixture.All[one.Name].Gradients.Any(gradient => gradient != null))
        .Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_is_what_PyTorch_computes(string name)
    {
        var one = LayerCases.Recorded.Single(other => other.Name == name);
        var fixture = PyTorchFixture.All[name];
        var builder = new GraphBuilder();
        var node = builder.Add(one.Layer, [.. fixture.Inputs.Select((shape, i) => builder.Input($"x{i}", shape))], fixture.MakeParameters(), "layer");
        using var graph = builder.Build(one.Output == 0 ? node : builder.Add(new NodeOutput(one.Output), node));
        using var training = new TrainingNetwork(graph, new WeightedSum(), new TrainingOptions
        {
            Frozen = one.Mode.IsTraining ? [] : [.. graph.Nodes.Where(other => other.Layer is BatchNorm2d or Dropout).Select(other => other.Name)],
            InputGradients = [.. Enumerable.Range(0, fixture.Inputs.Length).Select(i => $"x{i}")],
        });
        using var weights = fixture.MakeWeights();
        var inputs = fixture.MakeInputs();
        training.Backpropagate(inputs, weights);
        for (int i = 0; i < fixture.Gradients.Length; i++)
        {
            string tensor = i < inputs.Length ? $"x{i}" : $"layer.{one.Layer.Parameters[i - inputs.Length].Name}";
            if (fixture.Gradients[i] == null || (i >= inputs.Length && training.Parameters.All(parameter => parameter.Name != tensor)))
                continue;
            using var gradient = i < inputs.Length ? training.InputGradient(tensor) : training.Gradient(tensor);
            Closeness.Assert(fixture.Gradients[i]!, gradient, Tolerance, $"{name}, {tensor}");
        }

        foreach (var input in inputs)
            input.Dispose();
    }
}
