using RealtimeCnn.Live;
using RealtimeCnn.OpenGL.Kernels;

namespace RealtimeCnn.OpenGL.Live;

/// <summary>A plan that runs in slices, at most one in a frame of the host's loop.</summary>
internal sealed class SlicedRun
{
    private readonly GpuPlan _plan;
    private readonly int[] _ends;
    private int _slice;
    private bool _hasRunInFrame;

    /// <param name="plan">The plan; it stays its owner's.</param>
    /// <param name="options">Their budget cuts it, by the times that the plan's build measured.</param>
    public SlicedRun(GpuPlan plan, LiveOptions options)
    {
        _plan = plan;
        _ends = StepSlices.Ends(options.StepMilliseconds ?? (options.BudgetMs == null ? [] : plan.StepMilliseconds), options.BudgetMs);
        _ends[^1] = plan.Plan.Steps.Count;
        _slice = _ends.Length;
    }

    /// <summary>Slices of a run.</summary>
    public int Count => _ends.Length;

    /// <summary>Whether nothing is left of the run that was begun.</summary>
    public bool IsDone => _slice == _ends.Length;

    /// <summary>Whether a run can be begun without a second slice in this frame.</summary>
    public bool HasRoom => IsDone && (Count == 1 || !_hasRunInFrame);

    /// <summary>Makes all slices those of a new run.</summary>
    public void Begin() => _slice = 0;

    /// <summary>Enqueues the next slice of a run that is not done.</summary>
    public void Advance()
    {
        _plan.Run(_slice == 0 ? 0 : _ends[_slice - 1], _ends[_slice]);
        _slice++;
        _hasRunInFrame = true;
    }

    /// <summary>Says that a frame of the host's loop begins.</summary>
    public void BeginFrame() => _hasRunInFrame = false;
}
