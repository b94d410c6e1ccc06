using System.Runtime.InteropServices;

namespace RealtimeCnn;

/// <summary>
/// The one place that takes native memory: for tensors, the values and tables of CPU plans, packed parameters and frames. Blocks are
/// aligned for vectors.
/// </summary>
internal static unsafe class AlignedMemory
{
    /// <summary>What every address is a multiple of, in bytes: one 512-bit vector.</summary>
    public const int Alignment = 64;

    /// <summary>
    /// Where blocks come from. A process that looks for stray accesses puts guarded memory here before it allocates anything; no
    /// file, variable or option of the product can.
    /// </summary>
    public static MemorySource Source { get; set; } = new SystemMemory();

    /// <summary>A block that holds anything; free it with <see cref="Free"/>.</summary>
    /// <param name="bytes">At least 1 is allocated.</param>
    /// <param name="what">What it is for, as an error says it.</param>
    /// <exception cref="InsufficientMemoryException">The system has no more memory; says how much was asked for, and for what.</exception>
    public static void* Allocate(nuint bytes, string what)
    {
        try
        {
            return Source.Allocate(Math.Max(bytes, 1));
        }
        catch (OutOfMemoryException problem)
        {
            throw new InsufficientMemoryException($"The system did not give {bytes} bytes of memory for {what}.", problem);
        }
    }

    /// <summary>A block of zeros.</summary>
    /// <inheritdoc cref="Allocate"/>
    public static void* AllocateZeroed(nuint bytes, string what)
    {
        void* memory = Allocate(bytes, what);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <param name="memory">What was allocated; never twice.</param>
    public static void Free(void* memory) => Source.Free(memory);
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
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
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
