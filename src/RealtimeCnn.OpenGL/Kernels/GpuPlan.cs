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
    private readonly GpuWeightCache _weights;
    private readonly GpuBuffer _arena;
    private readonly Dictionary<(long Offset, long Bytes), GpuBufferView> _views = [];
    private readonly Call[] _calls;
    private readonly GpuBuffer? _parameters;

    public GpuPlan(GlDevice device, ProgramCache programs, Plan plan, GpuWeightCache weights)
    {
        (_device, _programs, _weights, Plan) = (device, programs, weights, plan);
        foreach (var step in plan.Prologue.Concat(plan.Steps))
            VerifyFits(step);
        _arena = new GpuBuffer(device, Math.Max(plan.ArenaElements, 4) * sizeof(float), "activations");
        try
        {
            var prologue = Prepare(plan.Prologue);
            var steps = Prepare(plan.Steps);
            _parameters = UploadParameters([.. prologue, .. steps]);
            Run(prologue);
            _calls = steps;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Plan Plan { get; }

    /// <summary>The memory of all activations.</summary>
    public GpuBuffer Arena => _arena;

    /// <summary>Compute dispatches of one run.</summary>
    public int DispatchCount => _calls.Length;

    /// <summary>Enqueues every step; returns without waiting.</summary>
    public void Run() => Run(_calls);

    /// <summary>A value as shaders read it. Lives as long as the plan.</summary>
    public GpuBufferView View(PlanValue value)
    {
        long offset = value.Offset * sizeof(float), bytes = Bytes(value);
        if (!_views.TryGetValue((offset, bytes), out var view))
            _views[(offset, bytes)] = view = new GpuBufferView(_arena, offset, bytes);
        return view;
    }

    public void Dispose()
    {
        foreach (var view in _views.Values)
            view.Dispose();
        _parameters?.Dispose();
        _arena.Dispose();
    }

    private static long Bytes(PlanValue value) => Math.Max(value.Info.Elements(4), 4) * sizeof(float);

    private void VerifyFits(PlanStep step)
    {
        long most = Math.Min(_device.Limits.StorageBlockBytes, _device.Limits.ReadableBytes(_device.Info.ReadPath));
        foreach (var value in step.Values)
        {
            if (Bytes(value) > most)
                throw new GlException($"{step.Node}: a tensor of {value.Info.Shape} takes {Bytes(value)} bytes; this device allows {most} in one tensor.");
        }
    }

    private void Run(Call[] calls)
    {
        ShaderProgram? current = null;
        foreach (var call in calls)
        {
            if (call.Barrier)
                _device.TensorBarrier();
            if (call.Program != current)
                (current = call.Program).Use();
            _parameters!.BindUniform(0, call.ParamsOffset, call.Params.Length);
            _arena.BindStorage(0, call.OutputOffset, call.OutputBytes);
            for (int i = 0; i < call.Reads.Length; i++)
                call.Reads[i].Bind((uint)i + 1);
            _device.Gl.DispatchCompute((uint)call.Groups.X, (uint)call.Groups.Y, (uint)call.Groups.Z);
        }

        _device.TensorBarrier();
    }

    private Call[] Prepare(IReadOnlyList<PlanStep> steps)
    {
        var calls = new List<Call>();
        var hazards = new HazardTracker();
        foreach (var step in steps)
        {
            foreach (var dispatch in Dispatches(step))
            {
                bool barrier = hazards.NeedsBarrier(step, dispatch);
                calls.Add(Prepare(step, dispatch, barrier));
            }
        }

        return [.. calls];
    }

    private static Dispatch[] Dispatches(PlanStep step) => step.Work.Refusal == null
        ? ((GpuWork)step.Work).Dispatches
        : throw new NotSupportedException($"{step.Node}: {step.Work.Refusal}");

    private Call Prepare(PlanStep step, Dispatch dispatch, bool barrier)
    {
        int most = _device.Limits.ReadableTensors(_device.Info.ReadPath);
        if (dispatch.Reads.Length > most)
            throw new GlException($"{step.Node}: reads {dispatch.Reads.Length} tensors at once; this device allows {most}.");
        try
        {
            var program = Program(step, dispatch);
            GpuBufferView[] reads = [.. dispatch.Reads.Select(read =>
                read.Weights is { } weights ? _weights.Get(step.Node, weights) : View(read.ValueOf(step)!))];
            var written = dispatch.Writes.ValueOf(step)!;
            return new Call(program, dispatch.Params, reads, written.Offset * sizeof(float), Bytes(written), FitGroups(dispatch.ByGroups ? dispatch.Invocations : program.Groups(dispatch.Invocations), step), barrier);
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
        public int ParamsOffset { get; set; }
    }
}
