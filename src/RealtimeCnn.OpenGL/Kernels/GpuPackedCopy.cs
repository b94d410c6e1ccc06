using System.Buffers;
using RealtimeCnn.Cpu;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>Packed parameters in GPU memory, shared by all networks of a device; used on the device's thread.</summary>
internal sealed class GpuPackedCopy : PackedCopy
{
    /// <summary>Most bytes that one piece uploads, which takes a fraction of a millisecond.</summary>
    private const int PieceBytes = 1 << 20;

    /// <summary>Bytes of a vec4, of which views are made.</summary>
    private const int Vector = GpuKernels.Block * sizeof(float);

    private readonly GpuBuffer _buffer;
    private float[]? _packed;

    public GpuPackedCopy(GlDevice device, PackedWeights weights)
        : base(weights)
    {
        _buffer = new GpuBuffer(device, BytesOf(weights), weights.ToString());
        View = new GpuBufferView(_buffer, 0, _buffer.Bytes, weights.Element);
    }

    public override long Bytes => _buffer.Bytes;

    /// <summary>Bytes that packed parameters take in GPU memory: whole vec4s, one at least.</summary>
    public static long BytesOf(PackedWeights weights) => Math.Max((((long)weights.Elements * weights.Element.Size()) + Vector - 1) / Vector * Vector, Vector);

    /// <summary>The copy as shaders read it, as long as it lives.</summary>
    public GpuBufferView View { get; }

    protected override Span<float> Memory => throw new NotSupportedException($"{Weights} lies in GPU memory, where no processor edits it; edit the parameter.");

    public override int Pieces => 1 + (int)((Bytes + PieceBytes - 1) / PieceBytes);

    public override void Dispose()
    {
        View.Dispose();
        _buffer.Dispose();
        Return();
    }

    /// <summary>The first piece packs into the processor's memory, each of the others uploads a part of that.</summary>
    public override void PackPiece(int piece)
    {
        if (piece == 0 || _packed == null)
        {
            _packed ??= ArrayPool<float>.Shared.Rent(Weights.Elements);
            var values = _packed.AsSpan(0, Weights.Elements);
            Weights.Pack(values);
        }

        if (piece == 0)
            return;
        int size = Weights.Element.Size(), from = (piece - 1) * (PieceBytes / size), to = Math.Min(from + (PieceBytes / size), Weights.Elements);
        if (from < to)
            Upload(_packed.AsSpan(from..to), (long)from * size);
        if (piece + 1 == Pieces)
            Return();
    }

    private void Upload(ReadOnlySpan<float> packed, long offset)
    {
        if (Weights.Element == ElementType.Float32)
        {
            _buffer.Upload(packed, offset);
            return;
        }

        var halves = ArrayPool<Half>.Shared.Rent(packed.Length);
        Halves.Narrow(packed, halves);
        _buffer.Upload<Half>(halves.AsSpan(0, packed.Length), offset);
        ArrayPool<Half>.Shared.Return(halves);
    }

    private void Return()
    {
        if (_packed != null)
            ArrayPool<float>.Shared.Return(_packed);
        _packed = null;
    }
}
