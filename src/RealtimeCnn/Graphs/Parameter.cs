using RealtimeCnn.Kernels;

namespace RealtimeCnn.Graphs;

/// <summary>
/// Values of a layer that do not come from its inputs: weights, biases, statistics, constants. They may change between runs: what
/// was packed or computed of them follows before the next run of every network that reads them.
/// </summary>
/// <remarks>
/// A run sees all parameters as they were when it began: <see cref="Edit"/> waits until no network of the graph runs, and a run
/// waits until no parameter is edited. A span of <see cref="Values"/> is not guarded so: read it where nobody writes.
/// </remarks>
public sealed class Parameter
{
    private readonly Derivation? _derivation;
    private Tensor? _values;
    private bool _isSeen;
    private bool _isFreed;
    private const long Unknown = -1;

    private long _version;
    private long _plainVersion;
    private long _finiteVersion = Unknown;
    private bool _isFinite;
    private PackedCopy? _master;

    /// <summary>A parameter that is written.</summary>
    internal Parameter(string name, Tensor values, ParameterStore store, bool isStatistic)
    {
        (Name, Shape, _values, Store, IsStatistic) = (name, values.Shape, values, store, isStatistic);
        _version = _plainVersion = store.Version;
    }

    /// <summary>A parameter that is computed of others, and again when one of them changes.</summary>
    /// <param name="name">Names it in errors.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="store">That of the sources.</param>
    /// <param name="derivation">What it is computed of, and how.</param>
    /// <param name="values">What it is now, the parameter's from now on; null to compute it when it is read.</param>
    internal Parameter(string name, Shape shape, ParameterStore store, Derivation derivation, Tensor? values = null)
    {
        (Name, Shape, Store, _derivation, _values) = (name, shape, store, derivation, values);
        _plainVersion = values == null ? Unknown : Version;
    }

    /// <summary>The name of its node, and its name in the layer: <c>conv1.weight</c>. Where nodes share it, that of the first.</summary>
    public string Name { get; }

    /// <summary>Extent along each axis, in elements.</summary>
    public Shape Shape { get; }

    /// <summary>Whether it is measured on data, such as a running mean, instead of trained by gradients.</summary>
    public bool IsStatistic { get; }

    /// <summary>Rises with every change.</summary>
    public long Version => _derivation?.Version ?? _version;

    /// <summary>All elements, row-major. Valid until the graph is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The graph was disposed.</exception>
    public ReadOnlySpan<float> Values => Tensor.Span;

    /// <summary>The elements as a tensor that nobody may write to or dispose.</summary>
    internal Tensor Tensor
    {
        get
        {
            // Whoever has seen the elements may look again.
            if (!_isSeen)
            {
                lock (Store.Refreshing)
                    _isSeen = true;
            }

            return Refresh();
        }
    }

    /// <summary>The elements for whoever packs them or computes of them, until <see cref="Release"/>.</summary>
    internal ReadOnlySpan<float> Elements => Refresh().Span;

    /// <summary>Whether no element is a NaN or an infinity. Found out once for each change; elements that only packings have read are freed again.</summary>
    internal bool IsFinite
    {
        get
        {
            if (_finiteVersion == Version)
                return _isFinite;
            using var reading = Store.Read();
            lock (Store.Refreshing)
            {
                bool wasComputed = _values != null;
                (_isFinite, _finiteVersion) = (FinitePacking.AreFinite(Elements), Version);
                if (!wasComputed)
                    Release();
                return _isFinite;
            }
        }
    }

    /// <summary>Whether somebody has asked for <see cref="IsFinite"/>, and may have chosen by the answer.</summary>
    internal bool WasAskedForFinite => _finiteVersion != Unknown;

    /// <summary>What it shares versions with.</summary>
    internal ParameterStore Store { get; }

    /// <summary>Replaces all elements; the next run of each network sees them.</summary>
    /// <param name="values">All elements, row-major.</param>
    /// <exception cref="ShapeException">The number of elements is not that of the shape.</exception>
    /// <exception cref="InvalidOperationException">The parameter is computed of others.</exception>
    public void Write(ReadOnlySpan<float> values)
    {
        if (values.Length != Shape.Count)
            throw new ShapeException($"Parameter '{Name}' of shape {Shape} has {Shape.Count} elements; {values.Length} were given.");
        using var edit = Edit();
        values.CopyTo(edit.Values);
    }

