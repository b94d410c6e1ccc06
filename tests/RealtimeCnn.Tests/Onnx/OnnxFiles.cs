using Google.Protobuf;
using RealtimeCnn.Onnx;
using RealtimeCnn.Onnx.Protos;

namespace RealtimeCnn.Tests.Onnx;

/// <summary>Makes small ONNX files for tests.</summary>
internal static class OnnxFiles
{
    public static ModelProto Model(long opset = 17, long ir = 8) => new()
    {
        IrVersion = ir,
        Graph = new GraphProto { Name = "test" },
        OpsetImport = { new OperatorSetIdProto { Version = opset } },
    };

    public static ModelProto Input(this ModelProto model, string name, OnnxType type, params object[] extents)
    {
        model.Graph.Input.Add(Port(name, type, extents));
        return model;
    }

    public static ModelProto Output(this ModelProto model, string name, OnnxType type = OnnxType.Float)
    {
        model.Graph.Output.Add(Port(name, type, []));
        return model;
    }

    public static ModelProto Node(this ModelProto model, string op, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        model.Graph.Node.Add(new NodeProto { OpType = op, Name = $"{op.ToLowerInvariant()}1", Input = { inputs }, Output = { outputs }, Attribute = { attributes } });
        return model;
    }

    public static ModelProto Constant(this ModelProto model, string name, OnnxTensor tensor)
    {
        model.Graph.Initializer.Add(Tensor(name, tensor));
        return model;
    }

    public static TensorProto Tensor(string name, OnnxTensor tensor) => new()
    {
        Name = name, DataType = (int)tensor.Type, Dims = { tensor.Shape.ToArray().Select(extent => (long)extent) }, RawData = ByteString.CopyFrom(tensor.Bytes.Span),
    };

    public static OnnxTensor Floats(Shape shape, params double[] values) => OnnxTensor.From(OnnxType.Float, shape, values);

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static OnnxModel Load(this ModelProto model, OnnxLoadOptions? options = null) => OnnxModel.Load(model.ToByteArray(), "test.onnx", options);

    /// <summary>The message that loading ends with.</summary>
    public static string Refusal(this ModelProto model, OnnxLoadOptions? options = null) => Assert.Throws<OnnxException>(() => model.Load(options)).Message;

    private static ValueInfoProto Port(string name, OnnxType type, object[] extents)
    {
        var shape = new TensorShapeProto();
        foreach (object extent in extents)
            shape.Dim.Add(extent is string text ? new TensorShapeProto.Types.Dimension { DimParam = text } : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(extent, null) });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
