using System.Runtime.InteropServices;

namespace RealtimeCnn;

/// <summary>
/// The one place that takes native memory: for tensors, the values and arguments of CPU plans, packed parameters and frames.
/// Blocks are aligned to 64 bytes and hold anything at first.
/// </summary>
internal static class AlignedMemory
{
    /// <summary>What every address is a multiple of, in bytes: one 512-bit vector.</summary>
    public const int Alignment = 64;

    /// <summary>
    /// Where blocks come from. A process that looks for stray accesses puts guarded memory here before it allocates anything; no
    /// file, variable or option of the product can.
    /// </summary>
    public static MemorySource Source { get; set; } = new SystemMemory();

    /// <param name="bytes">Size; 0 gives a block of its own as well.</param>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public static unsafe void* Allocate(nuint bytes) => Source.Allocate(Math.Max(bytes, 1));

    /// <param name="block">What <see cref="Allocate"/> gave; never twice.</param>
    public static unsafe void Free(void* block) => Source.Free(block);
}

/// <summary>Gives out native memory.</summary>
internal abstract unsafe class MemorySource
{
    /// <summary>
    /// Whether an access beyond a block is noticed. Then a plan takes a block for each value instead of one arena in which a
    /// stray access would hit a neighbour.
    /// </summary>
    public virtual bool IsGuarded => false;

    /// <param name="bytes">Size, at least 1.</param>
    /// <returns>A block aligned to <see cref="AlignedMemory.Alignment"/> bytes.</returns>
    public abstract void* Allocate(nuint bytes);

    /// <param name="block">What <see cref="Allocate"/> gave.</param>
    public abstract void Free(void* block);
}

/// <summary>Memory as the C library gives it.</summary>
internal sealed unsafe class SystemMemory : MemorySource
{
    public override void* Allocate(nuint bytes) => NativeMemory.AlignedAlloc(bytes, AlignedMemory.Alignment);

    public override void Free(void* block) => NativeMemory.AlignedFree(block);
}
