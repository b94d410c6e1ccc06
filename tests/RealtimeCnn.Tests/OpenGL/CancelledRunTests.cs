using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A run that is cancelled while the GPU works asks it for no more.</summary>
[Collection(GlTests.Name)]
public sealed unsafe class CancelledRunTests(GlFixture gl)
{
    private const int Layers = 100, CancelledAt = 40;
    private static delegate* unmanaged<uint, uint, uint, void> _dispatch;
    private static CancellationTokenSource? _source;
    private static int _dispatches;

    [Fact]
    public void Its_dispatches_end_within_a_batch_and_the_next_run_is_whole() => gl.Run(_ =>
    {
        var load = EglApi.TryLoad()!;
        using var host = EglHost.Create();
        _dispatch = (delegate* unmanaged<uint, uint, uint, void>)load.Address("glDispatchCompute");
        using var device = GlDevice.Attach(name => name == "glDispatchCompute" ? (nint)(delegate* unmanaged<uint, uint, uint, void>)&Dispatch : load.Address(name));
        var builder = new GraphBuilder();
        Node node = builder.Input("x", new Shape(1, 4, 3, 3));
        for (int i = 0; i < Layers; i++)
            node = builder.Add(new Neg(), node);
        using var graph = builder.Build(node);
        using var input = Noise.Of(new Shape(1, 4, 3, 3));
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Optimize = false });
        network.Run(input);

        using (_source = new CancellationTokenSource())
        {
            _dispatches = 0;
            Assert.Throws<OperationCanceledException>(() => network.Run([input], _source.Token));
            Assert.InRange(_dispatches, CancelledAt, CancelledAt + 16);
        }

        using (_source = new CancellationTokenSource())
        {
            _dispatches = CancelledAt + 1;
            Assert.Equal(input.Span.ToArray(), network.Run([input], _source.Token)[0].Span.ToArray());
        }
    });

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static void Dispatch(uint x, uint y, uint z)
    {
        if (++_dispatches == CancelledAt)
            _source?.Cancel();
        _dispatch(x, y, z);
    }
}
