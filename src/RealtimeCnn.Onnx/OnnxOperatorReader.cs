using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx;

/// <summary>A node of an <see cref="OnnxOperator"/> in a file: its attributes, and the shapes of its inputs. Attributes that are not asked for are noted as ignored.</summary>
public sealed class OnnxOperatorReader
{
    private readonly OnnxNode _node;

    internal OnnxOperatorReader(OnnxNode node)
    {
        _node = node;
        InputShapes = [.. Enumerable.Range(0, node.InputCount).Select(i => node.Input(i).Shape)];
    }

    /// <summary>Shapes of all inputs, parameters included.</summary>
    public IReadOnlyList<Shape> InputShapes { get; }

    /// <summary>Version of the domain's operator set that the file declares.</summary>
    public long Version => _node.Opset;

    /// <summary>An integer.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="otherwise">What it is where the file does not say.</param>
    public long GetInt(string name, long otherwise) => _node.Int(name, otherwise);

    /// <summary>A number.</summary>
    /// <inheritdoc cref="GetInt"/>
    public float GetFloat(string name, float otherwise) => _node.Float(name, otherwise);

    /// <summary>A text.</summary>
    /// <inheritdoc cref="GetInt"/>
    public string GetText(string name, string otherwise) => _node.Text(name, otherwise);

    /// <summary>Integers; null where the file has none.</summary>
    /// <param name="name">Name of the attribute.</param>
    public IReadOnlyList<long>? GetInts(string name) => _node.Ints(name);

    /// <summary>Numbers; null where the file has none.</summary>
    /// <param name="name">Name of the attribute.</param>
    public IReadOnlyList<float>? GetFloats(string name) => _node.Floats(name);
}
