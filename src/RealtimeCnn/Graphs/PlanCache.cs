namespace RealtimeCnn.Graphs;

/// <summary>
/// The plans of a network, one for each combination of input shapes and options, so that a camera may change its size at any frame. Holds a
/// few and frees the least recently used.
/// </summary>
/// <param name="capacity">Most plans held, at least 1; the one in use is held beside it while a new one is not used yet.</param>
internal sealed class PlanCache<TPlan>(int capacity) : IDisposable
    where TPlan : class, IDisposable
{
    private readonly LinkedList<Held> _plans = new();

    public int Count => _plans.Count;

    /// <summary>Those held now.</summary>
    public IEnumerable<TPlan> Plans => _plans.Select(entry => entry.Plan);

    /// <summary>The plan that ran last, whose results callers may still read; null before the first run.</summary>
    public TPlan? Current { get; private set; }

    /// <summary>The plan for these shapes and options, or null where there is none yet. Allocates nothing.</summary>
    public TPlan? Find(PlanOptions options, ReadOnlySpan<Shape> shapes)
    {
        for (var entry = _plans.First; entry != null; entry = entry.Next)
        {
            if (options != entry.Value.Options || !shapes.SequenceEqual(entry.Value.Shapes))
                continue;
            if (entry != _plans.First)
            {
                _plans.Remove(entry);
                _plans.AddFirst(entry);
            }

            return entry.Value.Plan;
        }

        return null;
    }

    /// <summary>Holds a plan that is new.</summary>
    public void Add(PlanOptions options, ReadOnlySpan<Shape> shapes, TPlan plan)
    {
        _plans.AddFirst(new Held(options, shapes.ToArray(), plan));
        Trim(plan);
    }

    /// <summary>Makes a plan the current one.</summary>
    public void Use(TPlan plan)
    {
        if (plan == Current)
            return;
        Current = plan;
        Trim(plan);
    }

    /// <summary>Gives up a plan, which becomes the caller's.</summary>
    public void Remove(TPlan plan)
    {
        var entry = _plans.First;
        while (entry!.Value.Plan != plan)
            entry = entry.Next;
        _plans.Remove(entry);
    }

    /// <summary>Frees a plan that no longer holds.</summary>
    public void Drop(TPlan plan)
    {
        Remove(plan);
        if (plan == Current)
            Current = null;
        plan.Dispose();
    }

    public void Dispose()
    {
        foreach (var (_, _, plan) in _plans)
            plan.Dispose();
        _plans.Clear();
        Current = null;
    }

    private void Trim(TPlan newest)
    {
        for (var entry = _plans.Last; entry != null && _plans.Count > capacity;)
        {
            var before = entry.Previous;
            if (entry.Value.Plan != newest && entry.Value.Plan != Current)
            {
                entry.Value.Plan.Dispose();
                _plans.Remove(entry);
            }

            entry = before;
        }
    }

    private sealed record Held(PlanOptions Options, Shape[] Shapes, TPlan Plan);
}
