using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>Changes of the element type.</summary>
internal static class Casts
{
    /// <summary>The type a Cast asks for.</summary>
    public static OnnxType Target(OnnxNode node)
    {
        var type = (OnnxType)node.Int("to", 0);
        return type.IsSupported() ? type : throw OnnxNode.Unsupported("attribute 'to'", $"asks for {type.Text()}; {OnnxTypes.Supported} are supported.");
    }

    public static void Cast(OnnxNode node)
    {
        _ = node.Flag("saturate", true);
        node.Return(To(node, node.Input(0), Target(node)));
    }

    public static void CastLike(OnnxNode node)
    {
        _ = node.Flag("saturate", true);
        node.Return(To(node, node.Input(0), node.Input(1).Type));
    }

    /// <summary>A value as another type: floats lose their fraction toward zero when they become integers, and bool is whether a number is not 0.</summary>
    private static Value To(OnnxNode node, Value x, OnnxType type)
    {
        if (x.Constant != null || type == x.Type)
            return node.Retyped(x, type);
        if (type == OnnxType.Bool)
            return node.Add(new LogicalNot(), [node.Add(new LogicalNot(), [x], OnnxType.Bool)], OnnxType.Bool);
        if (!type.IsInteger() || x.Type.IsInteger())
            return node.Retyped(x, type);
        var whole = node.Add(new Floor(), [node.Add(new Abs(), x)], type);
        return node.Add(new Multiply(), [node.Add(new Sign(), x), whole], type);
    }
}
