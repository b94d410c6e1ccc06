using System.Diagnostics.CodeAnalysis;
using RealtimeCnn.Kernels;

namespace RealtimeCnn.Graphs;

/// <summary>
/// The parameters of a graph and of all graphs that passes make of it: who may write when, what the time is (a version is the time
/// of the last change), and the copies that kernels read, each made once for all plans on a device.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Networks may still read when the graph frees its parameters; a finalizer frees the lock.")]
internal sealed class ParameterStore
{
    private readonly ReaderWriterLockSlim _gate = new(LockRecursionPolicy.SupportsRecursion);
    private readonly Dictionary<Tensor, Parameter> _owned = [];
    private readonly Dictionary<(IPackingDevice, PackedWeights), PackedCopy> _copies = [];
    private long _version;

    /// <summary>The version of the parameter that changed last.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Held while something is computed of parameters, so that two runs do not both do it.</summary>
    public Lock Refreshing { get; } = new();

    /// <summary>Copies that live now.</summary>
    public int CopyCount
    {
        get
        {
            lock (_copies)
                return _copies.Count;
        }
    }

    /// <summary>The parameters that hold what they were given, not computed of others.</summary>
    public IReadOnlyCollection<Parameter> Owned => _owned.Values;

    /// <summary>The parameter that owns these values from now on; one for each tensor, so that nodes share what they are given together.</summary>
    public Parameter Own(Tensor values, string name, bool isStatistic = false) =>
        _owned.TryGetValue(values, out var parameter) ? parameter : _owned[values] = new Parameter(name, values, this, isStatistic);

    /// <summary>The parameters of a node, named after it.</summary>
    public Parameter[] Own(string node, Layers.Layer layer, IReadOnlyList<Tensor> values)
    {
        var specs = layer.Parameters;
        return values.Map((tensor, i) => i < specs.Count ? Own(tensor, $"{node}.{specs[i].Name}", specs[i].IsStatistic) : Own(tensor, $"{node}.{i}"));
    }

    /// <summary>Keeps other threads from changing parameters until the result is disposed, on the same thread.</summary>
    public ParameterReading Read()
    {
        _gate.EnterReadLock();
        return new ParameterReading(_gate);
    }

    /// <summary>Whether the calling thread is editing a parameter.</summary>
    public bool IsEditing => _gate.IsWriteLockHeld;

    /// <summary>Waits until nobody reads, and keeps everybody else out until <see cref="ExitWrite"/>, on the same thread.</summary>
    /// <exception cref="InvalidOperationException">This thread is editing a parameter already.</exception>
    public void EnterWrite()
    {
        if (_gate.IsWriteLockHeld)
            throw new InvalidOperationException("This thread is editing a parameter of the graph already; dispose that edit first.");
        _gate.EnterWriteLock();
    }

    /// <inheritdoc cref="EnterWrite"/>
    public void ExitWrite() => _gate.ExitWriteLock();

    /// <summary>The version of a change that ends now.</summary>
    public long Advance() => Interlocked.Increment(ref _version);

    /// <summary>A copy for one more user, made where there is none yet. <see cref="Release"/> it.</summary>
    public PackedCopy Take(IPackingDevice device, PackedWeights weights)
    {
        lock (_copies)
        {
            if (!_copies.TryGetValue((device, weights), out var copy))
                _copies[(device, weights)] = copy = device.Allocate(weights);
            copy.Users++;
            return copy;
        }
    }

    /// <summary>One user less; frees the copy after the last.</summary>
    public void Release(IPackingDevice device, PackedCopy copy)
    {
        lock (_copies)
        {
            if (--copy.Users > 0)
                return;
            _copies.Remove((device, copy.Weights));
        }

        foreach (var source in copy.Weights.Sources)
            source.Leave(copy);
        copy.Dispose();
    }
}

/// <summary>Parameters that do not change, until this is disposed.</summary>
internal readonly ref struct ParameterReading(ReaderWriterLockSlim gate) : IDisposable
{
    public void Dispose() => gate.ExitReadLock();
}
