namespace RealtimeCnn.Onnx.Importing;

/// <summary>Operators that compute nothing while the network runs.</summary>
internal static class Constants
{
    public static void Map(OnnxNode node)
    {
        if (node.Has("value"))
            node.Return(new Value(null, node.Tensor("value")!));
        else if (node.Has("value_float"))
            node.Return(new Value(null, OnnxTensor.Scalar(OnnxType.Float, node.Float("value_float", 0))));
        else if (node.Has("value_int"))
            node.Return(new Value(null, OnnxTensor.From(OnnxType.Int64, new Shape(ReadOnlySpan<int>.Empty), [node.Int("value_int", 0)])));
        else if (node.Floats("value_floats") is { } floats)
            node.Return(new Value(null, OnnxTensor.From(OnnxType.Float, new Shape(floats.Length), Array.ConvertAll(floats, value => (double)value))));
        else if (node.Ints("value_ints") is { } ints)
            node.Return(new Value(null, OnnxTensor.Vector(ints)));
        else
            throw OnnxNode.Unsupported("value", "is a string or sparse, or missing; dense tensors and numbers are supported.");
    }

    public static void Identity(OnnxNode node) => node.Return(node.Input(0));

    public static void ShapeOf(OnnxNode node) => node.Return(new Value(null, Shapes.Extents(node, node.Input(0).Shape)));

    public static void Size(OnnxNode node) => node.Return(new Value(null, OnnxTensor.Scalar(OnnxType.Int64, node.Input(0).Shape.Count)));
}
