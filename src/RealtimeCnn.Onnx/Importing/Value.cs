using RealtimeCnn.Graphs;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>
/// A value of an ONNX graph during import: either a constant of the file, or what a layer will compute. Its type is the one the
/// file declares; a network carries every type as float32.
/// </summary>
/// <param name="name">Name in the file; null for a value between the layers that one node becomes.</param>
/// <param name="type">Element type.</param>
/// <param name="shape">Extent along each axis.</param>
internal sealed class Value(string? name, OnnxType type, Shape shape)
{
    // A chain of values known only through inputs is followed no further, so that no file can exhaust the stack.
    private const int MaxKnownDepth = 256;

    private Func<OnnxTensor?>? _known;
    private Shape[]? _outputShapes;
    private int _knownDepth;

    /// <summary>A constant of the file.</summary>
    public Value(string? name, OnnxTensor constant)
        : this(name, constant.Type, constant.Shape) => Constant = constant;

    public string? Name { get; set; } = name;

    public OnnxType Type { get; } = type;

    public Shape Shape { get; } = shape;

    /// <summary>The value itself, where the file fixes it.</summary>
    public OnnxTensor? Constant { get; }

    /// <summary>What computes the value; null for constants and inputs, and for values of other values' memory.</summary>
    public Layer? Layer { get; init; }

    /// <summary>What the layer reads.</summary>
    public IReadOnlyList<Value> Inputs { get; init; } = [];

    /// <summary>The layer's parameter values.</summary>
    public IReadOnlyList<Tensor> Parameters { get; init; } = [];

    /// <summary>The node that was made of it.</summary>
    public Node? Node { get; set; }

    /// <summary>Whether rows of −1 at the end only fill a shape whose real length depends on the data.</summary>
    public bool IsPadded { get; init; }

    /// <summary>Whether the value can be told at load.</summary>
    public bool MayBeKnown => Constant != null || _known != null;

    /// <summary>Lets a computed value also be told at load, through the values of inputs that the caller gave.</summary>
    /// <param name="known">Evaluates it.</param>
    /// <param name="from">What the evaluation reads.</param>
    public void MayResolveTo(Func<OnnxTensor?> known, IEnumerable<Value?> from)
    {
        _knownDepth = 1 + from.Max(value => value?._knownDepth ?? 0);
        if (_knownDepth <= MaxKnownDepth)
            _known = known;
    }

    /// <summary>The value, if it can be told at load: from the file, or from the inputs that the caller gave.</summary>
    public OnnxTensor? Resolve() => Constant ?? _known?.Invoke();

    /// <summary>The shapes of all outputs of the layer that computes the value.</summary>
    public Shape[] OutputShapes() => _outputShapes ??= Layer!.InferShapes(Inputs.Map(input => input.Shape));

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {Type.Text()} {Shape}";
}
