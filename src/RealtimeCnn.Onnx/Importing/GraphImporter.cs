using RealtimeCnn.Onnx.Evaluation;
using RealtimeCnn.Onnx.Protos;
using RealtimeCnn.Onnx.Reading;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>
/// Makes a graph of a model: constants and shape arithmetic are evaluated on the way, every other node is mapped by
/// <see cref="OnnxLayers"/>, and whatever cannot be mapped is collected and reported at once.
/// </summary>
internal sealed class GraphImporter
{
    /// <summary>The oldest and the newest version of the standard operator set that this was written against.</summary>
    public const int OldestOpset = 6, NewestOpset = 26;

    private const int NewestIrVersion = 13, MaxProblemLength = 1000, MaxProblemsShown = 40;

    private readonly ModelProto _model;
    private readonly OnnxLoadOptions _options;
    private readonly TensorReader _tensors;
    private readonly GraphAssembly _graph;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _readAtLoad = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _opsets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxOperator> _operators;
    private readonly List<OnnxProblem> _problems = [];
    private readonly List<string> _inputs = [];

    // What callers fill; what nodes read of it is among the values.
    private readonly Dictionary<string, Value> _filled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inputNames = new(StringComparer.Ordinal);

    private GraphImporter(ModelProto model, OnnxLoadOptions options, TensorReader tensors, GraphAssembly graph) =>
        (_model, _options, _tensors, _graph, _operators) = (model, options, tensors, graph, OnnxOperator.ByName(options.Operators));

    /// <exception cref="OnnxException">The model is wrong, or asks for what is not supported.</exception>
    /// <exception cref="OperationCanceledException">The import was cancelled.</exception>
    public static OnnxModel Import(ModelProto model, string name, OnnxLoadOptions options, TensorReader tensors, Budget budget, CancellationToken cancellation)
    {
        using var graph = new GraphAssembly(budget);
        return new GraphImporter(model, options, tensors, graph).Import(name, cancellation);
    }

