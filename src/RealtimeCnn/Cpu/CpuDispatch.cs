using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Addresses that a CPU kernel works on. All are aligned to 64 bytes.</summary>
internal unsafe struct CpuArguments
{
    /// <summary>The constants that the plan wrote.</summary>
    public void* Constants;

    /// <summary>Input tensors.</summary>
    public float** Inputs;

    /// <summary>Packed parameters.</summary>
    public float** Weights;

    /// <summary>Output tensor.</summary>
    public float* Output;

    /// <summary>Memory of the kernel's own during a run, as much as its dispatch asks for; what it holds at first is undefined.</summary>
    public float* Scratch;
}

/// <summary>
/// Everything the executor needs to run one CPU kernel: plain data. The work is cut into <see cref="Items"/> independent
/// items; participants claim ranges of them, and each output element is computed by one item in one order, so that results do
/// not depend on the number of threads.
/// </summary>
internal sealed unsafe class CpuDispatch
{
    private CpuDispatch(delegate*<CpuArguments*, int, int, void> kernel, byte[] constants, int items, PackedWeights[] weights)
    {
        Kernel = kernel;
        Constants = constants;
        Items = items;
        Weights = weights;
    }

    /// <summary>Computes items <c>[from, to)</c>.</summary>
    public delegate*<CpuArguments*, int, int, void> Kernel { get; }

    /// <summary>The kernel's constants, as the bytes of its own struct.</summary>
    public byte[] Constants { get; }

    /// <summary>Independent pieces of work.</summary>
    public int Items { get; }

    /// <summary>Floats of <see cref="CpuArguments.Scratch"/>, shared by all items; steps of a plan use the same memory one after the other.</summary>
    public long ScratchElements { get; init; }

    /// <summary>Parameters in the order the kernel reads them.</summary>
    public PackedWeights[] Weights { get; }

    public static CpuDispatch Create<TConstants>(
        delegate*<CpuArguments*, int, int, void> kernel, TConstants constants, int items, params PackedWeights[] weights)
        where TConstants : unmanaged
    {
        byte[] bytes = new byte[sizeof(TConstants)];
        Unsafe.WriteUnaligned(ref bytes[0], constants);
        return new CpuDispatch(kernel, bytes, items, weights);
    }

    /// <summary>A dispatch whose kernel has <paramref name="scratch"/> floats of its own.</summary>
    public static CpuDispatch CreateWithScratch<TConstants>(
        delegate*<CpuArguments*, int, int, void> kernel, TConstants constants, int items, long scratch)
        where TConstants : unmanaged
    {
        byte[] bytes = new byte[sizeof(TConstants)];
        Unsafe.WriteUnaligned(ref bytes[0], constants);
        return new CpuDispatch(kernel, bytes, items, []) { ScratchElements = scratch };
    }

    /// <summary>A dispatch whose constants are followed by a table, which the kernel finds with <see cref="Table"/>.</summary>
    public static CpuDispatch CreateWithTable<TConstants>(
        delegate*<CpuArguments*, int, int, void> kernel, TConstants constants, ReadOnlySpan<int> table, int items, params PackedWeights[] weights)
        where TConstants : unmanaged
    {
        byte[] bytes = new byte[sizeof(TConstants) + (table.Length * sizeof(int))];
        Unsafe.WriteUnaligned(ref bytes[0], constants);
        MemoryMarshal.AsBytes(table).CopyTo(bytes.AsSpan(sizeof(TConstants)));
        return new CpuDispatch(kernel, bytes, items, weights);
    }

    /// <summary>The table behind the constants of a dispatch made by <see cref="CreateWithTable"/>.</summary>
    public static int* Table<TConstants>(CpuArguments* arguments)
        where TConstants : unmanaged => (int*)((TConstants*)arguments->Constants + 1);
}
