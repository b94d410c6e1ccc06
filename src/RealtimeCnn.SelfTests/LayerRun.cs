using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests;

/// <summary>A case made ready: a graph of its one layer, inputs, and what the oracle expects.</summary>
internal sealed class LayerRun : IDisposable
{
    private readonly Lazy<DoubleTensor> _expected;

    public LayerRun(LayerCase layerCase)
    {
        Inputs = layerCase.MakeInputs();
        var parameters = layerCase.MakeParameters();
        var builder = new GraphBuilder();
        var inputs = layerCase.Inputs.Select((shape, i) => builder.Input($"x{i}", shape)).ToArray();
        // A window of one pixel changes nothing, and works on blocks.
        if (layerCase.BlockedInputs)
            inputs = [.. inputs.Select(input => builder.Add(new MaxPool2d(1), input))];
        var layer = builder.Add(layerCase.Layer, inputs, parameters, "layer");
        Graph = builder.Build(layerCase.Output == 0 ? layer : builder.Add(new NodeOutput(layerCase.Output), layer));
        _expected = new Lazy<DoubleTensor>(() =>
        {
            if (layerCase.Oracle == null)
            {
                using var cpu = new CpuNetwork(Graph, new NetworkOptions { Mode = layerCase.Mode });
                return DoubleTensor.Of(cpu.Run(Inputs)[0]);
            }

            var exact = layerCase.Oracle([.. Inputs.Select(DoubleTensor.Of)], [.. parameters.Select(DoubleTensor.Of)]);
            return layerCase.Tolerance == 0 ? DoubleTensor.Map(exact, value => (float)value) : exact;
        });
    }

    public Tensor[] Inputs { get; }

    public Graph Graph { get; }

    public DoubleTensor Expected => _expected.Value;

    public void Dispose()
    {
        foreach (var input in Inputs)
            input.Dispose();
        Graph.Dispose();
    }
}
