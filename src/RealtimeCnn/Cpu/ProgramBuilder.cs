using RealtimeCnn.Graphs;

namespace RealtimeCnn.Cpu;

/// <summary>Makes the program of a plan's steps: what each costs, which it comes after, and how threads share it.</summary>
/// <param name="steps">The steps, whose values have their places.</param>
/// <param name="pool">Whose threads run it.</param>
internal sealed unsafe class ProgramBuilder(IReadOnlyList<PlanStep> steps, WorkerPool pool)
{
    private readonly List<Entry> _calls = [];
    private int _step;

    /// <summary>Adds a call of the step that is being added, behind those before.</summary>
    public void Add(CpuDispatch dispatch, CpuArguments* arguments) => _calls.Add(new Entry(dispatch, (nint)arguments, _step));

    /// <summary>Goes on to the next step.</summary>
    public void EndStep() => _step++;

    /// <summary>The program of all calls.</summary>
    public CpuProgram Build()
    {
        double[] costs = new double[_calls.Count];
        for (int i = 0; i < costs.Length; i++)
            costs[i] = SharingRule.Cost(steps[_calls[i].Step].Call) / steps[_calls[i].Step].Work.DispatchCount;
        int participants = pool.Sharing.Participants(costs, pool.Threads);
        int[][]? order = participants == 1 ? null : StepOrder.Of(steps, CpuKernels.Block);
        // The last call of each step.
        int[] last = new int[steps.Count];
        var calls = new CpuCall[_calls.Count];
        for (int i = 0; i < calls.Length; i++)
        {
            var (dispatch, arguments, step) = _calls[i];
            bool isFirst = i == 0 || _calls[i - 1].Step != step;
            int[] after = order == null ? [] : isFirst ? Array.ConvertAll(order[step], before => last[before]) : [i - 1];
            // A call without items is over when somebody has come by, and not before those it comes after.
            calls[i] = new CpuCall(dispatch, (CpuArguments*)arguments, pool.Sharing.Share(Math.Max(dispatch.Items, 1), costs[i], participants, after));
            last[step] = i;
        }

        return new CpuProgram(calls, pool, participants);
    }

    private sealed record Entry(CpuDispatch Dispatch, nint Arguments, int Step);
}
