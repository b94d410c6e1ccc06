using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;

namespace RealtimeCnn.Tests.Contract;

/// <summary>Every kind of network, and graphs for it.</summary>
internal static class NetworkCases
{
    public static readonly string[] Backends = ["cpu", "gpu", "mixed"];

    public static readonly Shape Picture = new(1, 3, 12, 10);

    public static INetwork Make(string backend, GlDevice device, Graph graph, NetworkOptions? options = null) => backend switch
    {
        "cpu" => new CpuNetwork(graph, options),
        "gpu" => new GpuNetwork(device, graph, options),
        _ => new MixedNetwork(device, graph, options),
    };

    /// <summary>Two convolutions with a value that skips one of them; for a mixed network the way between them is the CPU's. An input and a constant are outputs too.</summary>
    public static Graph Net(string backend)
    {
        var builder = new GraphBuilder(seed: 3);
        var x = builder.Input("image", Picture);
        var first = builder.Add(new Conv2d(3, 7, 3) { Padding = 1 }, x, name: "first");
        Node between = builder.Add(new MaxPool2d(3) { Stride = 1, Padding = 1 }, first, name: "between");
        if (backend == "mixed")
            between = builder.Add(new Einsum("nchw->nchw"), between, name: "turned");
        var second = builder.Add(new PointwiseConv2d(7, 7), between, name: "second");
        var sum = builder.Add(new Sigmoid(), builder.Add(new Subtract(), [second, first], name: "difference"), name: "sum");
        var constant = builder.Add(new Constant(new Shape(3)), [], [new Tensor(new Shape(3), [1, 2, 3])], "constant");
        return builder.Build(sum, builder.Add(new GlobalAveragePool(), sum, name: "mean"), x, constant);
    }
}
