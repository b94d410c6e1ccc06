using System.Runtime.InteropServices;
using RealtimeCnn.Cpu;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.SelfTests.Oracles;
using RealtimeCnn.Tests.Contract;
using RealtimeCnn.Tests.Oracles;

namespace RealtimeCnn.Tests.OpenGL;

/// <summary>A driver that compiles in the background, played by one that does not: it says for a while that programs are not done.</summary>
[Collection(GlTests.Name)]
public sealed unsafe class ParallelCompileTests(GlFixture gl)
{
    private const uint CompletionStatus = 0x91B1;
    private static readonly byte* Extension = (byte*)Marshal.StringToCoTaskMemUTF8("GL_KHR_parallel_shader_compile");
    private static delegate* unmanaged<uint, uint, byte*> _getString;
    private static delegate* unmanaged<uint, uint, int*, void> _getProgram;
    private static delegate* unmanaged<uint, void> _link;
    private static bool _isDone;
    private static int _linked;
    private static int _asked;

    [Fact]
    public void All_programs_are_begun_before_one_is_waited_for_and_no_slice_waits() => gl.Run(_ =>
    {
        var load = EglApi.TryLoad()!;
        using var host = EglHost.Create();
        _getString = (delegate* unmanaged<uint, uint, byte*>)load.Address("glGetStringi");
        _getProgram = (delegate* unmanaged<uint, uint, int*, void>)load.Address("glGetProgramiv");
        _link = (delegate* unmanaged<uint, void>)load.Address("glLinkProgram");
        using var device = GlDevice.Attach(name => name switch
        {
            "glGetStringi" => (nint)(delegate* unmanaged<uint, uint, byte*>)&GetString,
            "glGetProgramiv" => (nint)(delegate* unmanaged<uint, uint, int*, void>)&GetProgram,
            "glLinkProgram" => (nint)(delegate* unmanaged<uint, void>)&Link,
            _ => load.Address(name),
        });
        Assert.True(device.CompilesInParallel);
        using var graph = NetworkCases.Net("gpu");
        using var network = new GpuNetwork(device, graph);
        using var input = Noise.Of(NetworkCases.Picture);
        (_isDone, _linked, _asked) = (false, 0, 0);

        using var build = network.Prepare();
        Assert.False(build.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(1, _asked);
        int begun = _linked;
        Assert.False(build.Advance(TimeSpan.FromHours(1)));
        Assert.Equal((begun, 2), (_linked, _asked));
        _isDone = true;
        Assert.True(build.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(begun, _linked);
        Assert.True(begun > 3, $"Only {begun} programs were begun.");

        using var reference = new CpuNetwork(graph);
        Closeness.Assert(DoubleTensor.Of(reference.Run(input)[0]), network.Run(input)[0], 1e-5, "output");

        // What was begun and is not needed any more goes with the device.
        _isDone = false;
        Assert.True(device.Programs.TryBegin("layers/softmax.comp", ["LANES 1"]));
        Assert.False(device.Programs.TryBegin("layers/softmax.comp", ["LANES 1"]));
    });

    [UnmanagedCallersOnly]
    private static byte* GetString(uint name, uint index) => index == 0 ? Extension : _getString(name, index);

    [UnmanagedCallersOnly]
    private static void Link(uint program)
    {
        _linked++;
        _link(program);
    }

    [UnmanagedCallersOnly]
    private static void GetProgram(uint program, uint what, int* value)
    {
        if (what == CompletionStatus)
        {
            _asked++;
            *value = _isDone ? 1 : 0;
        }
        else
        {
            _getProgram(program, what, value);
        }
    }
}
