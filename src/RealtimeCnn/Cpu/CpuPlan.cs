using RealtimeCnn.Graphs;
using RealtimeCnn.Images;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Cpu;

/// <summary>A plan with memory: the arena, and for each step a kernel with the addresses it works on.</summary>
internal sealed unsafe class CpuPlan : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly List<nint> _allocations = [];
    private readonly Dictionary<PlanValue, List<Slot>> _movable = [];
    private CpuProgram? _prologue;
    private CpuProgram? _program;
    private Action? _packTogether;
    private CpuArena? _arena;
    private CpuRun* _run;

    /// <summary>Without memory until its <see cref="Units"/> are done.</summary>
    public CpuPlan(Plan plan, WorkerPool pool) =>
        (Plan, _pool, Packed) = (plan, pool, new PackedSet(plan.Parameters, CpuPackingDevice.Instance));

    public Plan Plan { get; }

    /// <summary>All that a run needs beside the graph's parameters: arena, outputs, kernels' tables, and what packing adds to parameters.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of the training step that the next run makes.</summary>
    public uint Step
    {
        set => _run->Step = value;
    }

    /// <summary>The frame that is the input of the next run, for plans made for frames.</summary>
    public FrameRows Frame
    {
        set => _run->Frame = value;
    }

    /// <summary>The packed parameters that it reads.</summary>
    public PackedSet Packed { get; }

    /// <summary>Takes memory, makes the calls and packs the parameters, each by itself, and runs the prologue, for a plan that is made.</summary>
    /// <exception cref="ShapeException">The plan needs more memory than its options allow.</exception>
    /// <exception cref="InsufficientMemoryException">The system has less.</exception>
    public IEnumerable<double> Units()
    {
        const double CallsShare = 0.3, PackingShare = 0.9;
        Bytes = CountBytes();
        Plan.VerifyBytes(Bytes);
        double done = 0, all = Plan.Prologue.Count + Plan.Steps.Count + 1;
        _arena = new CpuArena(Plan);
        foreach (var value in Plan.Movable())
            _movable.Add(value, []);
        AllocateRun();
        yield return ++done / all * CallsShare;
        foreach (bool isPrologue in new[] { true, false })
        {
            var steps = isPrologue ? Plan.Prologue : Plan.Steps;
            var builder = new ProgramBuilder(steps, _pool);
            foreach (var step in steps)
            {
                Prepare(step, builder);
                yield return ++done / all * CallsShare;
            }

            var program = builder.Build();
            (_prologue, _program) = isPrologue ? (program, null) : (_prologue, program);
        }

        foreach (double share in Packed.Units().Within(CallsShare, PackingShare))
            yield return share;
        // In training all parameters change after each run.
        if (Plan.Gradients != null)
            _packTogether = new CpuPacker(Packed.Copies, _pool).Run;

        using var run = Packed.BeginRun();
        Packed.Refresh();
        _prologue!.Run(CancellationToken.None);
    }

    /// <summary>Runs all steps with the parameters as they are now.</summary>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        using var run = Packed.BeginRun();
        if (Packed.Refresh(_packTogether))
            _prologue!.Run(CancellationToken.None);
        _program!.Run(cancellation);
    }

    /// <summary>The same, step by step, with the duration of each in milliseconds.</summary>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public double[] Profile(CancellationToken cancellation)
    {
        using var run = Packed.BeginRun();
        if (Packed.Refresh(_packTogether))
            _prologue!.Run(CancellationToken.None);
        return _program!.Profile(Plan.Steps.Map(step => step.Work.DispatchCount), cancellation);
    }

    /// <summary>
    /// Lets steps read an input from, or write an output to, memory of the caller's instead of the arena, from the next run on. Refused, and
    /// nothing changed, where other values share its place: the caller copies then.
    /// </summary>
    /// <param name="value">An input or output of the plan.</param>
    /// <param name="address">As many floats as the value has, aligned to 64 bytes; valid during runs, until it moves again.</param>
    public bool TryMove(PlanValue value, float* address)
    {
        if (!_movable.TryGetValue(value, out var slots))
            return false;
        foreach (var slot in slots)
            *slot.Address = (float*)((byte*)address + slot.Offset);
        return true;
    }

    /// <summary>Undoes that.</summary>
    public void MoveBack(PlanValue value) => TryMove(value, _arena!.Address(value));

    /// <summary>The floats of a value, in its own layout and border. Valid until the plan is disposed; overwritten by later steps unless the plan keeps all.</summary>
    public Span<float> Read(PlanValue value) => new(_arena!.Address(value), (int)value.Info.Elements(Plan.Kernels.Block));

    /// <summary>The same for a value of any element type.</summary>
    public Span<byte> ReadBytes(PlanValue value) => new(_arena!.Address(value), checked((int)value.Info.Bytes(Plan.Kernels.Block)));

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
            AlignedMemory.Free((void*)allocation);
        _allocations.Clear();
        _arena?.Dispose();
        Packed.Dispose();
    }

    private long CountBytes()
    {
        long bytes = Plan.ArenaBytes;
        foreach (var output in Plan.Outputs)
            bytes += (long)output.Info.Shape.Count * sizeof(float);
        foreach (var step in Plan.Prologue.Concat(Plan.Steps))
        {
            long packed = 0, constants = 0, plain = 0;
            for (var dispatch = (CpuDispatch)step.Work; dispatch != null; dispatch = dispatch.Next)
            {
                constants += dispatch.Constants.Length;
                foreach (var weights in dispatch.Weights)
                    packed += weights.Elements;
            }

            foreach (var node in step.Call.Nodes)
            {
                foreach (var parameter in node.Parameters)
                    plain += parameter.Shape.Count;
            }

            bytes += constants + (Math.Max(packed - plain, 0) * sizeof(float));
        }

        return bytes;
    }

    private void AllocateRun() => _run = (CpuRun*)Allocate((nuint)sizeof(CpuRun), "the state of a run");

    private void Prepare(PlanStep step, ProgramBuilder builder)
    {
        for (var dispatch = (CpuDispatch)step.Work; dispatch != null; dispatch = dispatch.Next)
            builder.Add(dispatch, Prepare(step, dispatch));
        builder.EndStep();
    }

    private CpuArguments* Prepare(PlanStep step, CpuDispatch dispatch)
    {
        string what = $"the tables of {step.Node}";
        var arguments = (CpuArguments*)Allocate((nuint)sizeof(CpuArguments), what);
        arguments->Constants = Allocate((nuint)dispatch.Constants.Length, what);
        dispatch.Constants.CopyTo(new Span<byte>(arguments->Constants, dispatch.Constants.Length));
        arguments->Inputs = Addresses(step.Inputs, what);
        arguments->Outputs = Addresses(step.Outputs, what);
        Place(&arguments->Output, step.Outputs[dispatch.OutputIndex]);
        arguments->Scratch = Addresses(step.Scratch, what);
        arguments->Run = _run;
        arguments->Weights = (float**)Allocate((nuint)dispatch.Weights.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < dispatch.Weights.Length; i++)
            arguments->Weights[i] = ((CpuPackedCopy)Packed.Take(dispatch.Weights[i])).Address;
        return arguments;
    }

    private float** Addresses(PlanValue[] values, string what)
    {
        var addresses = (float**)Allocate((nuint)values.Length * (nuint)sizeof(float*), what);
        for (int i = 0; i < values.Length; i++)
            Place(addresses + i, values[i]);
        return addresses;
    }

    private void Place(float** place, PlanValue value)
    {
        *place = _arena!.Address(value);
        if (_movable.TryGetValue(value.Root, out var slots))
            slots.Add(new Slot(place, value.BytesFromRoot));
    }

    private void* Allocate(nuint bytes, string what)
    {
        void* memory = AlignedMemory.AllocateZeroed(bytes, what);
        _allocations.Add((nint)memory);
        return memory;
    }

    /// <summary>Where a call has the address of a value that can move, and how many bytes behind the value's start that is.</summary>
    private readonly struct Slot(float** address, long offset)
    {
        public readonly float** Address = address;
        public readonly long Offset = offset;
    }
}
