using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.SelfTests.Oracles;

namespace RealtimeCnn.SelfTests;

/// <summary>A case made ready: a graph of its one layer, inputs, and what the oracle expects.</summary>
internal sealed class LayerRun : IDisposable
{
    private readonly LayerCase _case;
    private readonly Lazy<DoubleTensor> _expected;

    public LayerRun(LayerCase layerCase)
    {
        _case = layerCase;
        Inputs = layerCase.MakeInputs();
        var parameters = layerCase.MakeParameters();
        var builder = new GraphBuilder();
        var inputs = layerCase.Inputs.Select((shape, i) => builder.Input($"x{i}", shape)).ToArray();
        // A window of one pixel changes nothing, and works on blocks.
        if (layerCase.BlockedInputs)
            inputs = [.. inputs.Select(input => builder.Add(new MaxPool2d(1), input))];
        var layer = builder.Add(layerCase.Layer, inputs, parameters, LayerName);
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

    /// <summary>Name of the node of the layer.</summary>
    public const string LayerName = "layer";

    public Tensor[] Inputs { get; }

    public Graph Graph { get; }

    public DoubleTensor Expected => _expected.Value;

    /// <summary>The kernels that compute the layer of the case, the best first, and whether a plan takes them.</summary>
    /// <param name="device">Where to run; null for the CPU.</param>
    public IReadOnlyList<(string Name, bool IsChosen)> Kernels(GlDevice? device)
    {
        var table = device?.Kernels ?? CpuKernels.Table;
        return [.. KernelsOf(table).Select(kernel => (kernel.ToString(), Runs(kernel, table)))];
    }

    /// <summary>The kernels of a table that compute the layer of the case, the best first.</summary>
    public IEnumerable<Kernel> KernelsOf(KernelTable table) => table.Of(_case.Layer).Where(kernel => Runs(kernel, table.Forcing(kernel.ToString())));

    /// <summary>Whether the graph has a plan with this table in which the kernel takes part.</summary>
    public bool Runs(Kernel kernel, KernelTable table)
    {
        try
        {
            var plan = Plan.Build(Graph, [], new PlanOptions(table) { Mode = _case.Mode });
            return plan.Prologue.Concat(plan.Steps).Any(step => step.Kernel == kernel);
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var input in Inputs)
            input.Dispose();
        Graph.Dispose();
    }
}
