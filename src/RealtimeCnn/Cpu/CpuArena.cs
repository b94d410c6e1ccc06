using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>
/// The memory of a plan's values: one block in which each lies at its offset, or, where memory is guarded, a block for each value
/// that ends where the value ends.
/// </summary>
internal sealed unsafe class CpuArena : IDisposable
{
    private readonly Dictionary<PlanValue, nint> _guarded = [];
    private nint _shared;

    /// <exception cref="InsufficientMemoryException">The system has less memory.</exception>
    public CpuArena(Plan plan)
    {
        if (!AlignedMemory.Source.IsGuarded)
            _shared = (nint)AlignedMemory.AllocateZeroed((nuint)plan.ArenaBytes, "activations");
    }

    /// <summary>Address of a value's first element.</summary>
    public float* Address(PlanValue value)
    {
        if (_shared != 0)
            return (float*)(_shared + (nint)value.ByteOffset);
        if (!_guarded.TryGetValue(value.Root, out nint block))
            _guarded[value.Root] = block = (nint)AlignedMemory.Allocate((nuint)value.Root.Info.Bytes(CpuKernels.Block), "a value");
        return (float*)(block + (nint)value.BytesFromRoot);
    }

    public void Dispose()
    {
        foreach (nint block in _guarded.Values)
            AlignedMemory.Free((void*)block);
        _guarded.Clear();
        if (_shared != 0)
            AlignedMemory.Free((void*)_shared);
        _shared = 0;
    }
}