    /// <summary>Gives access to the elements for a change in place; the next run after its disposal sees them. Allocates nothing.</summary>
    /// <returns>Dispose it on the same thread, soon: runs on other threads wait for it.</returns>
    /// <exception cref="InvalidOperationException">The parameter is computed of others.</exception>
    public ParameterEdit Edit()
    {
        if (_derivation != null)
            throw new InvalidOperationException($"Parameter '{Name}' is computed of {_derivation}; write to those.");
        Store.EnterWrite();
        try
        {
            return new ParameterEdit(this, null, Tensor.Span);
        }
        catch
        {
            Store.ExitWrite();
            throw;
        }
    }

    /// <summary>A change has ended; the copy that was written, or null for the plain elements, is what the parameter is from now on.</summary>
    internal void Changed(PackedCopy? master)
    {
        _version = Store.Advance();
        _master = master;
        if (master == null)
            _plainVersion = _version;
        else
            master.Version = _version;
    }

    /// <summary>Takes the elements out of a copy that is about to be freed, where they are nowhere else.</summary>
    internal void Leave(PackedCopy copy)
    {
        // No edit may come between: it could make another copy the master.
        using var reading = Store.Read();
        lock (Store.Refreshing)
        {
            if (_master != copy)
                return;
            Refresh();
            _master = null;
        }
    }

    /// <summary>Adds this parameter and all that it is computed of.</summary>
    internal void CollectSources(HashSet<Parameter> found)
    {
        if (!found.Add(this) || _derivation == null)
            return;
        foreach (var source in _derivation.Sources)
            source.CollectSources(found);
    }

    /// <summary>
    /// Frees elements that are computed of others and that only packings have read: they are computed again when they are needed.
    /// Within <see cref="ParameterStore.Refreshing"/>.
    /// </summary>
    internal void Release()
    {
        if (_derivation == null || _isSeen || _values == null)
            return;
        _values.Dispose();
        (_values, _plainVersion) = (null, Unknown);
        foreach (var source in _derivation.Sources)
            source.Release();
    }

    /// <summary>Frees the elements for good.</summary>
    internal void Free()
    {
        _isFreed = true;
        _values?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";

    private Tensor Refresh()
    {
        ObjectDisposedException.ThrowIf(_isFreed, this);
        if (_plainVersion == Version)
            return _values!;
        using var reading = Store.Read();
        lock (Store.Refreshing)
        {
            long version = Version;
            if (_plainVersion == version)
                return _values!;
            _values ??= new Tensor(Shape);
            if (_derivation != null)
                _derivation.Compute(_values.Span);
            else
                _master!.Unpack(_values.Span);
            _plainVersion = version;
            return _values;
        }
    }
}

/// <summary>How a parameter is computed of others.</summary>
/// <param name="Sources">What is read.</param>
/// <param name="Compute">Writes all elements.</param>
internal sealed record Derivation(IReadOnlyList<Parameter> Sources, Action<Span<float>> Compute)
{
    /// <summary>That of the source that changed last.</summary>
    public long Version
    {
        get
        {
            long version = 0;
            for (int i = 0; i < Sources.Count; i++)
                version = Math.Max(version, Sources[i].Version);
            return version;
        }
    }

    public override string ToString() => string.Join(", ", Sources.Select(source => source.Name));
}

/// <summary>A change of a parameter: dispose it on the thread that began it, and what follows from the parameter follows.</summary>
public readonly ref struct ParameterEdit : IDisposable
{
    private readonly Parameter _parameter;
    private readonly PackedCopy? _copy;

    internal ParameterEdit(Parameter parameter, PackedCopy? copy, Span<float> values)
    {
        (_parameter, _copy) = (parameter, copy);
        Values = values;
    }

    /// <summary>All elements, to read and to write: row-major, or in the order of the packing whose copy is edited.</summary>
    public Span<float> Values { get; }

    /// <summary>Ends the change.</summary>
    public void Dispose()
    {
        _parameter.Changed(_copy);
        _parameter.Store.ExitWrite();
    }
}
