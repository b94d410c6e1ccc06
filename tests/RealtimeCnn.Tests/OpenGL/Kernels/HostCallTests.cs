using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;

namespace RealtimeCnn.Tests.OpenGL.Kernels;

/// <summary>What a run asks of the driver, counted between the library and it.</summary>
[Collection(GlTests.Name)]
public sealed unsafe class HostCallTests(GlFixture gl)
{
    private static readonly EglApi Egl = EglApi.TryLoad()!;
    private static int _queries, _finishes, _programs, _ranges, _dispatches, _barriers;

    [Fact]
    public void A_run_asks_nothing_allocates_nothing_and_waits_only_for_what_it_needs() => gl.Run(_ =>
    {
        using var host = EglHost.Create();
        using var device = GlDevice.Attach(Counted, new GlDeviceOptions { ReadPath = ReadPath.Texels });
        var builder = new GraphBuilder(1);
        var x = builder.Start(new Shape(1, 4, 8, 8));
        using var graph = builder.Build(x.PointwiseConv2d(8).Concat([x.PointwiseConv2d(12)]).MaxPool2d(2).PointwiseConv2d(4));
        using var network = new GpuNetwork(device, graph, new NetworkOptions { Optimize = false });
        using var plan = network.TakeResident(blockedInputs: true, plainOutputs: false, isTimed: false, graph.InputShapes[0]);
        plan.Run();

        (_queries, _finishes, _programs, _ranges, _dispatches, _barriers) = (0, 0, 0, 0, 0, 0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        plan.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal((0, 0), (_queries, _finishes));
        // Two convolutions of one input, a pooling of what they wrote, a convolution of that; the last barrier is for who reads the output.
        Assert.Equal(4, plan.DispatchCount);
        Assert.Equal((4, 8, 3), (_dispatches, _ranges, _barriers));
        Assert.InRange(_programs, 1, 4);
    });

    private static nint Counted(string name) => name switch
    {
        "glGetError" => (nint)(delegate* unmanaged<uint>)&GetError,
        "glGetString" => (nint)(delegate* unmanaged<uint, byte*>)&GetString,
        "glGetIntegerv" => (nint)(delegate* unmanaged<uint, int*, void>)&GetIntegerv,
        "glGetInteger64v" => (nint)(delegate* unmanaged<uint, long*, void>)&GetInteger64v,
        "glGetProgramiv" => (nint)(delegate* unmanaged<uint, uint, int*, void>)&GetProgramiv,
        "glGetGraphicsResetStatus" => (nint)(delegate* unmanaged<uint>)&GetGraphicsResetStatus,
        "glFinish" => (nint)(delegate* unmanaged<void>)&Finish,
        "glUseProgram" => (nint)(delegate* unmanaged<uint, void>)&UseProgram,
        "glBindBufferRange" => (nint)(delegate* unmanaged<uint, uint, uint, nint, nint, void>)&BindBufferRange,
        "glDispatchCompute" => (nint)(delegate* unmanaged<uint, uint, uint, void>)&DispatchCompute,
        "glMemoryBarrier" => (nint)(delegate* unmanaged<uint, void>)&MemoryBarrier,
        _ => Egl.Address(name),
    };

    [UnmanagedCallersOnly]
    private static uint GetError()
    {
        _queries++;
        return ((delegate* unmanaged<uint>)Egl.Address("glGetError"))();
    }

    [UnmanagedCallersOnly]
    private static byte* GetString(uint name)
    {
        _queries++;
        return ((delegate* unmanaged<uint, byte*>)Egl.Address("glGetString"))(name);
    }

    [UnmanagedCallersOnly]
    private static void GetIntegerv(uint name, int* value)
    {
        _queries++;
        ((delegate* unmanaged<uint, int*, void>)Egl.Address("glGetIntegerv"))(name, value);
    }

    [UnmanagedCallersOnly]
    private static void GetInteger64v(uint name, long* value)
    {
        _queries++;
        ((delegate* unmanaged<uint, long*, void>)Egl.Address("glGetInteger64v"))(name, value);
    }

    [UnmanagedCallersOnly]
    private static void GetProgramiv(uint program, uint name, int* value)
    {
        _queries++;
        ((delegate* unmanaged<uint, uint, int*, void>)Egl.Address("glGetProgramiv"))(program, name, value);
    }

    [UnmanagedCallersOnly]
    private static uint GetGraphicsResetStatus()
    {
        _queries++;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void Finish()
    {
        _finishes++;
        ((delegate* unmanaged<void>)Egl.Address("glFinish"))();
    }

    [UnmanagedCallersOnly]
    private static void UseProgram(uint program)
    {
        _programs++;
        Use(program);
    }

    [UnmanagedCallersOnly]
    private static void BindBufferRange(uint target, uint unit, uint buffer, nint offset, nint bytes)
    {
        _ranges++;
        BindRange(target, unit, buffer, offset, bytes);
    }

    [UnmanagedCallersOnly]
    private static void DispatchCompute(uint x, uint y, uint z)
    {
        _dispatches++;
        Dispatch(x, y, z);
    }

    [UnmanagedCallersOnly]
    private static void MemoryBarrier(uint bits)
    {
        _barriers++;
        Barrier(bits);
    }

    // Those that a run calls are looked up before it, so that counting allocates nothing.
    private static readonly delegate* unmanaged<uint, void> Use = (delegate* unmanaged<uint, void>)Egl.Address("glUseProgram");
    private static readonly delegate* unmanaged<uint, uint, uint, nint, nint, void> BindRange = (delegate* unmanaged<uint, uint, uint, nint, nint, void>)Egl.Address("glBindBufferRange");
    private static readonly delegate* unmanaged<uint, uint, uint, void> Dispatch = (delegate* unmanaged<uint, uint, uint, void>)Egl.Address("glDispatchCompute");
    private static readonly delegate* unmanaged<uint, void> Barrier = (delegate* unmanaged<uint, void>)Egl.Address("glMemoryBarrier");
}