    private OnnxModel Import(string name, CancellationToken cancellation)
    {
        ReadVersions(name);
        var metadata = OnnxMetadata.Read(name, _model.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)), _graph.Note).With(_options.Beside);
        if (_options.Beside is { } beside)
            _graph.Note($"'{beside.Name}' beside the model says {string.Join(", ", beside.Entries.Keys)}.");
        FindAliases();
        ReadInitializers(cancellation);
        ReadInputs(metadata);
        foreach (var node in NodeOrder.Sort(_model.Graph.Node, _values.Keys.Concat(_failed).ToHashSet(StringComparer.Ordinal)))
        {
            cancellation.ThrowIfCancellationRequested();
            Map(node);
        }

        return Finish(name, metadata);
    }

    private void ReadVersions(string name)
    {
        if (_model.IrVersion > NewestIrVersion)
            _graph.Note($"IR version {_model.IrVersion} is newer than {NewestIrVersion}, the newest known here; what it added is not read.");
        foreach (var import in _model.OpsetImport)
            _opsets[import.Domain == "ai.onnx" ? string.Empty : import.Domain] = import.Version;
        long opset = _opsets.GetValueOrDefault(string.Empty, NewestOpset);
        if (opset < OldestOpset)
            throw OnnxException.Unsupported("operator set", $"'{name}' uses operator set {opset}; {OldestOpset} and up are supported. Convert it with onnx.version_converter.");
        if (opset > NewestOpset)
            _graph.Note($"Operator set {opset} is newer than {NewestOpset}, the newest known here; its operators are read as of {NewestOpset}.");
    }

    /// <summary>A value that only passes through Identity or Cast to an output is called like the output.</summary>
    private void FindAliases()
    {
        var outputs = _model.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in _model.Graph.Node)
        {
            if (node.OpType is "Identity" or "Cast" && node.Input.Count == 1 && node.Output.Count == 1 && outputs.Contains(node.Output[0]) && !outputs.Contains(node.Input[0]))
                _aliases.TryAdd(node.Input[0], node.Output[0]);
        }
    }

    private void ReadInitializers(CancellationToken cancellation)
    {
        foreach (var proto in _model.Graph.Initializer)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!((OnnxType)proto.DataType).IsSupported())
            {
                Report(proto.Name, "initializer", string.Empty, $"has elements of {((OnnxType)proto.DataType).Text()}; {OnnxTypes.Supported} are supported.", true);
                _failed.Add(proto.Name);
                continue;
            }

            if (!_values.TryAdd(proto.Name, new Value(proto.Name, _tensors.Read(proto))))
                throw new OnnxException($"Initialiser '{proto.Name}' is there twice.");
        }

        foreach (var sparse in _model.Graph.SparseInitializer)
        {
            string name = sparse.Values?.Name ?? string.Empty;
            Report(name, "initializer", string.Empty, "is sparse; only dense tensors are supported.", true);
            _failed.Add(name);
        }
    }

    private void ReadInputs(OnnxMetadata metadata)
    {
        foreach (var info in _model.Graph.Input)
        {
            if (_values.ContainsKey(info.Name) || _failed.Contains(info.Name))
                continue;
            if (info.Type?.ValueCase != TypeProto.ValueOneofCase.TensorType)
            {
                Report(info.Name, "input", string.Empty, $"is a {info.Type?.ValueCase.ToString() ?? "value without type"}; only tensors are supported.", true);
                _failed.Add(info.Name);
                continue;
            }

            var type = (OnnxType)info.Type.TensorType.ElemType;
            if (!type.IsSupported())
            {
                Report(info.Name, "input", string.Empty, $"has elements of {type.Text()}; {OnnxTypes.Supported} are supported.", true);
                _failed.Add(info.Name);
                continue;
            }

            var known = _options.Inputs.GetValueOrDefault(info.Name);
            Shape? given = known?.Shape ?? (_options.InputShapes.TryGetValue(info.Name, out var stated) ? stated : null);
            var shape = InputShapes.Resolve(info, given, _options.Size ?? metadata.InputSize, _graph.Note);
            _inputs.Add(info.Name);
            _inputNames.Add(info.Name);
            if (_options.TakesPictures && known == null && shape is { Rank: 4 } && shape[3] is 1 or 3 && shape[1] is not (1 or 3))
            {
                (_filled[info.Name], _values[info.Name]) = _graph.PictureInput(info.Name, type, shape);
                continue;
            }

            _filled[info.Name] = _values[info.Name] = _graph.Input(info.Name, type, shape, known == null ? null : HostShapes.Cast(known, type), () => _readAtLoad.Add(info.Name));
        }

        foreach (string name in _options.Inputs.Keys.Concat(_options.InputShapes.Keys))
        {
            if (!_inputNames.Contains(name) && !_failed.Contains(name))
                throw new OnnxException($"The model has no input '{name}'; it has {(_inputs.Count == 0 ? "none" : string.Join(", ", _inputs.Select(input => $"'{input}'")))}.");
        }
    }

    private void Map(NodeProto proto)
    {
        string domain = proto.Domain == "ai.onnx" ? string.Empty : proto.Domain;
        bool isDeclared = _opsets.TryGetValue(domain, out long opset);
        var mapping = domain.Length == 0 ? OnnxLayers.Find(proto.OpType)
            : _operators.TryGetValue(OnnxNode.OpOf(proto), out var custom) ? custom.Import : (Action<OnnxNode>?)null;
        var evaluate = domain.Length == 0 ? HostOps.Find(proto.OpType) : null;
        try
        {
            if (!isDeclared && domain.Length > 0)
                throw new MappingException(string.Empty, $"domain '{domain}' is not declared in opset_import.", false);
            if (mapping == null && evaluate == null)
                throw new MappingException(string.Empty, $"the operator is not supported; {(domain.Length == 0 ? OnnxLayers.Nearest(proto.OpType) : $"operators of domain '{domain}' are read by what {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.Operators)} holds, which is {(_operators.Count == 0 ? "nothing" : string.Join(", ", _operators.Keys))}")}.", true);
            if (proto.Input.Any(_failed.Contains))
            {
                Fail(proto);
                return;
            }

            Value?[] inputs = proto.Input.Map(input => input.Length == 0 ? null : _values[input]);
            var node = new OnnxNode(proto, opset == 0 ? NewestOpset : opset, inputs, _tensors, _graph);
            if (!TryEvaluate(node, inputs, evaluate))
                MapToLayers(node, inputs, mapping, evaluate);
            foreach (string attribute in node.UnreadAttributes)
                _graph.Note($"Attribute '{attribute}' of {proto.OpType} '{node.Name}' is ignored.");
            Publish(proto, node);
        }
        catch (MappingException problem)
        {
            Report(OnnxNode.NameOf(proto), OnnxNode.OpOf(proto), problem.Attribute, problem.Message, problem.IsUnsupported, opset);
            Fail(proto);
        }
        catch (OnnxException problem) when (problem.IsLimit)
        {
            throw problem.At($"{OnnxNode.OpOf(proto)} '{OnnxNode.NameOf(proto)}'");
        }
        catch (Exception problem) when (problem is OnnxException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            // Attributes may hold any numbers: whatever they break is the file's fault, and told as such.
            string shapes = string.Join(", ", proto.Input.Select(input => _values.TryGetValue(input, out var value) ? value.Shape.ToString() : "nothing"));
            string reason = problem is OnnxException or ShapeException ? problem.Message : $"the numbers that it is given do not fit its inputs, {shapes}.";
            Report(OnnxNode.NameOf(proto), OnnxNode.OpOf(proto), string.Empty, reason, false, opset);
            Fail(proto);
        }
    }

    /// <summary>Evaluates a node now when everything it reads is a constant of the file.</summary>
    private static bool TryEvaluate(OnnxNode node, Value?[] inputs, Func<OnnxNode, OnnxTensor[]>? evaluate)
    {
        if (evaluate == null || inputs.Length == 0 || inputs.Any(input => input != null && input.Constant == null))
            return false;
        var results = evaluate(node);
        for (int i = 0; i < results.Length; i++)
            node.Return(new Value(null, results[i]), i);
        return true;
    }

    private static void MapToLayers(OnnxNode node, Value?[] inputs, Action<OnnxNode>? mapping, Func<OnnxNode, OnnxTensor[]>? evaluate)
    {
        bool isKnown = evaluate != null && inputs.Length > 0 && inputs.All(input => input == null || input.MayBeKnown);
        if (mapping == null)
        {
            if (!isKnown)
                throw new MappingException("inputs", $"must be constants: {node.Op} is only evaluated at load.", true);
            // No layer does this, so the values given at load have to become part of the graph.
            var results = evaluate!(node);
            for (int i = 0; i < results.Length; i++)
                node.Return(new Value(null, results[i]), i);
            return;
        }

        mapping(node);
        if (!isKnown)
            return;
        var evaluated = new Lazy<OnnxTensor[]>(() => evaluate!(node));
        for (int i = 0; i < node.Results.Length; i++)
        {
            int output = i;
            // What can be told already, as an input that passes through, must not be told through itself.
            if (node.Results[i] is { MayBeKnown: false } result)
                result.MayResolveTo(() => output < evaluated.Value.Length ? evaluated.Value[output] : null, inputs);
        }
    }

    private void Publish(NodeProto proto, OnnxNode node)
    {
        var outputs = Enumerable.Range(0, proto.Output.Count).Where(i => proto.Output[i].Length > 0).ToList();
        foreach (int i in outputs)
        {
            if (node.Results[i] == null)
                throw new MappingException($"output {i}", $"'{proto.Output[i]}' is not supported.", true);
        }

        string baseName = outputs.Count > 0 ? proto.Output[outputs[0]] : node.Name;
        _graph.Commit(baseName, outputs.Select(i => (node.Results[i]!, _aliases.GetValueOrDefault(proto.Output[i], proto.Output[i]))));
        foreach (int i in outputs)
        {
            var value = node.Results[i]!;
            value.Name ??= proto.Output[i];
            _values[proto.Output[i]] = value;
            if (value.Constant != null)
                _graph.Keep(value.Constant);
            if (value.Type.IsInteger() && value.Layer != null && value.Type.Size() > 2)
                _graph.Note($"{value.Type.Text()} values are computed in float32, which is exact up to 2^24.");
        }
    }

    private OnnxModel Finish(string name, OnnxMetadata metadata)
    {
        if (_model.Graph.Output.Count == 0)
            throw new OnnxException($"'{name}' has no outputs.");
        foreach (var output in _model.Graph.Output)
        {
            if (!_values.ContainsKey(output.Name) && !_failed.Contains(output.Name))
                throw new OnnxException($"Output '{output.Name}' is no output of a node, no input and no initialiser.");
        }

        if (_problems.Count > 0)
        {
            string lines = string.Join(Environment.NewLine, _problems.Take(MaxProblemsShown).Select(problem => "  " + problem));
            if (_problems.Count > MaxProblemsShown)
                lines += $"{Environment.NewLine}  and {_problems.Count - MaxProblemsShown} more";
            throw new OnnxException($"'{name}' cannot be loaded:{(_problems.Count == 1 ? " " + _problems[0] : Environment.NewLine + lines)}", _problems);
        }

        Value[] outputs = _model.Graph.Output.Map(output => _values[output.Name]);
        var isRead = _graph.ReadWhileRunning(outputs);
        string[] fixedInputs = [.. _inputs.Where(input => _readAtLoad.Contains(input) && !isRead(_filled[input]))];
        string[] inputs = [.. _inputs.Except(fixedInputs)];
        foreach (string input in inputs.Where(_readAtLoad.Contains))
            _graph.Note($"Input '{input}' was also read at load: what it shapes stays as it was then.");
        OnnxPort Port(string port, Value value) => new(port, value.Type, value.Shape);
        return new OnnxModel(_graph.Build(inputs.Select(input => _filled[input]), outputs))
        {
            Inputs = inputs.Map(input => Port(input, _filled[input])),
            FixedInputs = fixedInputs.Map(input => Port(input, _filled[input])),
            Outputs = [.. _model.Graph.Output.Zip(outputs, (output, value) => Port(output.Name, value))],
            PaddedOutputs = outputs.Map(output => output.IsPadded),
            Metadata = metadata,
            Operators = _options.Operators,
            Notes = [.. _graph.Notes],
            IrVersion = _model.IrVersion,
            Opset = _opsets.GetValueOrDefault(string.Empty),
        };
    }

    private void Fail(NodeProto proto)
    {
        _graph.Discard();
        _failed.UnionWith(proto.Output.Where(output => output.Length > 0));
    }

    private void Report(string node, string op, string attribute, string reason, bool isUnsupported, long opset = 0) =>
        _problems.Add(new OnnxProblem(node, op, attribute, opset == 0 ? _opsets.GetValueOrDefault(string.Empty) : opset, Printable.Text(reason, MaxProblemLength), isUnsupported));
}
