using System.Runtime.InteropServices;
using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A plan with memory: the arena, and for each step a kernel with the addresses it works on.</summary>
internal sealed unsafe class CpuPlan : IDisposable
{
    private readonly List<nint> _allocations = [];
    private readonly Call[] _calls;
    private readonly CpuArena _arena;

    public CpuPlan(Plan plan, PackedWeightCache weights, WorkerPool pool)
    {
        Plan = plan;
        _arena = new CpuArena(plan);
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
    public Span<float> Read(PlanValue value) => new(_arena.Address(value), checked((int)value.Info.Elements(16)));

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
            AlignedMemory.Free((void*)allocation);
        _allocations.Clear();
        _arena.Dispose();
    }

    private Call Prepare(PlanStep step, PackedWeightCache weights)
    {
        var dispatch = step.Call.Layer.PlanCpu(step.Call);
        var arguments = (CpuArguments*)Allocate((nuint)sizeof(CpuArguments));
        arguments->Constants = Allocate((nuint)dispatch.Constants.Length);
        dispatch.Constants.CopyTo(new Span<byte>(arguments->Constants, dispatch.Constants.Length));
        arguments->Output = _arena.Address(step.Output);
        arguments->Inputs = (float**)Allocate((nuint)(step.Inputs.Length + 1) * (nuint)sizeof(float*));
        for (int i = 0; i < step.Inputs.Length; i++)
            arguments->Inputs[i] = _arena.Address(step.Inputs[i]);
        arguments->Weights = (float**)Allocate((nuint)(dispatch.Weights.Length + 1) * (nuint)sizeof(float*));
        for (int i = 0; i < dispatch.Weights.Length; i++)
            arguments->Weights[i] = weights.Get(step.Node, dispatch.Weights[i]).Pointer;
        return new Call(dispatch, arguments);
    }

    private void* Allocate(nuint bytes)
    {
        void* memory = AlignedMemory.Allocate(bytes);
        NativeMemory.Clear(memory, bytes);
        _allocations.Add((nint)memory);
        return memory;
    }

    private readonly struct Call(CpuDispatch dispatch, CpuArguments* arguments)
    {
        public void Run(WorkerPool pool) => pool.Run(dispatch.Kernel, arguments, dispatch.Items);
    }
}
