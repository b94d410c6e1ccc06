using RealtimeCnn.Graphs;
using RealtimeCnn.Kernels;
using RealtimeCnn.Layers;

namespace RealtimeCnn.Cpu;

/// <summary>Which kernels compute which layer: the table of contents of the CPU backend.</summary>
internal static class CpuKernels
{
    /// <summary>The backend's name.</summary>
    public const string Backend = "CPU";

    /// <summary>Channels in a block of the blocked layout: the lanes of one vector.</summary>
    public const int Block = Lanes.Count;

    /// <summary>All kernels; those of one layer the best first, the plain one last.</summary>
    public static KernelTable Table { get; } = new(Backend, Block,
    [
        CpuKernel.For<ToBlocked>((_, call) => LayoutConversionKernel.ToBlocked(call), LayoutRules.AsAsked),
        CpuKernel.For<ToPlain>((_, call) => LayoutConversionKernel.ToPlain(call), LayoutRules.AsAsked),
        CpuKernel.For<Widen>((_, call) => FrameKernel.Plan(call), LayoutRules.AsAsked, name: "frame", when: (_, call) => FrameKernel.Fits(call)),
        CpuKernel.For<Widen>((_, call) => ElementwiseKernel.Plan(default(Unchanged), call), LayoutRules.AsAsked),
        CpuKernel.For<Narrow>((_, call) => ElementwiseKernel.Plan(default(Unchanged), call), LayoutRules.AsAsked),
        CpuKernel.For<AddBorder>((_, call) => BorderKernel.Plan(call), LayoutRules.AsAsked),
        CpuKernel.For<RemoveBorder>((_, call) => BorderKernel.Plan(call), LayoutRules.AsAsked),
        CpuKernel.For<CopyChannels>(CopyChannelsKernel.Plan, LayoutRules.AsAsked),
        new AliasKernel(typeof(ReshapingLayer), ChannelMoves.Formats, "shuffle") { Block = ChannelMoves.ReshapedShuffle, Condition = ChannelMoves.Fits },
        new AliasKernel(typeof(ReshapingLayer), LayoutRules.Reshape),

        CpuKernel.For<DepthwiseConv2d>(DepthwiseStripKernel.Plan, DepthwiseStripKernel.Formats, name: "strip", when: DepthwiseStripKernel.Fits),
        CpuKernel.For<DepthwiseConv2d>(DepthwiseKernel.Plan, name: "depthwise", when: (layer, _) => layer.Multiplier == 1),
        CpuKernel.For<ConvolutionLayer>(SeparableBlockKernel.Plan, SeparableBlockKernel.Formats, name: "separable pair", when: SeparableBlockKernel.Fits, pays: SeparableBlock.PairPays, block: SeparableBlock.Pair),
        CpuKernel.For<ConvolutionLayer>(SeparableBlockKernel.Plan, SeparableBlockKernel.Formats, name: "inverted residual", when: SeparableBlockKernel.Fits, pays: SeparableBlock.InvertedResidualPays, block: SeparableBlock.InvertedResidual),
        CpuKernel.For<ConvolutionLayer>(StrassenKernel.Plan, SeparableBlockKernel.Formats, name: "separable strassen", when: StrassenKernel.Fits, pays: StrassenKernel.Pays, block: SeparableBlock.Separable, tolerance: StrassenKernel.Tolerance),
        CpuKernel.For<ConvolutionLayer>(SeparableBlockKernel.Plan, SeparableBlockKernel.Formats, name: "separable", when: SeparableBlockKernel.Fits, pays: SeparableBlock.SeparablePays, block: SeparableBlock.Separable),
        CpuKernel.For<ConvolutionLayer>(RowConvolutionKernel.Plan, LayoutRules.Plain, name: "rows", when: RowConvolutionKernel.Fits),
        CpuKernel.For<ConvolutionLayer>(FirstLayerKernel.Plan, FirstLayerKernel.Formats, name: "first layer", when: FirstLayerKernel.Fits),
        CpuKernel.For<ConvolutionLayer>(WinogradKernel.Plan<Winograd4>, LayoutRules.BorderAsWished, name: "winograd 4×4", when: WinogradRule.Fits, pays: WinogradRule.Pays<Winograd4>, tolerance: WinogradKernel.Tolerance4),
        CpuKernel.For<ConvolutionLayer>(WinogradKernel.Plan<Winograd2>, LayoutRules.BorderAsWished, name: "winograd 2×2", when: WinogradRule.Fits, pays: WinogradRule.Pays<Winograd2>, tolerance: WinogradKernel.Tolerance2),
        CpuKernel.For<ConvolutionLayer>(StrassenKernel.Plan, LayoutRules.BorderAsWished, name: "strassen", when: StrassenKernel.Fits, pays: StrassenKernel.Pays, tolerance: StrassenKernel.Tolerance),
        CpuKernel.For<ConvolutionLayer>(TileKernel.Plan, TileKernel.Formats, name: "tile", when: TileKernel.Fits),
        CpuKernel.For<ConvolutionLayer>(GroupTileKernel.Plan, TileKernel.Formats, name: "tile of groups", when: GroupTileKernel.Fits),
        CpuKernel.For<ConvolutionLayer>(ConvolutionKernel.Plan),
        CpuKernel.For<ConvTranspose2d>(ConvTransposeTileKernel.Plan, ConvTransposeTileKernel.Formats, name: "tile", when: ConvTransposeTileKernel.Fits),
        CpuKernel.For<ConvTranspose2d>(ConvTransposeKernel.Plan),
        CpuKernel.For<LocallyConnected2d>(LocallyConnectedKernel.Plan),
        CpuKernel.For<Linear>(ProductKernel.Plan, LayoutRules.AsGiven, name: "tile", pays: ProductKernel.Pays),
        CpuKernel.For<Linear>(LinearKernel.Plan),
        CpuKernel.For<MatMul>((_, call) => ProductKernel.Plan(call), LayoutRules.Plain, name: "tile", pays: ProductKernel.Pays),
        CpuKernel.For<MatMul>((_, call) => MatMulKernel.Plan(call), LayoutRules.Plain),
        CpuKernel.For<Einsum>(EinsumKernel.Plan, LayoutRules.Plain),

        CpuKernel.For<MaxPool2d>(DepthwisePoolKernel.Plan, DepthwisePoolKernel.Formats, name: "behind depthwise", when: DepthwisePoolKernel.Fits, pays: DepthwisePoolKernel.Pays, block: DepthwisePoolKernel.Block),
        CpuKernel.For<MaxPool2d>(RowPoolingKernel.Plan, LayoutRules.Plain, name: "rows", when: (layer, call) => !layer.ReturnIndices && RowPoolingKernel.Fits(layer, call)),
        CpuKernel.For<MaxPool2d>(SeparablePoolingKernel.Plan, name: "separable", when: (layer, _) => !layer.ReturnIndices && SeparablePoolingKernel.Fits(layer)),
        CpuKernel.For<MaxPool2d>((layer, call) => layer.ReturnIndices ? MaxPoolWithIndicesKernel.Plan(layer, call) : PoolingKernel.Plan<MaxPooling>(PoolingGeometry.Of(layer, call))),
        CpuKernel.For<AveragePool2d>(RowPoolingKernel.Plan, LayoutRules.Plain, name: "rows", when: RowPoolingKernel.Fits),
        CpuKernel.For<AveragePool2d>(SeparablePoolingKernel.Plan, name: "separable", when: (layer, _) => SeparablePoolingKernel.Fits(layer)),
        CpuKernel.For<AveragePool2d>((layer, call) => PoolingKernel.Plan<AveragePooling>(PoolingGeometry.Of(layer, call) with { CountIncludePad = layer.CountIncludePad })),
        CpuKernel.For<LpPool2d>((layer, call) => PoolingKernel.Plan<LpPooling>(PoolingGeometry.Of(layer, call) with { P = layer.P })),
        CpuKernel.For<GemPool2d>((layer, call) => PoolingKernel.Plan<GemPooling>(PoolingGeometry.Of(layer, call) with { P = layer.Epsilon }, GemPool2d.PackExponents(call, Block))),
        CpuKernel.For<WeightedAveragePool2d>((layer, call) => PoolingKernel.Plan<WeightedAveragePooling>(PoolingGeometry.Of(layer, call), layer.PackWeights())),
        CpuKernel.For<AdaptiveAveragePool2d>((_, call) => PoolingKernel.Plan<AveragePooling>(PoolingGeometry.Adaptive(call))),
        CpuKernel.For<AdaptiveMaxPool2d>((_, call) => PoolingKernel.Plan<MaxPooling>(PoolingGeometry.Adaptive(call))),
        CpuKernel.For<GlobalAveragePool>((_, call) => PoolingKernel.Plan<AveragePooling>(PoolingGeometry.Adaptive(call))),
        CpuKernel.For<GlobalMaxPool>((_, call) => PoolingKernel.Plan<MaxPooling>(PoolingGeometry.Adaptive(call))),
        CpuKernel.For<GlobalLpPool>((layer, call) => PoolingKernel.Plan<LpPooling>(PoolingGeometry.Adaptive(call) with { P = layer.P })),
        CpuKernel.For<GlobalGemPool>((layer, call) => PoolingKernel.Plan<GemPooling>(PoolingGeometry.Adaptive(call) with { P = layer.Epsilon }, GemPool2d.PackExponents(call, Block))),
        CpuKernel.For<Maxout>(MaxoutKernel.Plan),

        CpuKernel.For<BatchNorm2d>(BatchNormKernel.Plan, BatchNormKernel.Formats, saves: BatchNormKernel.Saves, updates: [2, 3]),
        CpuKernel.For<InstanceNorm2d>((layer, call) => ChannelStatisticsKernel.Plan(call, layer.Statistics, call.Parameters[0], call.Parameters[1])),
        CpuKernel.For<InputNormalization>((layer, call) => layer.IsMeasured
            ? ChannelStatisticsKernel.Plan(call, layer.Statistics, null, null)
            : ChannelAffineKernel.Plan(layer, call)),
        CpuKernel.For<LayerNorm>((layer, call) => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape)), LayoutRules.Plain),
        CpuKernel.For<GroupNorm>((layer, call) => RowNormalizationKernel.Plan(call, layer.Rows(call.Input.Shape)), LayoutRules.Plain),
        CpuKernel.For<Lrn>(LrnRowKernel.Plan, name: "rows", when: LrnRowKernel.Fits),
        CpuKernel.For<Lrn>(LrnKernel.Plan),
        CpuKernel.For<SoftmaxLayer>(SoftmaxKernel.Plan, LayoutRules.Plain),

