using System.Runtime.InteropServices;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.Tests.Contract;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>What one slice of a build may ask of the driver, counted where it is asked.</summary>
[Collection(GlTests.Name)]
public sealed unsafe class BuildSliceTests(GlFixture gl)
{
    private static delegate* unmanaged<uint, void> _link;
    private static delegate* unmanaged<uint, uint, uint, void> _dispatch;
    private static int _links;
    private static int _dispatches;

    [Fact]
    public void A_slice_is_one_compilation_or_one_first_run_and_the_first_picture_finds_all_of_them_done() => gl.Run(_ =>
    {
        var load = EglApi.TryLoad()!;
        using var host = EglHost.Create();
        _link = (delegate* unmanaged<uint, void>)load.Address("glLinkProgram");
        _dispatch = (delegate* unmanaged<uint, uint, uint, void>)load.Address("glDispatchCompute");
        using var device = GlDevice.Attach(name => name switch
        {
            "glLinkProgram" => (nint)(delegate* unmanaged<uint, void>)&Link,
            "glDispatchCompute" => (nint)(delegate* unmanaged<uint, uint, uint, void>)&Dispatch,
            _ => load.Address(name),
        });
        using var graph = NetworkCases.Net("gpu");
        using var network = new GpuNetwork(device, graph);
        using var input = Noise.Of(NetworkCases.Picture);

        (_links, _dispatches) = (0, 0);
        int linked = 0, ran = 0;
        using (var build = network.Prepare())
        {
            for (bool isDone = false; !isDone; (_links, _dispatches) = (0, 0))
            {
                isDone = build.Advance(TimeSpan.Zero);
                Assert.True(_links + _dispatches <= 1, $"One slice compiled {_links} programs and ran {_dispatches} at {build.Progress:P0}.");
                (linked, ran) = (linked + _links, ran + _dispatches);
            }
        }

        Assert.Equal(device.Programs.Count, linked);
        // The last slice computes the graph's one constant.
        Assert.Equal(linked + 1, ran);
        network.Run(input);
        Assert.Equal((0, network.DispatchCount), (_links, _dispatches));
    });

    [UnmanagedCallersOnly]
    private static void Link(uint program)
    {
        _links++;
        _link(program);
    }

    [UnmanagedCallersOnly]
    private static void Dispatch(uint x, uint y, uint z)
    {
        _dispatches++;
        _dispatch(x, y, z);
    }
}
