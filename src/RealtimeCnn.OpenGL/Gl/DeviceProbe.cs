using System.Diagnostics;
using RealtimeCnn.OpenGL.Shaders;
using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL;

/// <summary>
/// A short run on a new device that finds out what no query tells: which way of reading tensors is fastest (all of
/// them must be right), and whether GPU timestamps around a dispatch measure it.
/// </summary>
internal static unsafe class DeviceProbe
{
    private const int Count = 8192;
    private const int Reads = 16;
    private const int Repetitions = 3;

    // A path other than plain buffers must be clearly faster, so that noise does not choose it.
    private const double ClearlyFaster = 0.85;

    /// <summary>Runs the probe, of one way of reading only when that is asked for.</summary>
    /// <exception cref="GlException">The driver computes something wrong, or has no such way of reading.</exception>
    public static GlDeviceInfo Run(GlDevice device, ReadPath? requested)
    {
        var gl = device.Gl;
        string renderer = gl.String(GL_RENDERER);
        var info = new GlDeviceInfo(
            gl.String(GL_VENDOR), renderer, gl.String(GL_VERSION), gl.Version, DeviceProfile.IsSoftwareName(renderer), device.HasBufferStorage, TimersWork: false, ReadPath.Buffer);

        // Software computes inside the calls, but stamps when it draws what is pending: alone its timestamps agree, behind a
        // picture they fall after work that they should precede.
        bool timersWork = !info.IsSoftware && gl.QueryCounter != null;
        ReadPath[] candidates = requested is { } one ? [one] : gl.TexBufferRange != null ? Enum.GetValues<ReadPath>() : [ReadPath.Buffer];
        if (gl.TexBufferRange == null && candidates is not [ReadPath.Buffer])
            throw new GlException($"OpenGL {gl.Version} has no buffer textures here: shaders read tensors by {ReadPath.Buffer} only; {candidates[0]} was asked for.");
        var best = default(Measurement);
        foreach (var measured in Measure(device, candidates, info))
        {
            timersWork &= measured.TimersAgree;
            if (best.Seconds == 0 || measured.Seconds < best.Seconds * ClearlyFaster)
                best = measured;
        }

        return info with { ReadPath = best.Path, TimersWork = timersWork };
    }

    // All ways in turns, so that what else the machine does chooses none of them.
    private static Measurement[] Measure(GlDevice device, ReadPath[] paths, GlDeviceInfo info)
    {
        var values = new float[Count * 4];
        for (int i = 0; i < values.Length; i++)
            values[i] = i % 251;
        using var input = GpuBuffer.Create<float>(device, values, "probe input");
        using var output = new GpuBuffer(device, Count * 16, "probe output");
        var programs = new ShaderProgram[paths.Length];
        var results = new Measurement[paths.Length];
        uint* queries = stackalloc uint[2];
        bool hasTimers = device.Gl.QueryCounter != null;
        if (hasTimers)
            device.Gl.GenQueries(2, queries);
        try
        {
            for (int repetition = 0; repetition <= Repetitions; repetition++)
            {
                for (int i = 0; i < paths.Length; i++)
                {
                    using var view = new GpuBufferView(input, 0, input.Bytes, paths[i]);
                    if (repetition == 0)
                    {
                        programs[i] = ShaderProgram.Compute(device, ShaderLibrary.Embedded, "probe/read_path.comp", [$"COUNT {Count}", $"READS {Reads}", ProgramCache.ReadDefine(paths[i])]);
                        results[i] = new Measurement(paths[i], double.PositiveInfinity, TimersAgree: true);
                    }

                    programs[i].Use();
                    view.Bind(1);
                    output.BindStorage(0, 0, output.Bytes);
                    var (seconds, gpuSeconds) = Time(device.Gl, programs[i], queries);
                    // The first run compiles.
                    if (repetition == 0)
                        Verify(output, values, paths[i], info);
                    else
                        results[i] = results[i].With(seconds, gpuSeconds);
                }
            }
        }
        finally
        {
            if (hasTimers)
                device.Gl.DeleteQueries(2, queries);
            foreach (var program in programs)
                program?.Dispose();
        }

        return results;
    }

    // The work is repeated so that it dominates the cost of waiting, which the CPU's clock sees and the GPU's does not.
    private static (double Seconds, double GpuSeconds) Time(GlApi gl, ShaderProgram program, uint* queries)
    {
        const int Dispatches = 8;
        var groups = program.Groups(new Extent3d(Count, 1, 1));
        gl.Finish();
        long start = Stopwatch.GetTimestamp();
        if (gl.QueryCounter != null)
            gl.QueryCounter(queries[0], GL_TIMESTAMP);
        for (int i = 0; i < Dispatches; i++)
        {
            gl.DispatchCompute((uint)groups.X, 1, 1);
            gl.MemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
        }

        if (gl.QueryCounter != null)
            gl.QueryCounter(queries[1], GL_TIMESTAMP);
        gl.Finish();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (gl.QueryCounter == null)
            return (seconds, 0);
        ulong begin, end;
        gl.GetQueryObjectui64v(queries[0], GL_QUERY_RESULT, &begin);
        gl.GetQueryObjectui64v(queries[1], GL_QUERY_RESULT, &end);
        return (seconds, end > begin ? (end - begin) * 1e-9 : 0);
    }

    private static void Verify(GpuBuffer output, float[] values, ReadPath path, GlDeviceInfo info)
    {
        var actual = new float[Count * 4];
        output.Read(actual.AsSpan());
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i] != Expected(values, i))
            {
                throw new GlException(
                    $"The OpenGL driver computes wrong results: reading by {path} gave {actual[i]} instead of {Expected(values, i)} at {i} " +
                    $"on '{info.Renderer}', driver '{info.Driver}'. Update the driver, or use the CPU network.");
            }
        }
    }

    private static float Expected(float[] values, int scalar)
    {
        float sum = 0;
        for (int k = 0; k < Reads; k++)
            sum += values[((((scalar / 4) * 17) + (k * 31)) & (Count - 1)) * 4 + (scalar % 4)];
        return sum;
    }

    private readonly record struct Measurement(ReadPath Path, double Seconds, bool TimersAgree)
    {
        // The GPU's stretch lies inside the CPU's. Timestamps that measure something else may agree once, not each time.
        public Measurement With(double seconds, double gpuSeconds) =>
            new(Path, Math.Min(seconds, Seconds), TimersAgree && gpuSeconds > 0.3 * seconds && gpuSeconds < 1.05 * seconds);
    }
}