        CpuKernel.For<ActivationLayer>(ActivationFunctions.Plan, LayoutRules.AsStored, inPlaceInput: 0),
        CpuKernel.For<UnaryLayer>((layer, call) => ElementwiseKernel.Plan(new UnaryOfVector(layer.Function), call), LayoutRules.AsStored, inPlaceInput: 0),
        CpuKernel.For<BinaryLayer>((layer, call) => BroadcastFunctions.Plan(layer.Function, call), LayoutRules.Broadcast, name: "over the first", when: (_, call) => call.Input.Shape == call.Output.Shape, inPlaceInput: 0),
        CpuKernel.For<BinaryLayer>((layer, call) => BroadcastFunctions.Plan(layer.Function, call), LayoutRules.Broadcast),
        CpuKernel.For<PRelu>((_, call) => BroadcastKernel.Plan<BroadcastFunctions.Slope>(call, VectorPacking.Of(call, 0, Block)), LayoutRules.PRelu),
        CpuKernel.For<Where>((_, call) => BroadcastKernel.Plan<BroadcastFunctions.Choose>(call), LayoutRules.Broadcast),
        CpuKernel.For<Dropout>(DropoutKernel.Plan, LayoutRules.Dropout),

        CpuKernel.For<Constant>(ConstantKernel.Plan, LayoutRules.Plain),
        new AliasKernel(typeof(Concat), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        CpuKernel.For<Concat>(ConcatKernel.Plan, LayoutRules.ConcatRuns),
        CpuKernel.For<Pad>(PadKernel.Plan, LayoutRules.Pad),
        new AliasKernel(typeof(StridedCopyLayer), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        CpuKernel.For<StridedCopyLayer>((layer, call) => StridedCopyKernel.Plan(layer.View(call.Input.Shape, call.Output.Shape), call), LayoutRules.StridedCopy),
        new AliasKernel(typeof(Split), ChannelMoves.Formats) { Condition = ChannelMoves.Fits },
        CpuKernel.For<Split>(SplitKernel.Plan, LayoutRules.StridedCopy),
        CpuKernel.For<Resize2d>((layer, call) => ResizeKernel.Plan(ResizeGeometry.Of(layer, call, Block))),
        CpuKernel.For<Reduce>(ReduceVectorKernel.Plan, LayoutRules.Reduce, name: "vector", when: ReduceVectorKernel.Fits),
        CpuKernel.For<Reduce>((layer, call) => ReduceKernel.Plan(layer.Function, ReduceLoop.Of(layer, call, Block)), LayoutRules.Reduce),
        CpuKernel.For<Gather>(GatherKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<GatherElements>(GatherElementsKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<GatherNd>(GatherNdKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<OneHot>(OneHotKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<CumSum>(CumSumKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<ArgExtremeLayer>(ArgExtremeKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<TopK>(TopKKernel.Plan, LayoutRules.Plain),
        CpuKernel.For<NonMaxSuppression>(NonMaxSuppressionKernel.Plan, LayoutRules.Plain),

        CpuKernel.For<SoftmaxCrossEntropy>(SoftmaxCrossEntropyKernel.Plan, LayoutRules.Plain, saves: call => [call.Input.Shape]),
        CpuKernel.For<MeanSquaredError>((_, call) => ElementwiseLossKernel.Plan<ElementLosses.Squared>(call), LayoutRules.Plain),
        CpuKernel.For<MeanAbsoluteError>((_, call) => ElementwiseLossKernel.Plan<ElementLosses.Absolute>(call), LayoutRules.Plain),
        CpuKernel.For<Huber>((layer, call) => ElementwiseLossKernel.Plan<ElementLosses.Huber>(call, layer.Delta), LayoutRules.Plain),
        CpuKernel.For<BinaryCrossEntropy>((_, call) => ElementwiseLossKernel.Plan<ElementLosses.BinaryCrossEntropy>(call), LayoutRules.Plain),
        CpuKernel.For<Focal>((layer, call) => ElementwiseLossKernel.Plan<ElementLosses.Focal>(call, layer.Alpha, layer.Gamma), LayoutRules.Plain),
        CpuKernel.For<CentreFocal>(CentreFocalKernel.Plan, LayoutRules.Plain, saves: call => [call.Input.Shape, new Shape()]),
        CpuKernel.For<PlaceClassification>(PlaceClassificationKernel.Plan, LayoutRules.Plain, saves: _ => [new Shape()]),
        CpuKernel.For<BoxRegression>(BoxRegressionKernel.Plan, LayoutRules.Plain, saves: _ => [new Shape()]),
        CpuKernel.For<LossSum>((layer, _) => LossSumKernel.Plan(layer), LayoutRules.Plain),
        CpuKernel.For<GradientSum>((_, call) => GradientSumKernel.Plan(call), LayoutRules.AsGiven, inPlaceInput: 0),
        CpuKernel.For<Filled>((layer, _) => FilledKernel.Plan(layer), LayoutRules.Plain),
    ]);

    /// <summary>All backward kernels, in the same order of preference. A layer that is not here cannot be trained through.</summary>
    public static KernelTable Backward { get; } = new(Backend, Block,
    [
        new AliasKernel(typeof(ReshapingLayer), LayoutRules.Reshape) { Gradient = new GradientRule(ForwardValues.None, _ => [GradientTarget.Input(0)]) },
        new AliasKernel(typeof(Add), LayoutRules.SameAsGiven) { Gradient = new GradientRule(ForwardValues.None, _ => [GradientTarget.Input(0), GradientTarget.Input(1)]) { Spread = OfOutput } },
        new AliasKernel(typeof(BinaryLayer), LayoutRules.SameAsGiven)
        {
            Gradient = new GradientRule(ForwardValues.None, _ => [GradientTarget.Input(0)]) { Spread = OfOutput },
            Condition = call => BinaryGradients.AddsLeft(((BinaryLayer)call.Layer).Function),
        },
        CpuKernel.Backward<BinaryLayer>(_ => [GradientTarget.Input(0)], BinaryGradients.PlanLeft, ForwardValues.Inputs, LayoutRules.Broadcast, name: "left", when: (layer, _) => !BinaryGradients.AddsLeft(layer.Function), spread: OfOutput),
        CpuKernel.Backward<BinaryLayer>(_ => [GradientTarget.Input(1)], BinaryGradients.PlanRight, ForwardValues.Inputs, LayoutRules.Broadcast, name: "right", spread: OfOutput),
        CpuKernel.Backward<Where>(_ => [GradientTarget.Input(1)], (_, call) => BroadcastKernel.Plan<BinaryGradients.Chosen>(call), ForwardValues.Inputs, LayoutRules.Broadcast, name: "first", spread: OfOutput),
        CpuKernel.Backward<Where>(_ => [GradientTarget.Input(2)], (_, call) => BroadcastKernel.Plan<BinaryGradients.NotChosen>(call), ForwardValues.Inputs, LayoutRules.Broadcast, name: "second", spread: OfOutput),
        CpuKernel.Backward<PRelu>(_ => [GradientTarget.Input(0)], (_, call) => BroadcastKernel.Plan<BinaryGradients.PReluByInput>(call, VectorPacking.Of(call, 0, Block)), ForwardValues.Inputs, LayoutRules.PRelu, name: "input"),
        CpuKernel.Backward<PRelu>(
            _ => [GradientTarget.Parameter(0)], (_, call) => BroadcastKernel.Plan<BinaryGradients.PReluBySlope>(call, VectorPacking.Of(call, 0, Block)), ForwardValues.Inputs, LayoutRules.PRelu, name: "slope", spread: OfOutput),
        CpuKernel.Backward<UnaryLayer>(_ => [GradientTarget.Input(0)], UnaryGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain, inPlaceInput: 0),

        CpuKernel.Backward<MatMul>(_ => [GradientTarget.Input(0)], (_, call) => MatMulGradientKernel.PlanLeft(call), ForwardValues.Inputs, LayoutRules.Plain, name: "left", spread: MatMulGradientKernel.Spread),
        CpuKernel.Backward<MatMul>(_ => [GradientTarget.Input(1)], (_, call) => MatMulGradientKernel.PlanRight(call), ForwardValues.Inputs, LayoutRules.Plain, name: "right", spread: MatMulGradientKernel.Spread),
        CpuKernel.Backward<Concat>(call => [.. Enumerable.Range(0, call.Inputs.Length).Select(GradientTarget.Input)], SplitKernel.PlanConcatGradient, layouts: LayoutRules.AsGiven),
        CpuKernel.Backward<StridedCopyLayer>(_ => [GradientTarget.Input(0)], StridedSpreadKernel.Plan, layouts: LayoutRules.Plain),
        CpuKernel.Backward<Pad>(_ => [GradientTarget.Input(0)], AxisGradientKernel.Plan, layouts: LayoutRules.Pad),
        CpuKernel.Backward<Resize2d>(_ => [GradientTarget.Input(0)], AxisGradientKernel.Plan),
        CpuKernel.Backward<Reduce>(_ => [GradientTarget.Input(0)], ReduceGradientKernel.Plan, Both, ReduceGradientKernel.Formats),
        CpuKernel.Backward<SoftmaxLayer>(_ => [GradientTarget.Input(0)], SoftmaxGradientKernel.Plan, ForwardValues.Outputs, LayoutRules.Plain),
        CpuKernel.Backward<LayerNorm>(NormalizedTargets, (layer, call) => RowNormalizationGradientKernel.Plan(call, layer.Rows(call.Input.Shape)), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<GroupNorm>(NormalizedTargets, (layer, call) => RowNormalizationGradientKernel.Plan(call, layer.Rows(call.Input.Shape)), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<InstanceNorm2d>(NormalizedTargets, (layer, call) => RowNormalizationGradientKernel.Plan(call, layer.Rows(call.Input.Shape)), ForwardValues.Inputs, LayoutRules.Plain),

        CpuKernel.Backward<Linear>(_ => [GradientTarget.Input(0)], LinearGradientKernel.PlanInput, layouts: LayoutRules.AsGiven, name: "input"),
        CpuKernel.Backward<Linear>(
            Parameters, LinearGradientKernel.PlanParameters, ForwardValues.Inputs, LinearGradientKernel.ParameterFormats, name: "parameters"),
        CpuKernel.Backward<DepthwiseConv2d>(_ => [GradientTarget.Input(0)], DepthwiseGradientKernel.PlanInput, name: "input", when: DepthwiseGradientKernel.FitsInput),
        CpuKernel.Backward<DepthwiseConv2d>(Parameters, DepthwiseGradientKernel.PlanParameters, ForwardValues.Inputs, WeightGradientTileKernel.Formats, name: "parameters", when: DepthwiseGradientKernel.FitsParameters),
        CpuKernel.Backward<ConvolutionLayer>(_ => [GradientTarget.Input(0)], RowInputGradientKernel.Plan, layouts: RowInputGradientKernel.Formats, name: "input by rows", when: RowInputGradientKernel.Fits),
        CpuKernel.Backward<ConvolutionLayer>(_ => [GradientTarget.Input(0)], InputGradientKernel.PlanTiles, layouts: InputGradientKernel.TileFormats, name: "input by tiles", when: InputGradientKernel.FitsTiles),
        CpuKernel.Backward<ConvolutionLayer>(_ => [GradientTarget.Input(0)], InputGradientKernel.Plan, name: "input"),
        CpuKernel.Backward<ConvolutionLayer>(Parameters, RowWeightGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain, name: "parameters by rows", when: RowWeightGradientKernel.Fits),
        CpuKernel.Backward<ConvolutionLayer>(
            Parameters, WeightGradientTileKernel.Plan, ForwardValues.Inputs, WeightGradientTileKernel.Formats, name: "parameters by tiles", when: WeightGradientTileKernel.Fits),
        CpuKernel.Backward<ConvolutionLayer>(Parameters, WeightGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.ParameterGradients, name: "parameters"),
        CpuKernel.Backward<ConvTranspose2d>(
            _ => [GradientTarget.Input(0)], ConvTransposeGradients.PlanTiles, layouts: ConvTransposeGradients.TileFormats, name: "input by tiles", when: ConvTransposeGradients.FitsTiles),
        CpuKernel.Backward<ConvTranspose2d>(_ => [GradientTarget.Input(0)], ConvTransposeGradients.PlanInput, name: "input"),
        CpuKernel.Backward<ConvTranspose2d>(_ => [GradientTarget.Parameter(0)], WeightGradientTileKernel.Plan, ForwardValues.Inputs, WeightGradientTileKernel.FormatsTransposed, name: "weight by tiles", when: WeightGradientTileKernel.Fits),
        CpuKernel.Backward<ConvTranspose2d>(_ => [GradientTarget.Parameter(0)], WeightGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.ParameterGradients, name: "weight"),
        CpuKernel.Backward<ConvTranspose2d>(call => call.Parameters.Count > 1 ? [GradientTarget.Parameter(1)] : [], (_, call) => ConvTransposeGradients.PlanBias(call), layouts: LayoutRules.ParameterGradients, name: "bias"),
        CpuKernel.Backward<LocallyConnected2d>(_ => [GradientTarget.Input(0)], LocallyConnectedGradientKernel.PlanInput, layouts: LayoutRules.Plain, name: "input"),
        CpuKernel.Backward<LocallyConnected2d>(Parameters, LocallyConnectedGradientKernel.PlanParameters, ForwardValues.Inputs, LayoutRules.Plain, name: "parameters"),
        CpuKernel.Backward<MaxPool2d>(
            _ => [GradientTarget.Input(0)], RowPoolingKernel.PlanGradient<MaxPoolingGradient>, Both, LayoutRules.Plain, name: "rows",
            when: (layer, call) => !layer.ReturnIndices && RowPoolingKernel.FitsGradient(layer, call), takesSlope: PoolingGradientKernel.TakesSlope),
        CpuKernel.Backward<MaxPool2d>(
            _ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<MaxPoolingGradient>(Windows(layer, call), call), Both,
            when: (layer, _) => !layer.ReturnIndices, takesSlope: PoolingGradientKernel.TakesSlope),
        CpuKernel.Backward<AveragePool2d>(
            _ => [GradientTarget.Input(0)], RowPoolingKernel.PlanGradient<AveragePoolingGradient>, layouts: LayoutRules.Plain, name: "rows",
            when: RowPoolingKernel.FitsGradient, takesSlope: PoolingGradientKernel.TakesSlope),
        CpuKernel.Backward<AveragePool2d>(
            _ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<AveragePoolingGradient>(Windows(layer, call) with { CountIncludePad = layer.CountIncludePad }, call),
            takesSlope: PoolingGradientKernel.TakesSlope),
        CpuKernel.Backward<LpPool2d>(_ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<LpPoolingGradient>(Windows(layer, call) with { P = layer.P }, call), Both),
        CpuKernel.Backward<WeightedAveragePool2d>(_ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<WeightedAveragePoolingGradient>(Windows(layer, call), call, layer.PackWeights())),
        CpuKernel.Backward<AdaptiveAveragePool2d>(_ => [GradientTarget.Input(0)], (_, call) => PoolingGradientKernel.Plan<AveragePoolingGradient>(Shares(call), call)),
        CpuKernel.Backward<AdaptiveMaxPool2d>(_ => [GradientTarget.Input(0)], (_, call) => PoolingGradientKernel.Plan<MaxPoolingGradient>(Shares(call), call), Both),
        CpuKernel.Backward<GlobalAveragePool>(_ => [GradientTarget.Input(0)], (_, call) => PoolingGradientKernel.Plan<AveragePoolingGradient>(Shares(call), call)),
        CpuKernel.Backward<GlobalMaxPool>(_ => [GradientTarget.Input(0)], (_, call) => PoolingGradientKernel.Plan<MaxPoolingGradient>(Shares(call), call), Both),
        CpuKernel.Backward<GlobalLpPool>(_ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<LpPoolingGradient>(Shares(call) with { P = layer.P }, call), Both),
        CpuKernel.Backward<GemPool2d>(_ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<GemPoolingGradient>(Windows(layer, call) with { P = layer.Epsilon }, call, GemExponentGradientKernel.PackExponents(call)), Both, name: "input"),
        CpuKernel.Backward<GemPool2d>(
            _ => [GradientTarget.Parameter(0)], (layer, call) => GemExponentGradientKernel.Plan(PoolingGeometry.Of(layer, call.Inputs[1].Shape, call.Input.Shape) with { P = layer.Epsilon }, call), Both, LayoutRules.ParameterGradients, name: "exponents", spread: GemExponentGradientKernel.Spread),
        CpuKernel.Backward<GlobalGemPool>(_ => [GradientTarget.Input(0)], (layer, call) => PoolingGradientKernel.Plan<GemPoolingGradient>(Shares(call) with { P = layer.Epsilon }, call, GemExponentGradientKernel.PackExponents(call)), Both, name: "input"),
        CpuKernel.Backward<GlobalGemPool>(
            _ => [GradientTarget.Parameter(0)], (layer, call) => GemExponentGradientKernel.Plan(PoolingGeometry.Adaptive(call.Inputs[1].Shape, call.Input.Shape) with { P = layer.Epsilon }, call), Both, LayoutRules.ParameterGradients, name: "exponents", spread: GemExponentGradientKernel.Spread),
        CpuKernel.Backward<Maxout>(_ => [GradientTarget.Input(0)], MaxoutGradientKernel.Plan, Both, LayoutRules.Plain),
        CpuKernel.Backward<ActivationLayer>(
            _ => [GradientTarget.Input(0)], ActivationGradientKernel.PlanByValue, ForwardValues.Outputs, LayoutRules.AsForward, name: "by value",
            when: (layer, _) => ActivationGradientKernel.Fits(layer.Activation), inPlaceInput: 0),
        CpuKernel.Backward<ActivationLayer>(
            _ => [GradientTarget.Input(0)], ActivationGradientKernel.PlanByInput, ForwardValues.Inputs, LayoutRules.AsForward, name: "by input",
            when: (layer, _) => !ActivationGradientKernel.Fits(layer.Activation), inPlaceInput: 0),
        CpuKernel.Backward<Split>(_ => [GradientTarget.Input(0)], SplitKernel.PlanGradient, layouts: LayoutRules.Plain),
        CpuKernel.Backward<Dropout>(_ => [GradientTarget.Input(0)], DropoutKernel.Plan, layouts: LayoutRules.Dropout),
        CpuKernel.Backward<BatchNorm2d>(
            NormalizedTargets, BatchNormGradientKernel.Plan,
            ForwardValues.Inputs | ForwardValues.Saved, LayoutRules.BatchNormGradient, name: "training", when: (_, call) => call.Mode.IsTraining, inPlaceInput: 0),
        CpuKernel.Backward<BatchNorm2d>(_ => [GradientTarget.Input(0)], ChannelAffineKernel.PlanGradient, name: "inference", when: (_, call) => !call.Mode.IsTraining),
        CpuKernel.Backward<InputNormalization>(_ => [GradientTarget.Input(0)], ChannelAffineKernel.PlanGradient, name: "fixed", when: (layer, _) => !layer.IsMeasured),
        CpuKernel.Backward<Lrn>(_ => [GradientTarget.Input(0)], LrnGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<Gather>(_ => [GradientTarget.Input(0)], GatherGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<GatherElements>(_ => [GradientTarget.Input(0)], GatherGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<GatherNd>(_ => [GradientTarget.Input(0)], GatherGradientKernel.Plan, ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<TopK>(_ => [GradientTarget.Input(0)], GatherGradientKernel.Plan, ForwardValues.Outputs, LayoutRules.Plain),
        CpuKernel.Backward<CumSum>(_ => [GradientTarget.Input(0)], (layer, call) => CumSumKernel.Plan(layer with { Reverse = !layer.Reverse }, call), layouts: LayoutRules.Plain),
        CpuKernel.Backward<SoftmaxCrossEntropy>(
            _ => [GradientTarget.Input(0)], SoftmaxCrossEntropyKernel.PlanGradient, ForwardValues.Inputs | ForwardValues.Saved, LayoutRules.Plain),
        CpuKernel.Backward<MeanSquaredError>(_ => [GradientTarget.Input(0)], (_, call) => ElementwiseLossKernel.PlanGradient<ElementLosses.Squared>(call), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<MeanAbsoluteError>(_ => [GradientTarget.Input(0)], (_, call) => ElementwiseLossKernel.PlanGradient<ElementLosses.Absolute>(call), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<Huber>(_ => [GradientTarget.Input(0)], (layer, call) => ElementwiseLossKernel.PlanGradient<ElementLosses.Huber>(call, layer.Delta), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<BinaryCrossEntropy>(_ => [GradientTarget.Input(0)], (_, call) => ElementwiseLossKernel.PlanGradient<ElementLosses.BinaryCrossEntropy>(call), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<Focal>(_ => [GradientTarget.Input(0)], (layer, call) => ElementwiseLossKernel.PlanGradient<ElementLosses.Focal>(call, layer.Alpha, layer.Gamma), ForwardValues.Inputs, LayoutRules.Plain),
        CpuKernel.Backward<CentreFocal>(_ => [GradientTarget.Input(0)], CentreFocalKernel.PlanGradient, ForwardValues.Saved, LayoutRules.Plain),
        CpuKernel.Backward<PlaceClassification>(_ => [GradientTarget.Input(0)], PlaceClassificationKernel.PlanGradient, ForwardValues.Inputs | ForwardValues.Saved, LayoutRules.Plain),
        CpuKernel.Backward<BoxRegression>(_ => [GradientTarget.Input(0)], BoxRegressionKernel.PlanGradient, ForwardValues.Inputs | ForwardValues.Saved, LayoutRules.Plain),
        CpuKernel.Backward<LossSum>(call => [.. Enumerable.Range(0, call.Inputs.Length).Select(GradientTarget.Input)], (layer, _) => LossSumKernel.PlanGradient(layer), ForwardValues.None, LayoutRules.Plain),
    ]);

    /// <summary>The input, scale and bias of a normalisation.</summary>
    private static IReadOnlyList<GradientTarget> NormalizedTargets(LayerCall call) => [GradientTarget.Input(0), GradientTarget.Parameter(0), GradientTarget.Parameter(1)];

    /// <summary>The shape of a gradient that repeats its target over the output.</summary>
    private static Shape OfOutput(LayerCall forward, GradientTarget target) => forward.Output.Shape;

    /// <summary>The forward input and output.</summary>
    private const ForwardValues Both = ForwardValues.Inputs | ForwardValues.Outputs;

    /// <summary>The windows of a backward call, whose output is the gradient of the forward input.</summary>
    private static PoolingGeometry Windows(PoolingLayer layer, LayerCall call) => PoolingGeometry.Of(layer, call.Output.Shape, call.Input.Shape);

    /// <summary>The same where they share out the whole input.</summary>
    private static PoolingGeometry Shares(LayerCall call) => PoolingGeometry.Adaptive(call.Output.Shape, call.Input.Shape);

    /// <summary>All parameters of a call: a weight, and a bias where there is one.</summary>
    private static IReadOnlyList<GradientTarget> Parameters(LayerCall call) => [.. Enumerable.Range(0, call.Parameters.Count).Select(GradientTarget.Parameter)];
}
