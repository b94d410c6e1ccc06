using RealtimeCnn.Graphs;

namespace RealtimeCnn.Kernels;

/// <summary>The copies of parameters that one plan reads.</summary>
internal sealed class PackedSet(ParameterStore store, IPackingDevice device) : IDisposable
{
    private readonly HashSet<PackedCopy> _copies = [];
    private long _seen = -1;

    /// <summary>The copies.</summary>
    public IReadOnlyCollection<PackedCopy> Copies => _copies;

    /// <summary>A copy, whose memory stays where it is; packed by the next <see cref="Refresh"/>.</summary>
    public PackedCopy Take(PackedWeights weights)
    {
        var copy = store.Take(device, weights);
        if (!_copies.Add(copy))
            store.Release(device, copy);
        return copy;
    }

    /// <summary>Keeps parameters from changing for a run.</summary>
    /// <exception cref="InvalidOperationException">This thread is editing a parameter.</exception>
    public ParameterReading BeginRun() => store.IsEditing
        ? throw new InvalidOperationException("This thread is editing a parameter of the network; dispose the edit before the run.")
        : store.Read();

    /// <summary>
    /// Packs what is stale, copy by copy and large ones in pieces, so that the next <see cref="Refresh"/> finds nothing to do. What was
    /// computed only to be packed is there until its last copy is: the copies of a parameter come one after the other.
    /// </summary>
    public IEnumerable<double> Units()
    {
        double done = 0;
        Parameter[] packed = [];
        foreach (var copy in _copies)
        {
            Release(packed.Except(copy.Weights.Sources));
            packed = copy.Weights.Sources;
            long version = copy.Weights.Version;
            for (int piece = 0; RefreshPiece(copy, piece, version); piece++)
                yield return (done + ((piece + 1) / (piece + 2.0))) / _copies.Count;
            yield return ++done / _copies.Count;
        }

        Release(packed);
    }

    /// <summary>Packs what has changed; within <see cref="BeginRun"/>.</summary>
    /// <param name="together">Packs all copies in another way than one after the other; null where there is none.</param>
    /// <returns>Whether any copy has changed since this set was asked last.</returns>
    public bool Refresh(Action? together = null)
    {
        long version = store.Version;
        if (version == _seen)
            return false;
        bool changed = false;
        lock (store.Refreshing)
        {
            together?.Invoke();
            foreach (var copy in _copies)
            {
                copy.Refresh();
                // Another plan may have packed it.
                changed |= copy.Version > _seen;
            }
        }

        _seen = version;
        return changed;
    }

    private void Release(IEnumerable<Parameter> parameters)
    {
        lock (store.Refreshing)
        {
            foreach (var parameter in parameters)
                parameter.Release();
        }
    }

    private bool RefreshPiece(PackedCopy copy, int piece, long version)
    {
        using var reading = BeginRun();
        lock (store.Refreshing)
            return copy.Refresh(piece, version);
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
            store.Release(device, copy);
        _copies.Clear();
    }
}
