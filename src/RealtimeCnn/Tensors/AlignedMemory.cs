using System.Runtime.InteropServices;

namespace RealtimeCnn;

/// <summary>Native memory for vectors: aligned to 64 bytes, filled with zeros.</summary>
internal static unsafe class AlignedMemory
{
    public const int Alignment = 64;

    /// <summary>Zeros; free them with <see cref="Free"/>.</summary>
    /// <param name="bytes">At least 1 is allocated.</param>
    /// <param name="what">What they are for, as an error says it.</param>
    /// <exception cref="InsufficientMemoryException">The system has no more memory; says how much was asked for, and for what.</exception>
    public static void* AllocateZeroed(nuint bytes, string what)
    {
        bytes = Math.Max(bytes, 1);
        try
        {
            void* memory = NativeMemory.AlignedAlloc(bytes, Alignment);
            NativeMemory.Clear(memory, bytes);
            return memory;
        }
        catch (OutOfMemoryException problem)
        {
            throw new InsufficientMemoryException($"The system did not give {bytes} bytes of memory for {what}.", problem);
        }
    }

    public static void Free(void* memory) => NativeMemory.AlignedFree(memory);
}
