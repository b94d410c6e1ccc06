using RealtimeCnn.Cpu;

namespace RealtimeCnn.Kernels;

/// <summary>Computes items <c>[from, to)</c> of one call of a custom layer. Threads call it at the same time for different items.</summary>
/// <param name="memory">The call's tensors.</param>
/// <param name="from">First item.</param>
/// <param name="to">One behind the last item.</param>
public delegate void CpuCompute(in CpuMemory memory, int from, int to);

/// <summary>The work of one call on the CPU.</summary>
public sealed class CpuWork
{
    /// <summary>Work that threads share by items.</summary>
    /// <param name="items">
    /// How many independent pieces there are, at least 1. Each output element belongs to one item, so that results do not depend on
    /// the number of threads.
    /// </param>
    /// <param name="compute">Computes some of them. It allocates nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="items"/> is below 1.</exception>
    public CpuWork(int items, CpuCompute compute)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        ArgumentNullException.ThrowIfNull(compute);
        (Items, Compute) = (items, compute);
    }

    /// <summary>How many independent pieces there are.</summary>
    public int Items { get; }

    /// <summary>Computes some of them.</summary>
    public CpuCompute Compute { get; }

    /// <summary>Floats of each piece of memory that the call needs for itself while it runs; all items share them.</summary>
    public IReadOnlyList<long> Scratch { get; init; } = [];
}

/// <summary>The tensors of one call on the CPU, row-major. Valid while the kernel runs.</summary>
public readonly unsafe ref struct CpuMemory
{
    private readonly CpuArguments* _arguments;
    private readonly CustomCpuKernel _kernel;

    internal CpuMemory(CpuArguments* arguments, CustomCpuKernel kernel)
    {
        _arguments = arguments;
        _kernel = kernel;
    }

    /// <summary>The elements of an input.</summary>
    /// <param name="index">Its number.</param>
    public ReadOnlySpan<float> Input(int index) => new(_arguments->Inputs[index], _kernel.Inputs[index]);

    /// <summary>The elements of a parameter.</summary>
    /// <param name="index">Its number in <see cref="Layers.Layer.Parameters"/>.</param>
    public ReadOnlySpan<float> Parameter(int index) => new(_arguments->Weights[index], _kernel.Parameters[index]);

    /// <summary>Memory of the call's own, with what other items wrote into it; undefined at the start.</summary>
    /// <param name="index">Its number in <see cref="CpuWork.Scratch"/>.</param>
    public Span<float> Scratch(int index) => new(_arguments->Scratch[index], _kernel.Scratch[index]);

    /// <summary>The elements of an output, all of which are written by one item or another.</summary>
    /// <param name="index">Its number.</param>
    public Span<float> Output(int index = 0) => new(_arguments->Outputs[index], _kernel.Outputs[index]);
}
