using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A plan with memory: the arena, and for each step a kernel with the addresses it works on.</summary>
internal sealed unsafe class CpuPlan : IDisposable
{
    private readonly List<nint> _allocations = [];
    private readonly Call[] _calls;
    private readonly float* _arena;

    public CpuPlan(Plan plan, PackedWeightCache weights, WorkerPool pool)
    {
        Plan = plan;
        _arena = (float*)Allocate((nuint)Math.Max(plan.ArenaElements, 1) * sizeof(float), 64);
        foreach (var step in plan.Prologue)
            Prepare(step, weights).Run(pool);
        _calls = [.. plan.Steps.Select(step => Prepare(step, weights))];
    }

    public Plan Plan { get; }

    public int CallCount => _calls.Length;

    public void Run(WorkerPool pool)
    {
        foreach (var call in _calls)
            call.Run(pool);
    }

    /// <summary>The floats of a value, in its own layout. Valid until the plan is disposed; overwritten by later steps unless the plan keeps all.</summary>
    public Span<float> Read(PlanValue value) => new(_arena + value.Offset, checked((int)value.Info.Elements(16)));

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
            NativeMemory.AlignedFree((void*)allocation);
        _allocations.Clear();
    }

    private Call Prepare(PlanStep step, PackedWeightCache weights)
    {
        var dispatch = (CpuDispatch)step.Work;
        var arguments = (CpuArguments*)Allocate((nuint)sizeof(CpuArguments), 64);
        arguments->Constants = Allocate((nuint)dispatch.Constants.Length, 64);
        dispatch.Constants.CopyTo(new Span<byte>(arguments->Constants, dispatch.Constants.Length));
        arguments->Output = _arena + step.Outputs[0].Offset;
        arguments->Outputs = Addresses(step.Outputs);
        arguments->Inputs = Addresses(step.Inputs);
        arguments->Scratch = Addresses(step.Scratch);
        arguments->Weights = (float**)Allocate((nuint)(dispatch.Weights.Length + 1) * (nuint)sizeof(float*), 64);
        for (int i = 0; i < dispatch.Weights.Length; i++)
            arguments->Weights[i] = weights.Get(step.Node, dispatch.Weights[i]).Pointer;
        return new Call(dispatch, arguments);
    }

    private float** Addresses(PlanValue[] values)
    {
        var addresses = (float**)Allocate((nuint)(values.Length + 1) * (nuint)sizeof(float*), 64);
        for (int i = 0; i < values.Length; i++)
            addresses[i] = _arena + values[i].Offset;
        return addresses;
    }

    private void* Allocate(nuint bytes, nuint alignment)
    {
        void* memory = NativeMemory.AlignedAlloc(Math.Max(bytes, 1), alignment);
        NativeMemory.Clear(memory, Math.Max(bytes, 1));
        _allocations.Add((nint)memory);
        return memory;
    }

    private readonly struct Call(CpuDispatch dispatch, CpuArguments* arguments)
    {
        public void Run(WorkerPool pool) => pool.Run(dispatch.Kernel, arguments, dispatch.Items);
    }
}
