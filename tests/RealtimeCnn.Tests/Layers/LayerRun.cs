using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

/// <summary>A case made ready: a graph of its one layer, inputs, and what the oracle expects.</summary>
public sealed class LayerRun : IDisposable
{
    public LayerRun(LayerCase layerCase)
    {
        Inputs = layerCase.MakeInputs();
        var parameters = layerCase.MakeParameters();
        var builder = new GraphBuilder();
        var inputs = layerCase.Inputs.Select((shape, i) => builder.Input($"x{i}", shape)).ToArray();
        // A window of one pixel changes nothing, and works on blocks.
        if (layerCase.BlockedInputs)
            inputs = [.. inputs.Select(input => builder.Add(new MaxPool2d(1), input))];
        Graph = builder.Build(builder.Add(layerCase.Layer, inputs, parameters, "layer"));
        Expected = layerCase.Oracle([.. Inputs.Select(DoubleTensor.Of)], [.. parameters.Select(DoubleTensor.Of)]);
        if (layerCase.Tolerance == 0)
            Expected = DoubleTensor.Map(Expected, value => (float)value);
    }

    public Tensor[] Inputs { get; }

    public Graph Graph { get; }

    public DoubleTensor Expected { get; }

    public void Dispose()
    {
        foreach (var input in Inputs)
            input.Dispose();
        Graph.Dispose();
    }
}
