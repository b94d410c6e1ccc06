using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealtimeCnn.Images;
using RealtimeCnn.Kernels;

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

    /// <summary>Memory of the kernel's own while it runs, as much as <see cref="KernelWork.Scratch"/> asked for.</summary>
    public float** Scratch;

    /// <summary>The output tensor that the dispatch writes; the first, unless it says otherwise.</summary>
    public float* Output;

    /// <summary>All output tensors.</summary>
    public float** Outputs;

    /// <summary>What changes from run to run.</summary>
    public CpuRun* Run;
}

/// <summary>What changes from run to run of a plan, beside its inputs.</summary>
internal struct CpuRun
{
    /// <summary>Number of the training step; 0 where nothing is trained.</summary>
    public uint Step;

    /// <summary>The frame that is the input, of plans made for frames.</summary>
    public FrameRows Frame;
}

/// <summary>
/// Everything the executor needs to run one CPU kernel: plain data. The work is cut into <see cref="Items"/> independent
/// items; participants claim ranges of them, and each output element is computed by one item in one order, so that results do
/// not depend on the number of threads.
/// </summary>
internal sealed unsafe class CpuDispatch : KernelWork
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

    /// <summary>Parameters in the order the kernel reads them.</summary>
    public PackedWeights[] Weights { get; }

    /// <summary>Where the kernel is code from outside: what keeps it, and knows what it threw; else null.</summary>
    public CustomCpuKernel.Handle? Custom { get; private init; }

    public static CpuDispatch Create<TConstants>(
        delegate*<CpuArguments*, int, int, void> kernel, TConstants constants, int items, params PackedWeights[] weights)
        where TConstants : unmanaged
    {
        byte[] bytes = new byte[sizeof(TConstants)];
        Unsafe.WriteUnaligned(ref bytes[0], constants);
        return new CpuDispatch(kernel, bytes, items, weights);
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

    /// <summary>Which output of the step <see cref="CpuArguments.Output"/> is.</summary>
    public int OutputIndex { get; private init; }

    /// <summary>What is run when all items of this dispatch are done, in the same step; null for nothing.</summary>
    public CpuDispatch? Next { get; private init; }

    public override int DispatchCount => 1 + (Next?.DispatchCount ?? 0);

    /// <summary>The same work with memory of its own while it runs, which what follows shares.</summary>
    /// <param name="floats">Floats of each piece.</param>
    public CpuDispatch WithScratch(params long[] floats) => new(Kernel, Constants, Items, Weights) { Scratch = floats, OutputIndex = OutputIndex, Next = Next };

    /// <summary>The same work, written to another output.</summary>
    public CpuDispatch To(int output) => new(Kernel, Constants, Items, Weights) { Scratch = Scratch, OutputIndex = output, Next = Next };

    /// <summary>This work, and when all of it is done, more.</summary>
    public CpuDispatch Then(CpuDispatch next) => new(Kernel, Constants, Items, Weights) { Scratch = Scratch, OutputIndex = OutputIndex, Next = Next?.Then(next) ?? next };

    /// <summary>The same work as code from outside does it.</summary>
    public CpuDispatch WithCustom(CustomCpuKernel.Handle custom, long[] scratch) => new(Kernel, Constants, Items, Weights) { Custom = custom, Scratch = scratch };

    /// <summary>The table behind the constants of a dispatch made by <see cref="CreateWithTable"/>.</summary>
    public static int* Table<TConstants>(CpuArguments* arguments)
        where TConstants : unmanaged => (int*)((TConstants*)arguments->Constants + 1);
}
