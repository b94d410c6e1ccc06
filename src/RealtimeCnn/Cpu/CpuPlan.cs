using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A plan with memory: the arena, and for each step a kernel with the addresses it works on.</summary>
internal sealed unsafe class CpuPlan : IDisposable
{
    private readonly List<nint> _allocations = [];
    private readonly Call[] _calls;
    private readonly CpuArena _arena;
    private readonly float* _scratch;

    /// <exception cref="ShapeException">A kernel cannot address what a step needs, or the plan needs more memory than its options allow.</exception>
    /// <exception cref="InsufficientMemoryException">The system has less.</exception>
    public CpuPlan(Plan plan, PackedWeightCache weights, WorkerPool pool)
    {
        Plan = plan;
        CpuDispatch[] prologue = [.. plan.Prologue.Select(Dispatch)], steps = [.. plan.Steps.Select(Dispatch)];
        Bytes = CountBytes([.. prologue.Zip(plan.Prologue), .. steps.Zip(plan.Steps)]);
        plan.VerifyBytes(Bytes);
        _arena = new CpuArena(plan);
        try
        {
            _scratch = (float*)Allocate((nuint)MostScratch([.. prologue, .. steps]) * sizeof(float), "the working memory of kernels");
            for (int i = 0; i < prologue.Length; i++)
                Prepare(plan.Prologue[i], prologue[i], weights).Run(pool);
            _calls = [.. steps.Select((dispatch, i) => Prepare(plan.Steps[i], dispatch, weights))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Plan Plan { get; }

    /// <summary>All that a run needs beside the graph's parameters: arena, outputs, working memory, kernels' tables, and what packing adds to parameters.</summary>
    public long Bytes { get; }

    public int CallCount => _calls.Length;

    public void Run(WorkerPool pool)
    {
        foreach (var call in _calls)
            call.Run(pool);
    }

    /// <summary>The floats of a value, in its own layout. Valid until the plan is disposed; overwritten by later steps unless the plan keeps all.</summary>
    public Span<float> Read(PlanValue value) => new(_arena.Address(value), (int)value.Info.Elements(16));

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
            AlignedMemory.Free((void*)allocation);
        _allocations.Clear();
        _arena.Dispose();
    }

    private static CpuDispatch Dispatch(PlanStep step)
    {
        try
        {
            return step.Call.Layer.PlanCpu(step.Call);
        }
        catch (ShapeException problem)
        {
            throw new ShapeException($"{step.Node}: {problem.Message}", problem);
        }
    }

    private static long MostScratch(CpuDispatch[] dispatches) => dispatches.Select(dispatch => dispatch.ScratchElements).DefaultIfEmpty().Max();

    private long CountBytes((CpuDispatch Dispatch, PlanStep Step)[] all)
    {
        long floats = Plan.ArenaElements + MostScratch([.. all.Select(one => one.Dispatch)]);
        foreach (var output in Plan.Outputs)
            floats += output.Info.Shape.Count;
        long bytes = floats * sizeof(float);
        foreach (var (dispatch, step) in all)
        {
            long packed = dispatch.Weights.Sum(weights => (long)weights.Elements), plain = step.Node.Parameters.Sum(parameter => (long)parameter.Shape.Count);
            bytes += dispatch.Constants.Length + (Math.Max(packed - plain, 0) * sizeof(float));
        }

        return bytes;
    }

    private Call Prepare(PlanStep step, CpuDispatch dispatch, PackedWeightCache weights)
    {
        string what = $"the tables of {step.Node}";
        var arguments = (CpuArguments*)Allocate((nuint)sizeof(CpuArguments), what);
        arguments->Constants = Allocate((nuint)dispatch.Constants.Length, what);
        dispatch.Constants.CopyTo(new Span<byte>(arguments->Constants, dispatch.Constants.Length));
        arguments->Output = _arena.Address(step.Output);
        // Kernels share the memory they work in, unless it has to end where this one's does.
        arguments->Scratch = AlignedMemory.Source.IsGuarded ? (float*)Allocate((nuint)dispatch.ScratchElements * sizeof(float), what) : _scratch;
        arguments->Inputs = (float**)Allocate((nuint)step.Inputs.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < step.Inputs.Length; i++)
            arguments->Inputs[i] = _arena.Address(step.Inputs[i]);
        arguments->Weights = (float**)Allocate((nuint)dispatch.Weights.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < dispatch.Weights.Length; i++)
            arguments->Weights[i] = weights.Get(step.Node, dispatch.Weights[i]).Pointer;
        return new Call(dispatch, arguments);
    }

    private void* Allocate(nuint bytes, string what)
    {
        void* memory = AlignedMemory.AllocateZeroed(bytes, what);
        _allocations.Add((nint)memory);
        return memory;
    }

    private readonly struct Call(CpuDispatch dispatch, CpuArguments* arguments)
    {
        public void Run(WorkerPool pool) => pool.Run(dispatch.Kernel, arguments, dispatch.Items);
    }
}
