using System.Numerics;
using RealtimeCnn.Heads;
using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>
/// Finds a detector's things where the network's outputs lie, so that little comes back (<see cref="HeadKernels"/>). Running it walks a
/// list: no decisions, no allocations, no waiting.
/// </summary>
internal sealed class GpuHead : IDisposable
{
    private readonly GlDevice _device;
    private readonly HeadLayout _layout;
    private readonly int _most;
    private readonly GpuBuffer[] _scratch;
    private readonly GpuBufferView _rows;
    private readonly GpuBuffer _result;
    private readonly GpuBuffer _parameters;
    private readonly Call[] _calls;

    /// <param name="device">Where.</param>
    /// <param name="reader">What the outputs mean.</param>
    /// <param name="kernels">What to run; not refused.</param>
    /// <param name="outputs">Where the network's outputs lie, row-major; they stay their owner's.</param>
    public GpuHead(GlDevice device, DetectionReader reader, HeadKernels kernels, IReadOnlyList<GpuBufferView> outputs)
    {
        (_device, _layout, _most) = (device, reader.Layout, Math.Min(reader.Head.Boxes, reader.Head.Candidates));
        // Before any memory is taken: a shader may not compile.
        ShaderProgram[] programs = [.. kernels.Dispatches.Select(dispatch => device.Programs.Compute(dispatch.Shader, dispatch.Defines))];
        _scratch = [.. kernels.ScratchBytes.Select(bytes => new GpuBuffer(device, (bytes + 15) / 16 * 16, "head"))];
        _rows = new GpuBufferView(_scratch[HeadKernels.Rows], 0, _scratch[HeadKernels.Rows].Bytes);
        _result = new GpuBuffer(device, kernels.ResultBytes, "detections");
        int alignment = Math.Max(device.Limits.UniformAlignment, 16), length = 0;
        var calls = new List<Call>();
        foreach (var (dispatch, program) in kernels.Dispatches.Zip(programs))
        {
            calls.Add(new Call(program, length, dispatch.Params.Length, [.. dispatch.Reads.Select(read => read.Role == OperandRole.Input ? outputs[read.Index] : _rows)],
                Buffer(dispatch.Writes), dispatch.AlsoWrites is { } also ? Buffer(also) : null, dispatch.ByGroups ? program.GroupSize with { Y = 1, Z = 1 } : dispatch.Invocations));
            length += (dispatch.Params.Length + alignment - 1) / alignment * alignment;
        }

        byte[] bytes = new byte[length];
        for (int i = 0; i < calls.Count; i++)
            kernels.Dispatches[i].Params.CopyTo(bytes, calls[i].ParamsOffset);
        (_calls, _parameters) = ([.. calls], GpuBuffer.Create<byte>(device, bytes, "head parameters"));
    }

    /// <summary>What was found in the newest picture, drawn from where it lies; the caller's to free.</summary>
    public GpuDetections Drawn => new(_device, _result, _layout.Landmarks, _layout.Classes, _most);

    /// <summary>What comes back of a picture.</summary>
    public ResultRange Range => new(_result, 0, _result.Bytes);

    /// <summary>The build of what a head needs beside its network: its programs.</summary>
    public static IEnumerable<double> Units(GlDevice device, HeadKernels kernels)
    {
        for (int i = 0; i < kernels.Dispatches.Count; i++)
        {
            device.Programs.Compute(kernels.Dispatches[i].Shader, kernels.Dispatches[i].Defines);
            yield return (i + 1.0) / kernels.Dispatches.Count;
        }
    }

    /// <summary>Enqueues all that it takes to find the things of the newest outputs.</summary>
    public void Run()
    {
        ShaderProgram? current = null;
        foreach (var call in _calls)
        {
            _device.TensorBarrier();
            if (call.Program != current)
                (current = call.Program).Use();
            _parameters.BindUniform(0, call.ParamsOffset, call.ParamsBytes);
            call.Writes.BindStorage(0, 0, call.Writes.Bytes);
            for (int i = 0; i < call.Reads.Length; i++)
                call.Reads[i].Bind((uint)i + 1);
            call.AlsoWrites?.BindStorage((uint)call.Reads.Length + 1, 0, call.AlsoWrites.Bytes);
            current.Dispatch(call.Invocations);
        }

        _device.TensorBarrier();
    }

    /// <summary>What came back as things.</summary>
    /// <param name="values">The bytes of <see cref="Range"/>.</param>
    /// <param name="found">Gets them.</param>
    public void Read(ReadOnlySpan<float> values, Detections found)
    {
        int stride = HeadKernels.Stride(_layout), count = (int)values[0];
        Span<Vector2> points = stackalloc Vector2[_layout.Landmarks];
        found.Begin(_layout.Landmarks);
        for (int i = 0; i < count; i++)
        {
            var row = values.Slice(HeadKernels.Header + (i * stride), stride);
            for (int p = 0; p < points.Length; p++)
                points[p] = new Vector2(row[6 + (2 * p)], row[7 + (2 * p)]);
            found.Add(new Detection(row[0], row[1], row[2], row[3], (int)row[4], row[5]), points);
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        foreach (var buffer in _scratch)
            buffer.Dispose();
        _result.Dispose();
        _parameters.Dispose();
    }

    private GpuBuffer Buffer(Operand operand) => operand.Role == OperandRole.Scratch ? _scratch[operand.Index] : _result;

    private sealed record Call(ShaderProgram Program, int ParamsOffset, int ParamsBytes, GpuBufferView[] Reads, GpuBuffer Writes, GpuBuffer? AlsoWrites, Extent3d Invocations);
}
