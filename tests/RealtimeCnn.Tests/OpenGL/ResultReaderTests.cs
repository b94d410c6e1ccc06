using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealtimeCnn.OpenGL;
using RealtimeCnn.OpenGL.Hosts;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.Tests.OpenGL;

[Collection(GlTests.Name)]
public class ResultReaderTests(GlFixture gl)
{
    private const string Counter = """
        #version 430 core
        layout(local_size_x = 1) in;
        layout(std430, binding = 0) buffer Values { int values[]; };
        void main() { ++values[gl_GlobalInvocationID.x]; }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Results_arrive_in_order_as_they_were_when_asked_for(bool persistent) => gl.RunFresh(new() { PersistentMapping = persistent }, device =>
    {
        using var program = MakeCounter(device);
        using var a = GpuBuffer.Create<int>(device, [100, 200, 300, 400], "a");
        using var b = GpuBuffer.Create<int>(device, [0, 0], "b");
        using var reader = new ResultReader(device, 3 * sizeof(int), inFlight: 2);
        ResultRange[] ranges = [new(a, 4, 8), new(b, 4, 4)];
        int next = 1;
        var actual = new int[3];
        for (int i = 1; i <= 9; i++)
        {
            Count(device, program, a, 4);
            Count(device, program, b, 2);
            while (!reader.TryRequest(ranges, i))
                Take();
        }

        while (reader.InFlight > 0)
            Take();
        Assert.Equal(10, next);
        Assert.False(reader.TryRead(actual.AsSpan(), out _));

        void Take()
        {
            if (!reader.TryRead(actual.AsSpan(), out long tag))
                return;
            Assert.Equal(next, tag);
            Assert.Equal([200 + next, 300 + next, next], actual);
            next++;
        }
    });

    [Fact]
    public void The_ring_is_bounded() => gl.Run(device =>
    {
        using var buffer = GpuBuffer.Create<int>(device, [1], "one");
        using var reader = new ResultReader(device, 4, inFlight: 2);
        ResultRange[] ranges = [new(buffer, 0, 4)];
        Assert.True(reader.TryRequest(ranges, 1));
        Assert.True(reader.HasRoom);
        Assert.True(reader.TryRequest(ranges, 2));
        Assert.False(reader.HasRoom);
        Assert.False(reader.TryRequest(ranges, 3));
    });

    [Fact]
    public void A_range_that_does_not_fit_is_refused() => gl.Run(device =>
    {
        using var buffer = new GpuBuffer(device, 16, "sixteen");
        using var reader = new ResultReader(device, 8);
        var exception = Assert.Throws<ArgumentException>(() => reader.TryRequest([new(buffer, 12, 8)], 0));
        Assert.Contains("'sixteen'", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => reader.TryRequest([new(buffer, 0, 8), new(buffer, 8, 4)], 0));
        Assert.Equal(0, reader.InFlight);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_steady_state_neither_blocks_nor_allocates(bool persistent) => gl.RunFresh(new() { PersistentMapping = persistent }, device =>
    {
        using var program = MakeCounter(device);
        using var buffer = GpuBuffer.Create<int>(device, [0, 0, 0, 0], "counters");
        using var reader = new ResultReader(device, 16);
        using var timer = new GpuTimer(device, "count");
        ResultRange[] ranges = [new(buffer, 0, 16)];
        var values = new int[4];
        long allocated = 0, blocking = 0, results = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100)
                (allocated, blocking) = (GC.GetAllocatedBytesForCurrentThread(), device.BlockingCalls);
            timer.Begin();
            Count(device, program, buffer, 4);
            timer.End();
            reader.TryRequest(ranges, i);
            if (reader.TryRead(values.AsSpan(), out _))
                results++;
            timer.TryRead(out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(0, device.BlockingCalls - blocking);
        Assert.True(results > 100, $"only {results} results arrived");
    });

    [Fact]
    public void A_timer_measures_each_stretch_once() => gl.Run(device =>
    {
        using var program = MakeCounter(device);
        using var buffer = new GpuBuffer(device, 4096 * 4, "counters");
        using var timer = new GpuTimer(device, "count", inFlight: 2);
        Assert.False(timer.TryRead(out TimeSpan _));
        for (int i = 0; i < 3; i++)
        {
            timer.Begin();
            Count(device, program, buffer, 4096);
            timer.End();
        }

        device.Finish();
        Assert.True(timer.TryRead(out var first));
        Assert.True(timer.TryRead(out var second));
        Assert.False(timer.TryRead(out _)); // The third found no place.
        Assert.InRange(first, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.InRange(second, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.Throws<InvalidOperationException>(timer.End);
        timer.Begin();
        Assert.Throws<InvalidOperationException>(timer.Begin);
    });

    [Fact]
    public void A_measurement_that_cannot_be_true_is_passed_over() => gl.Run(_ =>
    {
        using var host = EglHost.Create();
        FakeClock.Offset = 0;
        using var device = GlDevice.Attach(FakeClock.Address);
        Assert.True(device.Info.TimersWork);
        using var timer = new GpuTimer(device, "stretch");
        Measure(0);
        Assert.True(timer.TryRead(out TimeSpan _));
        Measure(3_600_000_000_000);
        Assert.False(timer.TryRead(out TimeSpan _));
        Measure(-1_000_000_000);
        Assert.False(timer.TryRead(out TimeSpan _));
        Measure(0);
        Assert.True(timer.TryRead(out TimeSpan _));

        void Measure(long wrongBy)
        {
            timer.Begin();
            FakeClock.Offset += wrongBy;
            timer.End();
        }
    });

    [Fact]
    public void Software_is_timed_by_the_clock_of_the_CPU() => gl.Run(device =>
    {
        if (device.Info.IsSoftware)
            Assert.False(device.Info.TimersWork);
    });

    /// <summary>Timestamps by the CPU's clock behind all work so far, which can be made wrong, of a device that calls itself no software.</summary>
    private static unsafe class FakeClock
    {
        private static readonly Dictionary<uint, ulong> Stamps = [];

        /// <summary>Nanoseconds by which it is wrong.</summary>
        public static long Offset { get; set; }

        public static nint Address(string name) => name switch
        {
            "glGetString" => (nint)(delegate* unmanaged<uint, byte*>)&Name,
            "glQueryCounter" => (nint)(delegate* unmanaged<uint, uint, void>)&Stamp,
            "glGetQueryObjectui64v" => (nint)(delegate* unmanaged<uint, uint, ulong*, void>)&Read,
            "glGetQueryObjectiv" => (nint)(delegate* unmanaged<uint, uint, int*, void>)&IsThere,
            _ => EglApi.TryLoad()!.Address(name),
        };

        // Literals lie still, and end in a zero.
        [UnmanagedCallersOnly]
        private static byte* Name(uint what) => what == GlEnum.GL_RENDERER
            ? (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("a device with a clock"u8))
            : ((delegate* unmanaged<uint, byte*>)EglApi.TryLoad()!.Address("glGetString"))(what);

        [UnmanagedCallersOnly]
        private static void Stamp(uint query, uint target)
        {
            ((delegate* unmanaged<void>)EglApi.TryLoad()!.Address("glFinish"))();
            Stamps[query] = (ulong)(Stopwatch.GetElapsedTime(0).TotalNanoseconds + Offset);
        }

        [UnmanagedCallersOnly]
        private static void Read(uint query, uint what, ulong* value) => *value = Stamps[query];

        [UnmanagedCallersOnly]
        private static void IsThere(uint query, uint what, int* value) => *value = 1;
    }

    private static ShaderProgram MakeCounter(GlDevice device) => ShaderProgram.Compute(device, new ShaderLibrary([], _ => Counter), "count.comp", []);

    private static void Count(GlDevice device, ShaderProgram program, GpuBuffer buffer, int count)
    {
        program.Use();
        buffer.BindStorage(0, 0, buffer.Bytes);
        program.Dispatch(new Extent3d(count, 1, 1));
        device.TensorBarrier();
    }
}
