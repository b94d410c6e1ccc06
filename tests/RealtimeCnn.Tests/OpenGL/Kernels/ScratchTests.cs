using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

[Collection(GlTests.Name)]
public sealed class ScratchTests(GlFixture gl)
{
    [Fact]
    public void Dispatches_of_a_step_pass_values_on_through_memory_of_their_own() => gl.Run(device =>
    {
        var builder = new GraphBuilder();
        // The sum reads the input once more: nothing may have been written over it.
        var input = builder.Input("x", new Shape(37));
        using var graph = builder.Build(builder.Add(new Add(), [builder.Add(new NegatedSquare(), input), input]));
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Optimize = false });
        using var x = new Tensor(new Shape(37), [.. Enumerable.Range(0, 37).Select(i => i - 18f)]);
        var y = network.Run(x)[0];
        Assert.Equal([.. Enumerable.Range(0, 37).Select(i => -((i - 18f) * (i - 18f)) + (i - 18f))], y.Span.ToArray());
        Assert.Equal(3, network.DispatchCount);
    });

    /// <summary><c>−(x²)</c> in two dispatches: the first one's result is nobody else's.</summary>
    private sealed record NegatedSquare : Layer, ICustomLayer
    {
        public IReadOnlyList<CustomKernel> Kernels =>
        [
            new(GpuKernel.For<NegatedSquare>(
                (_, call) =>
                [
                    UnaryKernel.Plan(new Square(), call)[0] with { Writes = Operand.Scratch(0) },
                    UnaryKernel.Plan(new Neg(), call)[0] with { Reads = [Operand.Scratch(0)] },
                ],
                LayoutRules.Plain, scratch: (_, call) => [call.Output.Elements(4)])),
        ];

        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];
    }
}
