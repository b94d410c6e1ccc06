using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Onnx;

/// <summary>Where an <see cref="OnnxOperator"/> writes a layer's hyper-parameters.</summary>
public sealed class OnnxAttributeWriter
{
    internal OnnxAttributeWriter()
    {
    }

    internal List<AttributeProto> Attributes { get; } = [];

    /// <summary>Writes an integer.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="value">Its value.</param>
    public void SetInt(string name, long value) => Attributes.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });

    /// <summary>Writes a number.</summary>
    /// <inheritdoc cref="SetInt"/>
    public void SetFloat(string name, float value) => Attributes.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value });

    /// <summary>Writes a text.</summary>
    /// <inheritdoc cref="SetInt"/>
    public void SetText(string name, string value) => Attributes.Add(Export.Attributes.Text(name, value));

    /// <summary>Writes integers.</summary>
    /// <param name="name">Name of the attribute.</param>
    /// <param name="values">Its values.</param>
    public void SetInts(string name, params IEnumerable<long> values) => Attributes.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } });

    /// <summary>Writes numbers.</summary>
    /// <inheritdoc cref="SetInts"/>
    public void SetFloats(string name, params IEnumerable<float> values) => Attributes.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { values } });
}
