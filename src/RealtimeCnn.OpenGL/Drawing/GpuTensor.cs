using RealtimeCnn.OpenGL.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL.Drawing;

/// <summary>
/// A network's value where it lies on the GPU, channel-blocked by four, for drawing. Valid as long as the plan that it
/// belongs to; owns only its channels' ranges.
/// </summary>
public sealed unsafe class GpuTensor : IDisposable
{
    private readonly GlDevice _device;
    private GpuBuffer? _ranges;
    private GpuBufferView? _rangesView;
    private ShaderProgram? _rangeProgram;

    internal GpuTensor(GlDevice device, GpuBufferView view, Shape shape) => (_device, View, Shape) = (device, view, shape);

    /// <summary>Shape, <c>[1, C, H, W]</c>.</summary>
    public Shape Shape { get; }

    /// <summary>
    /// OpenGL name of the buffer that it lies in, from <see cref="ByteOffset"/> on, for shaders of a host: a vec4 of float32 for each four
    /// channels of a place, <c>[C/4][H][W]</c>, those behind the last channel 0. Read it behind a <c>glMemoryBarrier</c> of your kind of access, before
    /// the network runs again, and write nothing.
    /// </summary>
    public uint Buffer => View.Buffer.Id;

    /// <summary>Where in <see cref="Buffer"/> it begins, in bytes; a multiple of what the device asks of storage buffers.</summary>
    public long ByteOffset => View.Offset;

    /// <summary>How long it is, in bytes: 16 for each place of each four channels.</summary>
    public long ByteLength => View.Bytes;

    internal GpuBufferView View { get; }

    /// <summary>Frees the ranges; the value itself belongs to its network.</summary>
    public void Dispose()
    {
        _rangesView?.Dispose();
        _ranges?.Dispose();
    }

    /// <summary>Measures the least and greatest value of each channel now, on the GPU: two vec4 a block of four channels.</summary>
    /// <param name="ofAll">Whether the blocks, of one place each, are measured as one: two vec4, each lane of every fourth channel.</param>
    internal GpuBufferView MeasureRanges(bool ofAll = false)
    {
        int blocks = BlockedLayout.Blocks(Shape.Channels, GpuKernels.Block);
        if (_rangeProgram is null)
        {
            int lanes = Lanes.ForGroup(Shape.Area == 1 ? blocks : Shape.Area, _device.Limits);
            if (lanes == 0)
                throw new NotSupportedException($"The range of a channel of {Shape.Height}×{Shape.Width} values is a longer loop than a shader may walk; give the range to draw with, or draw a smaller tensor.");
            _rangeProgram = _device.Programs.Compute("overlay/channel_range.comp", $"LANES {lanes}");
            _ranges = new GpuBuffer(_device, blocks * 32L, "channel ranges");
            _rangesView = new GpuBufferView(_ranges, 0, _ranges.Bytes);
        }

        _rangeProgram.Use();
        _device.Gl.Uniform1i(0, ofAll ? blocks : Shape.Area);
        View.Bind(1);
        _ranges!.BindStorage(0, 0, _ranges.Bytes);
        _rangeProgram.Dispatch(new Extent3d((ofAll ? 1 : blocks) * _rangeProgram.GroupSize.X, 1, 1));
        _device.TensorBarrier();
        return _rangesView!;
    }
}
