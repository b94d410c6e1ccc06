using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Graphs;

/// <summary>What can be known to have nothing below zero, from the layers that compute it.</summary>
public sealed class NonnegativeTests
{
    public static TheoryData<Func<SymbolicTensor, SymbolicTensor>, bool> Values => new()
    {
        { x => x.Relu(), true },
        { x => x.Relu6().MaxPool2d(2), true },
        { x => x.Then(new Sigmoid()).Concat([x.HardSigmoid()]).AveragePool2d(2), true },
        { x => x.Conv2d(3, 1), false },
        { x => x, false },
        { x => x.MaxPool2d(2), false },
        { x => x.Then(new Clip(-1, 1)), false },
        { x => x.Then(new LeakyRelu()), false },
        { x => x.Relu().Concat([x.Tanh()]), false },
        { x => x.Relu().Add(x.Relu()), false }, // Nobody has needed it.
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Nothing_is_taken_for_nonnegative_that_is_not(Func<SymbolicTensor, SymbolicTensor> layers, bool expected)
    {
        var builder = new GraphBuilder(1);
        using var graph = builder.Build(layers(builder.Start(new Shape(1, 3, 4, 4))));
        Assert.Equal(expected, Nonnegative.Is(graph.Outputs[0]));
        if (!expected)
            return;
        using var input = Noise.Of(graph.InputShapes[0]);
        using var network = new RealtimeCnn.Cpu.CpuNetwork(graph);
        Assert.All(network.Run(input)[0].Span.ToArray(), value => Assert.InRange(value, 0, float.MaxValue));
    }
}
