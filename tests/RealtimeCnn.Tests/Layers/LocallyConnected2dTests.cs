using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.Layers;

public class LocallyConnected2dTests
{
    [Fact]
    public void With_equal_kernels_it_is_a_convolution()
    {
        var local = new LocallyConnected2d(5, 18, 3, new Size2d(6, 7)) { Padding = 1, Stride = 2 };
        var shared = new Conv2d(5, 18, 3) { Padding = 1, Stride = 2 };
        var input = new Shape(2, 5, 6, 7);
        var random = new Random(4);
        using var x = Noise.Of(input, random);
        Tensor weight = Noise.Of(shared.Parameters[0].Shape, random), bias = Noise.Of(shared.Parameters[1].Shape, random);
        Tensor weights = new(local.Parameters[0].Shape), biases = new(local.Parameters[1].Shape);
        for (int i = 0; i < weights.Shape.Count; i++)
            weights.Span[i] = weight.Span[i % weight.Shape.Count];
        for (int i = 0; i < biases.Shape.Count; i++)
            biases.Span[i] = bias.Span[i / local.OutputSize.Height / local.OutputSize.Width];

        var builder = new GraphBuilder();
        var node = builder.Input("x", input);
        using var graph = builder.Build(builder.Add(local, node, [weights, biases]), builder.Add(shared, node, [weight, bias]));
        using var network = new CpuNetwork(graph);
        var outputs = network.Run(x);
        Closeness.Assert(DoubleTensor.Of(outputs[1]), outputs[0], 1e-6, "locally connected with equal kernels");
    }
}
