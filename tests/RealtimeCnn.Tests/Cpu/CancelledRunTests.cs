using RealtimeCnn.Cpu;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Tests.Cpu;

/// <summary>A run that is cancelled while a layer is computed computes no other.</summary>
public sealed unsafe class CancelledRunTests
{
    private static CancellationTokenSource? _source;
    private static int _computed;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void It_ends_behind_the_layer(int threads)
    {
        _computed = 0;
        var builder = new GraphBuilder();
        Node node = builder.Input("x", new Shape(1));
        for (int i = 0; i < 5; i++)
            node = builder.Add(new Cancelling(), node);
        using var graph = builder.Build(node);
        using var input = new Tensor(new Shape(1), [3]);
        using var network = new CpuNetwork(graph, new NetworkOptions { Threads = threads, Sharing = SharingRule.Finest });
        using (_source = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => network.Run([input], _source.Token));
        Assert.Equal(2, _computed);
        _source = null;
        Assert.Equal(3, network.Run([input], CancellationToken.None)[0].Span[0]);
    }

    private sealed record Cancelling : Layer, ICustomLayer
    {
        public IReadOnlyList<CustomKernel> Kernels => [new(CpuKernel.For<Cancelling>((_, _) => CpuDispatch.Create(&Copy, 0, 1), LayoutRules.Plain))];

        public override Shape InferShape(ReadOnlySpan<Shape> inputs) => inputs[0];

        private static void Copy(CpuArguments* arguments, int from, int to)
        {
            arguments->Output[0] = arguments->Inputs[0][0];
            if (++_computed == 2)
                _source?.Cancel();
        }
    }
}
