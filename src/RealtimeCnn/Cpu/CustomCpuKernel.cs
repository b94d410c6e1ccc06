using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>
/// A kernel from outside as the executor runs it: lengths for spans, and a place for what the code throws, because an exception may
/// not leave a worker thread.
/// </summary>
internal sealed unsafe class CustomCpuKernel
{
    private readonly CpuCompute _compute;
    private readonly Node _node;
    private Exception? _failure;

    private CustomCpuKernel(LayerCall call, CpuWork work)
    {
        (_node, _compute) = (call.Node, work.Compute);
        Inputs = call.Inputs.Map(input => input.Shape.Count);
        Outputs = call.Outputs.Map(output => output.Shape.Count);
        Parameters = call.Parameters.Map(parameter => parameter.Shape.Count);
        Scratch = work.Scratch.Map(floats => (int)Math.Clamp(floats, 0, TensorInfo.MaxElements));
    }

    /// <summary>Elements of each input.</summary>
    public int[] Inputs { get; }

    /// <summary>Elements of each output.</summary>
    public int[] Outputs { get; }

    /// <summary>Elements of each parameter.</summary>
    public int[] Parameters { get; }

    /// <summary>Floats of each piece of scratch memory.</summary>
    public int[] Scratch { get; }

    public static CpuDispatch Dispatch(LayerCall call, CpuWork work)
    {
        var kernel = new CustomCpuKernel(call, work);
        PackedWeights[] weights = call.Parameters.Map((_, i) => VectorPacking.Of(call, i, Lanes.Count));
        var handle = new Handle(kernel);
        return CpuDispatch.Create(&Run, handle.Address, work.Items, weights).WithCustom(handle, [.. work.Scratch]);
    }

    private static void Run(CpuArguments* arguments, int from, int to)
    {
        var kernel = (CustomCpuKernel)GCHandle.FromIntPtr(*(nint*)arguments->Constants).Target!;
        try
        {
            kernel._compute(new CpuMemory(arguments, kernel), from, to);
        }
        catch (Exception problem)
        {
            Interlocked.CompareExchange(ref kernel._failure, problem, null);
        }
    }

    /// <summary>Keeps a kernel where its dispatch, which is bytes and addresses, finds it; lives as long as the dispatch.</summary>
    internal sealed class Handle(CustomCpuKernel kernel)
    {
        private readonly GCHandle _handle = GCHandle.Alloc(kernel);

        ~Handle() => _handle.Free();

        public nint Address => GCHandle.ToIntPtr(_handle);

        /// <summary>Whether the kernel has thrown something that nobody was told yet.</summary>
        public bool HasFailed => Volatile.Read(ref kernel._failure) != null;

        /// <summary>What the kernel threw, told once, as the caller of the run sees it; null for nothing.</summary>
        public InvalidOperationException? TakeFailure() =>
            Interlocked.Exchange(ref kernel._failure, null) is { } failure ? CustomKernel.Failure(kernel._node, "its CPU kernel", failure) : null;
    }
}
