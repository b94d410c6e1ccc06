using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>The table of operators: what each becomes. Adding one is a line here and a small function in the file of its family.</summary>
internal static class OnnxLayers
{
    private static readonly Dictionary<string, Action<OnnxNode>> Table = new(StringComparer.Ordinal)
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
        ["Mul"] = Elementwise.Binary(new Multiply()),
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
        ["NonMaxSuppression"] = Detection.NonMaxSuppression,
    };

    /// <summary>Every operator that can be mapped, in order.</summary>
    public static IEnumerable<string> Operators => Table.Keys.Order(StringComparer.Ordinal);

    /// <summary>What maps an operator of the standard domain; null where it is not supported.</summary>
    public static Action<OnnxNode>? Find(string op) => Table.GetValueOrDefault(op);

    /// <summary>What to say about an operator that is not in the table.</summary>
    public static string Nearest(string op)
    {
        string? other = Table.Keys.FirstOrDefault(known => string.Equals(known, op, StringComparison.OrdinalIgnoreCase));
        return other != null ? $"'{other}' is (names are case-sensitive)" : $"{Table.Count} operators of the standard domain are (docs/onnx.md lists them)";
    }
}
