namespace RealtimeCnn.Graphs;

/// <summary>
/// The plans of a network, one for each combination of input shapes and options, so that a camera may change its size at any frame. Holds a
/// few and frees the least recently used.
/// </summary>
/// <param name="capacity">Most plans held, at least 1.</param>
internal sealed class PlanCache<TPlan>(int capacity) : IDisposable
    where TPlan : class, IDisposable
{
    private readonly LinkedList<(PlanOptions Options, Shape[] Shapes, TPlan Plan)> _plans = new();

    public int Count => _plans.Count;

    /// <summary>Those held now.</summary>
    public IEnumerable<TPlan> Plans => _plans.Select(entry => entry.Plan);

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

    public TPlan Add(PlanOptions options, ReadOnlySpan<Shape> shapes, TPlan plan)
    {
        _plans.AddFirst((options, shapes.ToArray(), plan));
        if (_plans.Count > capacity)
        {
            _plans.Last!.Value.Plan.Dispose();
            _plans.RemoveLast();
        }

        return plan;
    }

    public void Dispose()
    {
        foreach (var (_, _, plan) in _plans)
            plan.Dispose();
        _plans.Clear();
    }
}
