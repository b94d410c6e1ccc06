namespace RealtimeCnn.Graphs.Passes;

/// <summary>Parameters that passes compute of others. They follow when those change, and are freed with the graph that passes made.</summary>
internal sealed class DerivedParameters(ParameterStore store)
{
    private readonly HashSet<Parameter> _parameters = [];

    /// <summary>Those that live.</summary>
    public IReadOnlyCollection<Parameter> Parameters => _parameters;

    /// <summary>A parameter that is computed of others when it is read, and again whenever they change.</summary>
    /// <param name="name">Names it in errors.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="sources">What it is computed of.</param>
    /// <param name="compute">Writes all elements.</param>
    public Parameter Add(string name, Shape shape, IReadOnlyList<Parameter> sources, Action<Span<float>> compute) =>
        Add(new Parameter(name, shape, store, new Derivation(sources, compute)));

    /// <summary>The same, where its present values are known.</summary>
    public Parameter Add(string name, Tensor values, IReadOnlyList<Parameter> sources, Action<Span<float>> compute) =>
        Add(new Parameter(name, values.Shape, store, new Derivation(sources, compute), values));

    /// <summary>Frees those that no node reads and none that a node reads is computed of.</summary>
    public void FreeUnused(Graph graph)
    {
        var used = new HashSet<Parameter>();
        foreach (var parameter in graph.Parameters)
            parameter.CollectSources(used);
        foreach (var parameter in _parameters.Where(parameter => !used.Contains(parameter)))
            parameter.Free();
        _parameters.IntersectWith(used);
    }

    /// <summary>Frees all, where no graph takes them over.</summary>
    public void Free()
    {
        foreach (var parameter in _parameters)
            parameter.Free();
    }

    private Parameter Add(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }
}
