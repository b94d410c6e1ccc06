using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx;

/// <summary>
/// An operator of a domain of its own, and the layer that it stands for: what <see cref="OnnxLoadOptions.Operators"/> and
/// <see cref="OnnxExporter"/> take for layers of other assemblies. In a file its inputs are the layer's inputs, then its parameters
/// as constants, all float32; its output is the layer's first.
/// </summary>
public sealed class OnnxOperator
{
    private readonly Func<OnnxOperatorReader, Layer> _read;
    private readonly Action<Layer, OnnxAttributeWriter> _write;

    private OnnxOperator(string domain, string name, Type layer, Func<OnnxOperatorReader, Layer> read, Action<Layer, OnnxAttributeWriter> write) =>
        (Domain, Name, Layer, _read, _write) = (domain, name, layer, read, write);

    /// <summary>The domain, usually a reversed internet name such as <c>com.example</c>.</summary>
    public string Domain { get; }

    /// <summary>Name of the operator in its domain.</summary>
    public string Name { get; }

    /// <summary>Version of the domain's operator set that is written.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The layer.</summary>
    internal Type Layer { get; }

    /// <summary>An operator in both directions.</summary>
    /// <typeparam name="TLayer">The layer that it stands for.</typeparam>
    /// <param name="domain">The domain, usually a reversed internet name; not the standard one.</param>
    /// <param name="name">Name of the operator in its domain.</param>
    /// <param name="read">Makes the layer of a node's attributes and the shapes of its inputs.</param>
    /// <param name="write">Writes the layer's hyper-parameters as attributes.</param>
    /// <exception cref="ArgumentException">The domain is empty, or ONNX's own.</exception>
    public static OnnxOperator For<TLayer>(string domain, string name, Func<OnnxOperatorReader, TLayer> read, Action<TLayer, OnnxAttributeWriter> write)
        where TLayer : Layer
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(write);
        if (domain == "ai.onnx" || domain.StartsWith("ai.onnx.", StringComparison.Ordinal))
            throw new ArgumentException($"The domain '{domain}' is ONNX's own; give '{name}' one of yours, such as com.example.", nameof(domain));
        return new OnnxOperator(domain, name, typeof(TLayer), node => read(node), (layer, attributes) => write((TLayer)layer, attributes));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Domain}.{Name}";

    internal void Import(OnnxNode node)
    {
        var layer = Guard("reading it", () => _read(new OnnxOperatorReader(node)) ?? throw new InvalidOperationException("there is no layer."));
        var specs = layer.Parameters;
        int inputs = node.InputCount - specs.Count;
        var (fewest, most) = layer.InputCount;
        if (inputs < fewest || inputs > most)
            throw OnnxNode.Problem("inputs", $"are {node.InputCount}; {layer.GetType().Name} takes {(fewest == most ? $"{fewest}" : $"{fewest} to {most}")}, and {specs.Count} parameters behind them.");
        var parameters = specs.Select((spec, i) =>
        {
            var value = node.Constant(inputs + i, spec.Name);
            return value.Shape == spec.Shape ? node.Graph.Parameter(value) : throw OnnxNode.Problem(spec.Name, $"has shape {value.Shape}; {layer.GetType().Name} needs {spec.Shape}.");
        }).ToArray();
        node.Return(node.Add(layer, [.. Enumerable.Range(0, inputs).Select(node.Input)], OnnxType.Float, parameters));
    }

    internal void Export(ExportNode node)
    {
        var attributes = new OnnxAttributeWriter();
        _ = Guard($"writing {node.Node}", () =>
        {
            _write(node.Node.Layer, attributes);
            return true;
        });
        node.Graph.Import(Domain, Version);
        node.Result(Domain, Name, [.. Enumerable.Range(0, node.InputCount).Select(node.Input), .. node.Node.Parameters.Select((_, i) => node.Parameter(i))], attributes.Attributes);
    }

    /// <summary>The operators by domain and name.</summary>
    /// <exception cref="ArgumentException">One of them is there twice.</exception>
    internal static Dictionary<string, OnnxOperator> ByName(IReadOnlyList<OnnxOperator> operators) => By(operators, op => op.ToString(), name => name);

    /// <summary>The operators by layer.</summary>
    /// <exception cref="ArgumentException">Two of them stand for one layer.</exception>
    internal static Dictionary<Type, OnnxOperator> ByLayer(IReadOnlyList<OnnxOperator> operators) => By(operators, op => op.Layer, layer => layer.Name);

    private static Dictionary<TKey, OnnxOperator> By<TKey>(IReadOnlyList<OnnxOperator> operators, Func<OnnxOperator, TKey> keyOf, Func<TKey, string> text)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, OnnxOperator>();
        foreach (var op in operators)
        {
            if (!found.TryAdd(keyOf(op), op))
                throw new ArgumentException($"There are two operators for {text(keyOf(op))}: {found[keyOf(op)]} and {op}.", nameof(operators));
        }

        return found;
    }

    /// <summary>Runs code from outside; whatever it throws becomes an error that says whose it is.</summary>
    private T Guard<T>(string doing, Func<T> code)
    {
        try
        {
            return code();
        }
        catch (Exception problem) when (problem is not (MappingException or ShapeException or OnnxException))
        {
            throw new OnnxException($"Operator {this} of assembly {Layer.Assembly.GetName().Name}: {doing} failed: {problem.Message}", problem);
        }
    }
}
