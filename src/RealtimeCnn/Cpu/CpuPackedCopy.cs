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
    private readonly Tensor _memory = new(new Shape(weights.Elements));

    public override long Bytes => (long)Weights.Elements * sizeof(float);

    /// <summary>Where it lies, as long as it lives.</summary>
    public float* Address => _memory.Pointer;

    protected override Span<float> Memory => _memory.Span;

    public override void Dispose() => _memory.Dispose();

    protected override int Pieces => 1;

    protected override void PackPiece(int piece) => Weights.Pack(_memory.Span);
}
