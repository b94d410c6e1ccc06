using RealtimeCnn.Layers;
using RealtimeCnn.Onnx.Export;
using RealtimeCnn.Onnx.Importing;

namespace RealtimeCnn.Onnx;

/// <summary>
/// Operators and layers, in both directions: what each operator of a file becomes, and what each layer is written as. Adding one is a
/// line in each table and, where it takes more, functions in the files of its family.
/// </summary>
internal static class OnnxLayers
{
    private static readonly Dictionary<string, Action<OnnxNode>> Read = new(StringComparer.Ordinal)
    {
        // Values
        ["Constant"] = Constants.Map,
        ["Identity"] = Constants.Identity,
        ["Shape"] = Constants.ShapeOf,
        ["Size"] = Constants.Size,
        ["Cast"] = Casts.Cast,
        ["CastLike"] = Casts.CastLike,

        // Convolutions
        ["Conv"] = Convolutions.Conv,
        ["ConvTranspose"] = Convolutions.ConvTranspose,

        ["ConvInteger"] = Quantization.ConvInteger,
        ["QLinearConv"] = Quantization.QLinearConv,

        // Products
        ["Gemm"] = Products.Gemm,
        ["MatMul"] = Products.MatMul,
        ["MatMulInteger"] = Quantization.MatMulInteger,
        ["QLinearMatMul"] = Quantization.QLinearMatMul,
        ["Einsum"] = Structure.Einsum,

        // Quantisation
        ["QuantizeLinear"] = Quantization.QuantizeLinear,
        ["DequantizeLinear"] = Quantization.DequantizeLinear,
        ["DynamicQuantizeLinear"] = Quantization.DynamicQuantizeLinear,

        // Pooling
        ["MaxPool"] = Pooling.MaxPool,
        ["AveragePool"] = Pooling.AveragePool,
        ["LpPool"] = Pooling.LpPool,
        ["GlobalAveragePool"] = Elementwise.Unary(new GlobalAveragePool()),
        ["GlobalMaxPool"] = Elementwise.Unary(new GlobalMaxPool()),
        ["GlobalLpPool"] = Pooling.GlobalLpPool,

        // Activations
        ["Relu"] = Activations.Plain(new Relu()),
        ["Sigmoid"] = Activations.Plain(new Sigmoid()),
        ["Tanh"] = Activations.Plain(new Tanh()),
        ["HardSwish"] = Activations.Plain(new HardSwish()),
        ["Mish"] = Activations.Plain(new Mish()),
        ["Softplus"] = Activations.Plain(new Softplus()),
        ["Softsign"] = Activations.Plain(new Softsign()),
        ["LeakyRelu"] = Activations.LeakyRelu,
        ["Elu"] = Activations.Elu,
        ["Celu"] = Activations.Celu,
        ["Selu"] = Activations.Selu,
        ["HardSigmoid"] = Activations.HardSigmoid,
        ["ThresholdedRelu"] = Activations.ThresholdedRelu,
        ["Gelu"] = Activations.Gelu,
        ["Swish"] = Activations.Swish,
        ["ScaledTanh"] = Activations.ScaledTanh,
        ["ParametricSoftplus"] = Activations.ParametricSoftplus,
        ["Shrink"] = Activations.Shrink,
        ["Clip"] = Activations.Clip,
        ["PRelu"] = Activations.PRelu,
        ["Softmax"] = Activations.Normalised(axis => new Softmax(axis)),
        ["LogSoftmax"] = Activations.Normalised(axis => new LogSoftmax(axis)),

        // Normalisation
        ["BatchNormalization"] = Normalizations.BatchNorm,
        ["InstanceNormalization"] = Normalizations.InstanceNorm,
        ["GroupNormalization"] = Normalizations.GroupNorm,
        ["LayerNormalization"] = Normalizations.LayerNorm,
        ["LRN"] = Normalizations.Lrn,
        ["Dropout"] = Normalizations.Dropout,

        // Elementwise
        ["Add"] = Elementwise.Binary(new Add()),
        ["Sub"] = Elementwise.Binary(new Subtract()),
        ["Mul"] = ComposedActivations.Multiply,
        ["Div"] = Elementwise.Divide,
        ["Pow"] = Elementwise.Binary(new Pow()),
        ["Mod"] = Elementwise.Modulo,
        ["Sum"] = Elementwise.Variadic(new Add()),
        ["Mean"] = Elementwise.Mean,
        ["Max"] = Elementwise.Variadic(new Max()),
        ["Min"] = Elementwise.Variadic(new Min()),
        ["Equal"] = Elementwise.Predicate(new Equal()),
        ["Greater"] = Elementwise.Predicate(new Greater()),
        ["GreaterOrEqual"] = Elementwise.Predicate(new GreaterOrEqual()),
        ["Less"] = Elementwise.Predicate(new Less()),
        ["LessOrEqual"] = Elementwise.Predicate(new LessOrEqual()),
        ["And"] = Elementwise.Predicate(new LogicalAnd()),
        ["Or"] = Elementwise.Predicate(new LogicalOr()),
        ["Xor"] = Elementwise.Predicate(new LogicalXor()),
        ["Not"] = Elementwise.Unary(new LogicalNot(), OnnxType.Bool),
        ["IsNaN"] = Elementwise.Unary(new IsNaN(), OnnxType.Bool),
        ["IsInf"] = Elementwise.IsInfinity,
        ["Where"] = Elementwise.Where,
        ["Abs"] = Elementwise.Unary(new Abs()),
        ["Neg"] = Elementwise.Unary(new Neg()),
        ["Exp"] = Elementwise.Unary(new Exp()),
        ["Log"] = Elementwise.Unary(new Log()),
        ["Sqrt"] = Elementwise.Unary(new Sqrt()),
        ["Reciprocal"] = Elementwise.Unary(new Reciprocal()),
        ["Floor"] = Elementwise.Unary(new Floor()),
        ["Ceil"] = Elementwise.Unary(new Ceil()),
        ["Round"] = Elementwise.Unary(new Round()),
        ["Sign"] = Elementwise.Unary(new Sign()),
        ["Erf"] = Elementwise.Unary(new Erf()),
        ["Sin"] = Elementwise.Unary(new Sin()),
        ["Cos"] = Elementwise.Unary(new Cos()),
        ["Tan"] = Elementwise.Unary(new Tan()),
        ["Asin"] = Elementwise.Unary(new Asin()),
        ["Acos"] = Elementwise.Unary(new Acos()),
        ["Atan"] = Elementwise.Unary(new Atan()),
        ["Sinh"] = Elementwise.Unary(new Sinh()),
        ["Cosh"] = Elementwise.Unary(new Cosh()),
        ["Asinh"] = Elementwise.Unary(new Asinh()),
        ["Acosh"] = Elementwise.Unary(new Acosh()),
        ["Atanh"] = Elementwise.Unary(new Atanh()),
        ["Affine"] = Elementwise.Affine,
        ["ImageScaler"] = Elementwise.ImageScaler,

        // Structure
        ["Reshape"] = Structure.Reshape,
        ["Flatten"] = Structure.Flatten,
        ["Squeeze"] = Structure.Squeeze,
        ["Unsqueeze"] = Structure.Unsqueeze,
        ["Transpose"] = Structure.Transpose,
        ["Expand"] = Structure.Expand,
        ["Tile"] = Structure.Tile,
        ["Slice"] = Structure.Slice,
        ["Split"] = Structure.Split,
        ["Concat"] = Structure.Concat,
        ["Pad"] = Structure.Pad,
        ["Gather"] = Structure.Gather,
        ["GatherElements"] = Structure.GatherElements,
        ["GatherND"] = Structure.GatherNd,
        ["OneHot"] = Structure.OneHot,
        ["Resize"] = Resizing.Resize,
        ["Upsample"] = Resizing.Upsample,
        ["DepthToSpace"] = Structure.DepthToSpace,
        ["SpaceToDepth"] = Structure.SpaceToDepth,
        ["Crop"] = Structure.Crop,

        // Reductions
        ["ReduceMean"] = Reductions.Map(ReduceFunction.Mean),
        ["ReduceSum"] = Reductions.Map(ReduceFunction.Sum),
        ["ReduceMax"] = Reductions.Map(ReduceFunction.Max),
        ["ReduceMin"] = Reductions.Map(ReduceFunction.Min),
        ["ReduceProd"] = Reductions.Map(ReduceFunction.Product),
        ["ReduceL1"] = Reductions.Map(ReduceFunction.L1),
        ["ReduceL2"] = Reductions.Map(ReduceFunction.L2),
        ["ReduceLogSum"] = Reductions.Map(ReduceFunction.LogSum),
        ["ReduceLogSumExp"] = Reductions.Map(ReduceFunction.LogSumExp),
        ["ReduceSumSquare"] = Reductions.Map(ReduceFunction.SumSquare),
        ["ArgMax"] = Reductions.ArgExtreme(axis => new ArgMax(axis)),
        ["ArgMin"] = Reductions.ArgExtreme(axis => new ArgMin(axis)),
        ["TopK"] = Reductions.TopK,
        ["CumSum"] = Reductions.CumSum,

        // Losses
        ["NegativeLogLikelihoodLoss"] = Losses.NegativeLogLikelihood,
        ["SoftmaxCrossEntropyLoss"] = Losses.SoftmaxCrossEntropy,

        // Detection
        ["NonMaxSuppression"] = Detections.NonMaxSuppression,
    };

