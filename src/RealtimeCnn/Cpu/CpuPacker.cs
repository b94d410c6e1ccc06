using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>Packs the copies of a plan's parameters on the threads that run the plan: in training all of them are stale after each step.</summary>
internal sealed unsafe class CpuPacker : IDisposable
{
    /// <summary>What packing an element costs in nanoseconds, roughly.</summary>
    private const double NanosecondsOfElement = 0.5;

    private readonly PackedCopy[] _copies;
    private readonly CpuProgram _program;
    private readonly CpuArguments* _arguments;
    private GCHandle _self;

    /// <param name="copies">What there is to pack, each for itself.</param>
    /// <param name="pool">Whose threads help.</param>
    public CpuPacker(IReadOnlyCollection<PackedCopy> copies, WorkerPool pool)
    {
        // The largest first, so that the last ones are short.
        _copies = [.. copies.OrderByDescending(copy => copy.Bytes)];
        _self = GCHandle.Alloc(this);
        _arguments = (CpuArguments*)AlignedMemory.Allocate((nuint)sizeof(CpuArguments), "the packing of parameters");
        _arguments->Constants = (void*)GCHandle.ToIntPtr(_self);
        double cost = _copies.Sum(copy => copy.Weights.Elements * NanosecondsOfElement);
        int items = Math.Max(_copies.Length, 1);
        var dispatch = CpuDispatch.Create(&Pack, default(byte), items);
        _program = new CpuProgram([new CpuCall(dispatch, _arguments, new StepShare(items, 1, 1, 1, []))], pool, pool.Sharing.Participants([cost], pool.Threads));
    }

    /// <summary>Packs what is stale.</summary>
    public void Run()
    {
        // Elements that are computed of others, or kept in another order, are brought up to date on this thread, which may take the time and the lock.
        foreach (var copy in _copies)
        {
            foreach (var source in copy.Weights.Sources)
                _ = source.Elements;
        }

        _program.Run(CancellationToken.None);
    }

    public void Dispose()
    {
        if (!_self.IsAllocated)
            return;
        _self.Free();
        AlignedMemory.Free(_arguments);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Pack(CpuArguments* arguments, int from, int to)
    {
        var copies = ((CpuPacker)GCHandle.FromIntPtr((nint)arguments->Constants).Target!)._copies;
        for (int i = from; i < Math.Min(to, copies.Length); i++)
            copies[i].Refresh();
    }
}
