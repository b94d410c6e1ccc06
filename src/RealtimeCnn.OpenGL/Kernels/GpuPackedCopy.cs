using System.Buffers;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Packed parameters in GPU memory, shared by all networks of a device; used on the device's thread.</summary>
internal sealed class GpuPackedCopy : PackedCopy
{
    private readonly GpuBuffer _buffer;

    public GpuPackedCopy(GlDevice device, PackedWeights weights)
        : base(weights)
    {
        _buffer = new GpuBuffer(device, Math.Max(BlockedLayout.Blocks(weights.Elements, GpuKernels.Block) * (long)GpuKernels.Block, GpuKernels.Block) * sizeof(float), weights.ToString());
        View = new GpuBufferView(_buffer, 0, _buffer.Bytes);
    }

    public override long Bytes => _buffer.Bytes;

    /// <summary>The copy as shaders read it, as long as it lives.</summary>
    public GpuBufferView View { get; }

    protected override Span<float> Memory => throw new NotSupportedException($"{Weights} lies in GPU memory, where no processor edits it; edit the parameter.");

    public override void Dispose()
    {
        View.Dispose();
        _buffer.Dispose();
    }

    protected override void Pack()
    {
        float[] packed = ArrayPool<float>.Shared.Rent(Weights.Elements);
        try
        {
            var values = packed.AsSpan(0, Weights.Elements);
            values.Clear();
            Weights.Pack(values);
            _buffer.Upload(values);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(packed);
        }
    }
}
