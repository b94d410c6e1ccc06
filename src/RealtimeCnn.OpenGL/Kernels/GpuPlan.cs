using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.OpenGL.Shaders;

namespace RealtimeCnn.OpenGL.Kernels;

/// <summary>
/// A plan with GPU memory: the arena, one parameter buffer, and a flat list of calls, each with all that it binds. Running it
/// walks the list: no decisions, no allocations, no waiting.
/// </summary>
internal sealed unsafe class GpuPlan : IDisposable
{
    private readonly GlDevice _device;
    private readonly ProgramCache _programs;
    private readonly Dictionary<(long Offset, long Bytes, ElementType Element), GpuBufferView> _views = [];
    private Call[] _prologue = [];
    private Call[] _calls = [];

    // The first call of each step, and behind the last the number of calls.
    private int[] _firstCalls = [0];
    private GpuBuffer? _arena;
    private GpuBuffer? _parameters;

    /// <summary>Without memory until its <see cref="Units"/> are done.</summary>
    public GpuPlan(GlDevice device, ProgramCache programs, Plan plan) =>
        (_device, _programs, Plan, Packed) = (device, programs, plan, new PackedSet(plan.Parameters, device));

    public Plan Plan { get; }

    /// <summary>The memory of all activations.</summary>
    public GpuBuffer Arena => _arena!;

    /// <summary>Durations of the steps; empty before <see cref="TimeSteps"/>.</summary>
    public double[] StepMilliseconds { get; private set; } = [];

    /// <summary>Compute dispatches of one run.</summary>
    public int DispatchCount => _calls.Length;

    /// <summary>The packed parameters that it reads.</summary>
    public PackedSet Packed { get; }

    /// <summary>
    /// Takes memory, compiles one program after the other, or has the driver compile all at once, uploads weights piece by piece, has each
    /// program run once, and runs the prologue.
    /// </summary>
    /// <exception cref="NotSupportedException">The GPU cannot compute a step.</exception>
    /// <exception cref="GlException">A step exceeds what the device allows, or the driver fails.</exception>
    public IEnumerable<double> Units()
    {
        const double CallsShare = 0.5, PackingShare = 0.7, FirstRunsShare = 0.95;
        PlanStep[] steps = [.. Plan.Prologue, .. Plan.Steps];
        foreach (var step in steps)
            VerifyFits(step);
        Dispatch[] dispatches = [.. steps.SelectMany(Dispatches)];
        double done = 0, all = (2 * dispatches.Length) + 1;
        _arena = new GpuBuffer(_device, Math.Max(Plan.ArenaBytes, GpuKernels.Block * sizeof(float)), "activations");
        yield return ++done / all * CallsShare;

        foreach (var dispatch in dispatches)
        {
            done++;
            if (dispatch.Assembly == null && _programs.TryBegin(dispatch.Shader, dispatch.Defines))
                yield return done / all * CallsShare;
        }

        var prologue = new List<Call>();
        var calls = new List<Call>();
        foreach (var (part, into) in new[] { (Plan.Prologue, prologue), (Plan.Steps, calls) })
        {
            var hazards = new HazardTracker();
            foreach (var step in part)
            {
                foreach (var dispatch in Dispatches(step))
                {
                    while (dispatch.Assembly == null && _programs.IsCompiling(dispatch.Shader, dispatch.Defines))
                        yield return done / all * CallsShare;
                    into.Add(Prepare(step, dispatch, hazards.NeedsBarrier(step, dispatch)));
                    yield return ++done / all * CallsShare;
                }
            }
        }

        foreach (double share in Packed.Units().Within(CallsShare, PackingShare))
            yield return share;
        (_prologue, _calls) = ([.. prologue], [.. calls]);
        _firstCalls = [0, .. Plan.Steps.Select((_, i) => Plan.Steps.Take(i + 1).Sum(step => step.Work.DispatchCount))];
        _parameters = UploadParameters([.. prologue, .. calls]);
        foreach (double share in FirstRuns([.. prologue, .. calls]).Within(PackingShare, FirstRunsShare))
            yield return share;
        using var run = Packed.BeginRun();
        Packed.Refresh();
        Run(_prologue, CancellationToken.None);
    }

