using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>A plan with memory: the arena, and for each step a kernel with the addresses it works on.</summary>
internal sealed unsafe class CpuPlan : IDisposable
{
    private readonly List<nint> _allocations = [];
    private readonly Call[] _calls;
    private readonly CpuArena _arena;
    private readonly CpuRun* _run;

    /// <exception cref="ShapeException">The plan needs more memory than its options allow.</exception>
    /// <exception cref="InsufficientMemoryException">The system has less.</exception>
    public CpuPlan(Plan plan, PackedWeightCache weights, WorkerPool pool)
    {
        Plan = plan;
        Bytes = CountBytes();
        plan.VerifyBytes(Bytes);
        _arena = new CpuArena(plan);
        try
        {
            _run = (CpuRun*)Allocate((nuint)sizeof(CpuRun), "the state of a run");
            foreach (var call in plan.Prologue.SelectMany(step => Prepare(step, weights)))
                call.Run(pool);
            _calls = [.. plan.Steps.SelectMany(step => Prepare(step, weights))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Plan Plan { get; }

    /// <summary>All that a run needs beside the graph's parameters: arena, outputs, kernels' tables, and what packing adds to parameters.</summary>
    public long Bytes { get; }

    public int CallCount => _calls.Length;

    /// <summary>Number of the training step that the next run makes.</summary>
    public uint Step
    {
        set => _run->Step = value;
    }

    public void Run(WorkerPool pool)
    {
        foreach (var call in _calls)
            call.Run(pool);
    }

    /// <summary>The floats of a value, in its own layout. Valid until the plan is disposed; overwritten by later steps unless the plan keeps all.</summary>
    public Span<float> Read(PlanValue value) => new(_arena.Address(value), (int)value.Info.Elements(Plan.Kernels.Block));

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
            AlignedMemory.Free((void*)allocation);
        _allocations.Clear();
        _arena.Dispose();
    }

    private long CountBytes()
    {
        long bytes = (Plan.ArenaElements + Plan.Outputs.Sum(output => (long)output.Info.Shape.Count)) * sizeof(float);
        foreach (var step in Plan.Prologue.Concat(Plan.Steps))
        {
            long packed = 0, constants = 0;
            for (var dispatch = (CpuDispatch)step.Work; dispatch != null; dispatch = dispatch.Next)
            {
                packed += dispatch.Weights.Sum(weights => (long)weights.Elements);
                constants += dispatch.Constants.Length;
            }

            long plain = step.Call.Nodes.Sum(node => node.Parameters.Sum(parameter => (long)parameter.Shape.Count));
            bytes += constants + (Math.Max(packed - plain, 0) * sizeof(float));
        }

        return bytes;
    }

    private List<Call> Prepare(PlanStep step, PackedWeightCache weights)
    {
        var calls = new List<Call>();
        for (var dispatch = (CpuDispatch)step.Work; dispatch != null; dispatch = dispatch.Next)
            calls.Add(Prepare(step, dispatch, weights));
        return calls;
    }

    private Call Prepare(PlanStep step, CpuDispatch dispatch, PackedWeightCache weights)
    {
        string what = $"the tables of {step.Node}";
        var arguments = (CpuArguments*)Allocate((nuint)sizeof(CpuArguments), what);
        arguments->Constants = Allocate((nuint)dispatch.Constants.Length, what);
        dispatch.Constants.CopyTo(new Span<byte>(arguments->Constants, dispatch.Constants.Length));
        arguments->Inputs = Addresses(step.Inputs, what);
        arguments->Outputs = Addresses(step.Outputs, what);
        arguments->Output = arguments->Outputs[dispatch.OutputIndex];
        arguments->Scratch = Addresses(step.Scratch, what);
        arguments->Run = _run;
        arguments->Weights = (float**)Allocate((nuint)dispatch.Weights.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < dispatch.Weights.Length; i++)
            arguments->Weights[i] = weights.Get(step.Node, dispatch.Weights[i]).Pointer;
        return new Call(dispatch, arguments);
    }

    private float** Addresses(PlanValue[] values, string what)
    {
        var addresses = (float**)Allocate((nuint)values.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < values.Length; i++)
            addresses[i] = _arena.Address(values[i]);
        return addresses;
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
