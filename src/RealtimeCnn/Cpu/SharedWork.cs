using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RealtimeCnn.Cpu;

/// <summary>Work that threads of a pool share as they share the steps of a plan: items that do not depend on each other.</summary>
internal sealed unsafe class SharedWork
{
    private readonly Action<int, int> _compute;
    private readonly CpuProgram _program;
    private readonly CpuArguments* _arguments;
    private readonly GCHandle _self;

    /// <param name="pool">Whose threads help.</param>
    /// <param name="items">How many pieces there are.</param>
    /// <param name="cost">What all of them cost, in nanoseconds.</param>
    /// <param name="compute">Computes items <c>[from, to)</c>; must not throw.</param>
    public SharedWork(WorkerPool pool, int items, double cost, Action<int, int> compute)
    {
        _compute = compute;
        // Weak, so that it lives as long as its owner; a run keeps it alive.
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _arguments = (CpuArguments*)AlignedMemory.AllocateZeroed((nuint)sizeof(CpuArguments), "work that threads share");
        _arguments->Constants = (void*)GCHandle.ToIntPtr(_self);
        int participants = pool.Sharing.Participants([cost], pool.Threads);
        var share = pool.Sharing.Share(Math.Max(items, 1), cost, participants, []);
        _program = new CpuProgram([new CpuCall(CpuDispatch.Create(&Compute, default(byte), items), _arguments, share)], pool, participants) { IsBrief = true };
    }

    ~SharedWork()
    {
        AlignedMemory.Free(_arguments);
        _self.Free();
    }

    /// <summary>Computes all items.</summary>
    public void Run()
    {
        _program.Run(CancellationToken.None);
        GC.KeepAlive(this);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Compute(CpuArguments* arguments, int from, int to) =>
        ((SharedWork)GCHandle.FromIntPtr((nint)arguments->Constants).Target!)._compute(from, to);
}