    /// <summary>Enqueues every step with the parameters as they are now; returns without waiting, unless it can be cancelled.</summary>
    /// <param name="cancellation">Ends the run between two dispatches. To serve it, the run is waited for.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        using var run = Packed.BeginRun();
        if (Packed.Refresh())
            Run(_prologue, CancellationToken.None);
        Run(_calls, cancellation);
    }

    /// <summary>Enqueues some steps in a row, of a run that others began or will end. Parameters are those of when the first step is run.</summary>
    /// <param name="from">The first step.</param>
    /// <param name="to">Behind the last one.</param>
    public void Run(int from, int to)
    {
        using var run = Packed.BeginRun();
        if (from == 0 && Packed.Refresh())
            Run(_prologue, CancellationToken.None);
        Run(_calls.AsSpan(_firstCalls[from].._firstCalls[to]), CancellationToken.None);
    }

    /// <summary>Milliseconds of a run, what lies between its dispatches included; NaN where a timer gives no answer that can be true. Waits.</summary>
    public double TimeRun()
    {
        using var timer = new GpuTimer(_device, "run", 1);
        return TimeRun(timer, 0, Plan.Steps.Count);
    }

    /// <summary>Measures each step by itself, as <see cref="StepMilliseconds"/> says it then; the least of some runs. Waits.</summary>
    public IEnumerable<double> TimeSteps()
    {
        const int Runs = 2;
        double[] milliseconds = new double[Plan.Steps.Count];
        using var timer = new GpuTimer(_device, "step", 1);
        for (int step = 0; step < milliseconds.Length; step++)
        {
            milliseconds[step] = double.NaN;
            for (int i = 0; i < Runs; i++)
                milliseconds[step] = double.MinNumber(milliseconds[step], TimeRun(timer, step, step + 1));
            yield return (step + 1.0) / milliseconds.Length;
        }

        StepMilliseconds = milliseconds;
    }

    private double TimeRun(GpuTimer timer, int from, int to)
    {
        _device.Finish();
        timer.Begin();
        Run(from, to);
        timer.End();
        _device.Finish();
        return timer.TryRead(out var elapsed) ? elapsed.TotalMilliseconds : double.NaN;
    }

    /// <summary>The same with a timer around each step; waits for all of them, and gives their durations in milliseconds, NaN for one that cannot be true.</summary>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public double[] Profile(CancellationToken cancellation)
    {
        using var run = Packed.BeginRun();
        if (Packed.Refresh())
            Run(_prologue, CancellationToken.None);
        using var timer = new GpuTimer(_device, "steps", Math.Max(Plan.Steps.Count, 1));
        _device.TakeDisjoint();
        ShaderProgram? current = null;
        for (int step = 0; step < Plan.Steps.Count; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            timer.Begin();
            for (int i = _firstCalls[step]; i < _firstCalls[step + 1]; i++)
                Enqueue(_calls[i], ref current);
            timer.End();
        }

        _device.TensorBarrier();
        _device.Finish();
        bool isDisjoint = _device.TakeDisjoint();
        return [.. Plan.Steps.Select(_ => timer.TryRead(out var elapsed) && !isDisjoint ? elapsed.TotalMilliseconds : double.NaN)];
    }

    /// <summary>A value as shaders read it. Lives as long as the plan.</summary>
    public GpuBufferView View(PlanValue value)
    {
        var (offset, bytes, element) = (value.ByteOffset, Bytes(value), value.Info.Element);
        if (!_views.TryGetValue((offset, bytes, element), out var view))
            _views[(offset, bytes, element)] = view = new GpuBufferView(Arena, offset, bytes, element);
        return view;
    }

    public void Dispose()
    {
        foreach (var view in _views.Values)
            view.Dispose();
        _parameters?.Dispose();
        _arena?.Dispose();
        Packed.Dispose();
    }

    /// <summary>Bytes of a value as it is bound: at least one vec4.</summary>
    public static long Bytes(PlanValue value) => Math.Max(value.Info.Bytes(GpuKernels.Block), GpuKernels.Block * sizeof(float));

    /// <summary>The packed parameters that a step reads.</summary>
    public static IEnumerable<PackedWeights> WeightsOf(PlanStep step) =>
        ((GpuWork)step.Work).Dispatches.SelectMany(dispatch => dispatch.Reads).Select(read => read.Weights).OfType<PackedWeights>();

    private void VerifyFits(PlanStep step)
    {
        foreach (var value in step.Values)
        {
            long most = Math.Min(_device.Limits.StorageBlockBytes, _device.Limits.ReadableBytes(_device.Info.ReadPath, value.Info.Element));
            if (Bytes(value) > most)
                throw new GlException($"{step.Node}: a tensor of {value.Info.Shape} takes {Bytes(value)} bytes; this device allows {most} in one tensor.");
        }

        foreach (var weights in WeightsOf(step))
        {
            long most = _device.Limits.ReadableBytes(_device.Info.ReadPath, weights.Element);
            if (GpuPackedCopy.BytesOf(weights) > most)
                throw new GlException($"{step.Node}: its parameters take {GpuPackedCopy.BytesOf(weights)} bytes as {step.Kernel} reads them; this device allows {most} at once. Run this layer on the CPU (CpuNetwork, or MixedNetwork for the rest on the GPU).");
        }
    }

    private void Run(ReadOnlySpan<Call> calls, CancellationToken cancellation)
    {
        var pace = new DispatchPace(_device.Gl, cancellation);
        try
        {
            ShaderProgram? current = null;
            foreach (var call in calls)
            {
                pace.BeforeDispatch();
                Enqueue(call, ref current);
            }

            _device.TensorBarrier();
            pace.Finish();
        }
        finally
        {
            pace.Dispose();
        }
    }

    private void Enqueue(Call call, ref ShaderProgram? current)
    {
        if (call.Barrier)
            _device.TensorBarrier();
        if (call.Program != current)
            (current = call.Program).Use();
        _parameters!.BindUniform(0, call.ParamsOffset, call.Params.Length);
        Arena.BindStorage(0, call.OutputOffset, call.OutputBytes);
        for (int i = 0; i < call.Reads.Length; i++)
            call.Reads[i].Bind((uint)i + 1);
        if (call.AlsoWrites is { } also)
            Arena.BindStorage((uint)call.Reads.Length + 1, also.Offset, also.Bytes);
        _device.Gl.DispatchCompute((uint)call.Groups.X, (uint)call.Groups.Y, (uint)call.Groups.Z);
    }

    /// <summary>
    /// One work group of each program that has not run yet: drivers finish a program, software ones nearly all of it, when it runs first.
    /// What it writes is written again by every run.
    /// </summary>
    private IEnumerable<double> FirstRuns(Call[] calls)
    {
        Call[] first = [.. calls.Where(call => !call.Program.HasRun).DistinctBy(call => call.Program)];
        for (int i = 0; i < first.Length; i++)
        {
            ShaderProgram? none = null;
            Enqueue(first[i] with { Groups = new Extent3d(1, 1, 1), Barrier = true }, ref none);
            first[i].Program.HasRun = true;
            yield return (i + 1.0) / first.Length;
        }

        _device.TensorBarrier();
    }

    private static Dispatch[] Dispatches(PlanStep step) => step.Work.Refusal == null
        ? ((GpuWork)step.Work).Dispatches
        : throw new NotSupportedException($"{step.Node}: {step.Work.Refusal}");

    private Call Prepare(PlanStep step, Dispatch dispatch, bool barrier)
    {
        int most = _device.Limits.ReadableTensors(_device.Info.ReadPath);
        if (dispatch.Reads.Length + (dispatch.AlsoWrites == null ? 0 : 1) > most)
            throw new GlException($"{step.Node}: reads {dispatch.Reads.Length} tensors at once; this device allows {most}.");
        try
        {
            var program = Program(step, dispatch);
            GpuBufferView[] reads = [.. dispatch.Reads.Select(read =>
                read.Weights is { } weights ? ((GpuPackedCopy)Packed.Take(weights)).View : View(read.ValueOf(step)!))];
            var written = dispatch.Writes.ValueOf(step)!;
            return new Call(program, dispatch.Params, reads, written.ByteOffset, Bytes(written), FitGroups(dispatch.ByGroups ? dispatch.Invocations : program.Groups(dispatch.Invocations), step), barrier)
            {
                AlsoWrites = dispatch.AlsoWrites?.ValueOf(step) is { } also ? (also.ByteOffset, Bytes(also)) : null,
            };
        }
        catch (GlException problem) when (problem is not ShaderException)
        {
            throw new GlException($"{step.Node}: {problem.Message}", problem);
        }
    }

    private ShaderProgram Program(PlanStep step, Dispatch dispatch)
    {
        if (dispatch.Assembly == null)
            return _programs.Compute(dispatch.Shader, dispatch.Defines);
        try
        {
            return _programs.Compute(dispatch.Assembly, dispatch.Shader);
        }
        catch (Exception problem) when (problem is ShaderException or FileNotFoundException)
        {
            throw CustomKernel.Failure(step.Node, $"its shader '{dispatch.Shader}'", problem);
        }
    }

    /// <summary>Cuts a flat dispatch that is longer than one axis into rows; the driver would silently run nothing.</summary>
    private Extent3d FitGroups(Extent3d groups, PlanStep step)
    {
        var most = _device.Limits.GroupCount;
        if (groups.Y == 1 && groups.Z == 1 && groups.X > most.X)
        {
            int rows = (groups.X + most.X - 1) / most.X;
            groups = new Extent3d((groups.X + rows - 1) / rows, rows, 1);
        }

        if (groups.X > most.X || groups.Y > most.Y || groups.Z > most.Z)
            throw new GlException($"{step.Node}: needs {groups} work groups; this device allows {most} in one dispatch.");
        return groups;
    }

    private GpuBuffer UploadParameters(Call[] calls)
    {
        int alignment = Math.Max(_device.Limits.UniformAlignment, 16);
        int length = 0;
        foreach (var call in calls)
        {
            call.ParamsOffset = length;
            length += (call.Params.Length + alignment - 1) / alignment * alignment;
        }

        byte[] bytes = new byte[Math.Max(length, 16)];
        foreach (var call in calls)
            call.Params.CopyTo(bytes, call.ParamsOffset);
        return GpuBuffer.Create<byte>(_device, bytes, "kernel parameters");
    }

    private sealed record Call(
        ShaderProgram Program, byte[] Params, GpuBufferView[] Reads, long OutputOffset, long OutputBytes, Extent3d Groups, bool Barrier)
    {
        /// <summary>Where the second output lies; null for none.</summary>
        public (long Offset, long Bytes)? AlsoWrites { get; init; }

        public int ParamsOffset { get; set; }
    }
}