    /// <summary>Every operator that can be mapped, in order.</summary>
    public static IEnumerable<string> Operators => Read.Keys.Order(StringComparer.Ordinal);

    /// <summary>What maps an operator of the standard domain; null where it is not supported.</summary>
    public static Action<OnnxNode>? Find(string op) => Read.GetValueOrDefault(op);

    /// <summary>What to say about an operator that is not in the table.</summary>
    public static string Nearest(string op)
    {
        string? other = Read.Keys.FirstOrDefault(known => string.Equals(known, op, StringComparison.OrdinalIgnoreCase));
        return other != null ? $"'{other}' is (names are case-sensitive)" : $"{Read.Count} operators of the standard domain are (docs/onnx.md lists them)";
    }

    private static readonly Dictionary<Type, Action<ExportNode>> Written = new()
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
        [typeof(AveragePool2d)] = node => node.Result(
            "AveragePool", [node.Input()], [.. ExportWindows.MeanWindows(node), Attributes.Flag("count_include_pad", ((AveragePool2d)node.Node.Layer).CountIncludePad)]),
        [typeof(LpPool2d)] = ExportWindows.LpPool,
        [typeof(GemPool2d)] = node => ExportWindows.GeneralizedMean(node, ((GemPool2d)node.Node.Layer).Epsilon, "AveragePool", ExportWindows.MeanWindows(node)),
        [typeof(GlobalGemPool)] = node => ExportWindows.GeneralizedMean(node, ((GlobalGemPool)node.Node.Layer).Epsilon, "GlobalAveragePool"),
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
        [typeof(Resize2d)] = Resizing.Write,
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

    private static readonly Dictionary<Type, string> SameOperands = new()
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
    public static Action<ExportNode>? FindWriter(Type layer)
    {
        if (Written.TryGetValue(layer, out var write))
            return write;
        if (layer.IsSubclassOf(typeof(ActivationLayer)))
            return ExportActivations.Write;
        if (SameOperands.TryGetValue(layer, out string? op))
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
