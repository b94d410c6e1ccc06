using System.Buffers;
using System.Runtime.InteropServices;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>Where CPU kernels read parameters: one for the process.</summary>
internal sealed class CpuPackingDevice : IPackingDevice
{
    public static CpuPackingDevice Instance { get; } = new();

    public PackedCopy Allocate(PackedWeights weights) => new CpuPackedCopy(weights);
}

/// <summary>Packed parameters in native memory.</summary>
internal sealed unsafe class CpuPackedCopy(PackedWeights weights) : PackedCopy(weights)
{
    /// <summary>Elements of a piece, about: some microseconds.</summary>
    private const int ElementsOfPiece = 4096;

    private readonly Tensor _memory = Tensor.Unwritten(new Shape((int)(((weights.Elements * (long)weights.Element.Size()) + sizeof(float) - 1) / sizeof(float))));

    public override long Bytes => (long)_memory.Shape.Count * sizeof(float);

    /// <summary>Where it lies, as long as it lives.</summary>
    public float* Address => _memory.Pointer;

    protected override Span<float> Memory => _memory.Span;

    public override void Dispose() => _memory.Dispose();

    public override int Pieces => Weights.Element == ElementType.Float32 ? Math.Clamp(Weights.Elements / ElementsOfPiece, 1, Weights.Packing.Parts) : 1;

    public override void PackPiece(int piece)
    {
        if (Weights.Element == ElementType.Float32)
        {
            int parts = Weights.Packing.Parts;
            Weights.Pack(_memory.Span, (int)((long)parts * piece / Pieces), (int)((long)parts * (piece + 1) / Pieces));
            return;
        }

        float[] floats = ArrayPool<float>.Shared.Rent(Weights.Elements);
        var packed = floats.AsSpan(0, Weights.Elements);
        Weights.Pack(packed);
        Halves.Narrow(packed, MemoryMarshal.Cast<float, Half>(_memory.Span));
        ArrayPool<float>.Shared.Return(floats);
    }
}
