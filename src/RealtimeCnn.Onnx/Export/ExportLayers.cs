using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Export;

/// <summary>The table of layers: what each is written as. The other direction of <see cref="Importing.OnnxLayers"/>.</summary>
internal static class ExportLayers
{
    private static readonly Dictionary<Type, Action<ExportNode>> Table = new()
    {
        [typeof(Constant)] = node => node.Result("Identity", [node.Parameter(0)]),
        [typeof(Identity)] = node => node.Typed(node.InputType(), "Identity", [node.RawInput()]),
        [typeof(Dropout)] = ExportStructure.Dropout,

        // Convolutions and products
        [typeof(Conv2d)] = ExportWindows.Convolution,
        [typeof(DepthwiseConv2d)] = ExportWindows.Convolution,
        [typeof(PointwiseConv2d)] = ExportWindows.Convolution,
        [typeof(ConvTranspose2d)] = ExportWindows.ConvTranspose,
        [typeof(Linear)] = ExportWindows.Linear,
        [typeof(MatMul)] = node => node.Result("MatMul", [node.Input(0), node.Input(1)]),
        [typeof(Einsum)] = node => node.Result("Einsum", ExportStructure.All(node), Attributes.Text("equation", ((Einsum)node.Node.Layer).Equation)),

        // Pooling
        [typeof(MaxPool2d)] = node => node.Results("MaxPool", [node.Input()], [OnnxType.Float, OnnxType.Int64], ExportWindows.Pooling(node, hasDilations: true)),
        [typeof(AveragePool2d)] = ExportWindows.AveragePool,
        [typeof(LpPool2d)] = ExportWindows.LpPool,
        [typeof(GemPool2d)] = ExportWindows.GemPool,
        [typeof(GlobalGemPool)] = ExportWindows.GlobalGemPool,
        [typeof(WeightedAveragePool2d)] = ExportWindows.WeightedAveragePool,
        [typeof(GlobalAveragePool)] = node => node.Result("GlobalAveragePool", [node.Input()]),
        [typeof(GlobalMaxPool)] = node => node.Result("GlobalMaxPool", [node.Input()]),
        [typeof(GlobalLpPool)] = ExportWindows.GlobalLpPool,
        [typeof(AdaptiveAveragePool2d)] = node => ExportWindows.Adaptive(node, "GlobalAveragePool", "AveragePool"),
        [typeof(AdaptiveMaxPool2d)] = node => ExportWindows.Adaptive(node, "GlobalMaxPool", "MaxPool"),

        // Activations
        [typeof(PRelu)] = node => node.Result("PRelu", [node.Input(), node.Parameter(0)]),
        [typeof(Softmax)] = node => node.Result("Softmax", [node.Input()], Attributes.Int("axis", ((Softmax)node.Node.Layer).Axis)),
        [typeof(LogSoftmax)] = node => node.Result("LogSoftmax", [node.Input()], Attributes.Int("axis", ((LogSoftmax)node.Node.Layer).Axis)),

        // Normalisation
        [typeof(BatchNorm2d)] = ExportNormalizations.BatchNorm,
        [typeof(InstanceNorm2d)] = ExportNormalizations.InstanceNorm,
        [typeof(GroupNorm)] = ExportNormalizations.GroupNorm,
        [typeof(LayerNorm)] = ExportNormalizations.LayerNorm,
        [typeof(Lrn)] = ExportNormalizations.Lrn,
        [typeof(InputNormalization)] = ExportNormalizations.InputNormalization,

        // Structure
        [typeof(Where)] = node => node.Result("Where", [node.Input(0, OnnxType.Bool), node.Input(1), node.Input(2)]),
        [typeof(Concat)] = node => node.Result("Concat", ExportStructure.All(node), Attributes.Int("axis", ((Concat)node.Node.Layer).Axis)),
        [typeof(Slice)] = ExportStructure.Slice,
        [typeof(Split)] = ExportStructure.Split,
        [typeof(Reshape)] = node => node.Typed(node.InputType(), "Reshape", [node.RawInput(), node.Vector("shape", ((Reshape)node.Node.Layer).Extents)]),
        [typeof(Flatten)] = ExportStructure.Flatten,
        [typeof(Squeeze)] = ExportStructure.Squeeze,
        [typeof(Unsqueeze)] = node => node.Typed(node.InputType(), "Unsqueeze", [node.RawInput(), node.Vector("axes", ((Unsqueeze)node.Node.Layer).Axes)]),
        [typeof(Transpose)] = ExportStructure.Transpose,
        [typeof(Expand)] = node => node.Typed(node.InputType(), "Expand", [node.RawInput(), node.Vector("shape", ((Expand)node.Node.Layer).Shape.ToArray())]),
        [typeof(Tile)] = node => node.Typed(node.InputType(), "Tile", [node.RawInput(), node.Vector("repeats", ((Tile)node.Node.Layer).Repeats)]),
        [typeof(Pad)] = ExportStructure.Pad,
        [typeof(Resize2d)] = ExportStructure.Resize,
        [typeof(DepthToSpace)] = ExportStructure.DepthToSpace,
        [typeof(SpaceToDepth)] = ExportStructure.SpaceToDepth,
        [typeof(ChannelShuffle)] = ExportStructure.ChannelShuffle,
        [typeof(Gather)] = node => node.Result("Gather", [node.Input(0), node.Input(1, OnnxType.Int64)], Attributes.Int("axis", ((Gather)node.Node.Layer).Axis)),
        [typeof(GatherElements)] = node => node.Result("GatherElements", [node.Input(0), node.Input(1, OnnxType.Int64)], Attributes.Int("axis", ((GatherElements)node.Node.Layer).Axis)),
        [typeof(GatherNd)] = node => node.Result("GatherND", [node.Input(0), node.Input(1, OnnxType.Int64)], Attributes.Int("batch_dims", ((GatherNd)node.Node.Layer).BatchAxes)),
        [typeof(OneHot)] = ExportStructure.OneHot,
        [typeof(NonMaxSuppression)] = ExportStructure.NonMaxSuppression,

        // Reductions
        [typeof(Reduce)] = ExportReductions.Reduce,
        [typeof(ArgMax)] = node => ExportReductions.ArgExtreme(node, "ArgMax"),
        [typeof(ArgMin)] = node => ExportReductions.ArgExtreme(node, "ArgMin"),
        [typeof(TopK)] = ExportReductions.TopK,
        [typeof(CumSum)] = ExportReductions.CumSum,
        [typeof(Maxout)] = ExportReductions.Maxout,
    };

    private static readonly Dictionary<Type, string> Operators = new()
    {
        [typeof(Add)] = "Add", [typeof(Subtract)] = "Sub", [typeof(Multiply)] = "Mul", [typeof(Divide)] = "Div", [typeof(Pow)] = "Pow", [typeof(Min)] = "Min", [typeof(Max)] = "Max",
        [typeof(Exp)] = "Exp", [typeof(Log)] = "Log", [typeof(Sqrt)] = "Sqrt", [typeof(Abs)] = "Abs", [typeof(Neg)] = "Neg", [typeof(Reciprocal)] = "Reciprocal",
        [typeof(Floor)] = "Floor", [typeof(Ceil)] = "Ceil", [typeof(Round)] = "Round", [typeof(Sign)] = "Sign", [typeof(Erf)] = "Erf",
        [typeof(Sin)] = "Sin", [typeof(Cos)] = "Cos", [typeof(Tan)] = "Tan", [typeof(Asin)] = "Asin", [typeof(Acos)] = "Acos", [typeof(Atan)] = "Atan",
        [typeof(Sinh)] = "Sinh", [typeof(Cosh)] = "Cosh", [typeof(Asinh)] = "Asinh", [typeof(Acosh)] = "Acosh", [typeof(Atanh)] = "Atanh",
    };

    private static readonly Dictionary<Type, string> Predicates = new()
    {
        [typeof(Equal)] = "Equal", [typeof(Greater)] = "Greater", [typeof(GreaterOrEqual)] = "GreaterOrEqual", [typeof(Less)] = "Less", [typeof(LessOrEqual)] = "LessOrEqual",
        [typeof(IsNaN)] = "IsNaN", [typeof(IsInfinity)] = "IsInf",
    };

    private static readonly Dictionary<Type, string> Logic = new()
    {
        [typeof(LogicalAnd)] = "And", [typeof(LogicalOr)] = "Or", [typeof(LogicalXor)] = "Xor", [typeof(LogicalNot)] = "Not",
    };

    /// <summary>What writes a layer; null where nothing does.</summary>
    public static Action<ExportNode>? Find(Type layer)
    {
        if (Table.TryGetValue(layer, out var write))
            return write;
        if (layer.IsSubclassOf(typeof(ActivationLayer)))
            return ExportActivations.Write;
        if (Operators.TryGetValue(layer, out string? op))
            return node => node.Result(op, ExportStructure.All(node));
        if (Predicates.TryGetValue(layer, out op))
            return node => node.Typed(OnnxType.Bool, op, ExportStructure.All(node));
        if (Logic.TryGetValue(layer, out op))
            return node => node.Typed(OnnxType.Bool, op, Enumerable.Range(0, node.InputCount).Select(i => node.Input(i, OnnxType.Bool)));
        if (layer == typeof(Square))
            return node => node.Result("Mul", [node.Input(), node.Input()]);
        if (layer == typeof(Remainder))
            return ExportStructure.Remainder;
        if (layer == typeof(TruncatedRemainder))
            return node => node.Result("Mod", ExportStructure.All(node), Attributes.Int("fmod", 1));
        return null;
    }
}
